#include "data/char_buffer.h"

#include <gtest/gtest.h>

#include <iostream>
#include <random>
#include <string>

namespace sluice {
namespace {

TEST(CharBuffer, HoldsWhatWasAppendedAtEverySize) {
  const unsigned seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  CharBuffer buffer;
  std::string expected;
  for (int i = 0; i < 5000; ++i) {
    std::string text(random() % (i % 100 == 0 ? 5000 : 40), '\0');
    for (char& c : text) c = static_cast<char>(random() % 256);
    buffer.append(text);
    expected += text;
  }
  EXPECT_EQ(buffer.view(), expected) << "seed " << seed;
}

TEST(CharBuffer, TheSlackMayBeWrittenAfterAnyRoom) {
  for (const size_t size : {0, 1, 1023, 1024, 1025, 5000}) {
    CharBuffer buffer;
    for (int i = 0; i < 3; ++i) {
      char* const room = buffer.room(size);
      std::memset(room, 'x', size + CharBuffer::kSlack);
      buffer.wrote(room + size);
    }
    EXPECT_EQ(buffer.view(), std::string(3 * size, 'x'));
  }
}

TEST(CharBuffer, MovesCopiesAndClears) {
  CharBuffer first;
  first.append("abc");
  CharBuffer copy = first;
  CharBuffer moved = std::move(first);
  moved.append("d");
  EXPECT_EQ(copy.view(), "abc");
  EXPECT_EQ(moved.view(), "abcd");
  copy = moved;
  moved.clear();
  EXPECT_EQ(moved.view(), "");
  EXPECT_GE(moved.capacity(), 4U);
  EXPECT_EQ(copy.view(), "abcd");
  copy = {};
  EXPECT_EQ(copy.capacity(), 0U);
}

}  // namespace
}  // namespace sluice
