#include "format/text_writer.h"

#include <gtest/gtest.h>

#include <iostream>
#include <random>

namespace sluice {
namespace {

TEST(TextWriter, KeepsOrderOverEverySize) {
  const unsigned seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  TextWriter writer;
  std::string expected;
  for (int i = 0; i < 2000; ++i) {
    const size_t most = i % 50 == 0 ? 100000 : 100;
    const std::string text(random() % most, static_cast<char>('a' + i % 26));
    writer.put(text);
    writer.put(';');
    writer.put_integer(i);
    writer.put_real(i + 0.5);
    expected += text + ";" + std::to_string(i) + std::to_string(i) + ".5";
  }
  EXPECT_EQ(writer.size(), expected.size());
  EXPECT_EQ(writer.text(), expected) << "seed " << seed;
  EXPECT_EQ(writer.take(), expected);
  EXPECT_EQ(writer.size(), 0U);
}

TEST(TextWriter, BeginsAnewAfterClear) {
  TextWriter writer;
  writer.put(std::string(5000000, 'x'));
  writer.clear();
  EXPECT_EQ(writer.text(), "");
  writer.put("a");
  writer.clear();
  writer.put("b");
  EXPECT_EQ(writer.text(), "b");
}

TEST(TextWriter, Base64OverPieces) {
  TextWriter writer;
  writer.put_base64("");
  writer.put_base64("f");
  writer.put_base64(std::string(100000, '\0'));
  EXPECT_EQ(writer.text(), "Zg==" + std::string(133332, 'A') + "AA==");
}

TEST(CopyAndScan, AgreesWithAByteLoop) {
  std::mt19937 random(7);
  const auto any_byte = [&] { return static_cast<char>(random() % 256); };
  for (int i = 0; i < 100000; ++i) {
    std::string text(random() % 70, '\0');
    for (char& c : text) c = random() % 20 == 0 ? any_byte() : 'm';
    bool special = false;
    bool non_ascii = false;
    for (char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      special |= byte < 0x20 || c == '"';
      non_ascii |= byte >= 0x80;
    }
    // What stands behind the text must not count, whatever it is.
    std::string from = text;
    for (size_t k = 0; k < CharBuffer::kSlack; ++k) from += any_byte();
    std::string to(from.size(), 'x');
    const TextScan scan = copy_and_scan(
        std::string_view(from).substr(0, text.size()), to.data(),
        [](Bytes16 bytes) { return (bytes == uint8_t{'"'}) | (bytes < uint8_t{0x20}); });
    ASSERT_EQ(scan.special, special);
    ASSERT_EQ(scan.non_ascii, non_ascii);
    ASSERT_EQ(to.substr(0, text.size()), text);
  }
}

}  // namespace
}  // namespace sluice
