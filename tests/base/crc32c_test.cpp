#include "base/crc32c.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

std::string crc_of(std::string_view bytes) {
  Crc32c crc;
  crc.update(bytes);
  return crc.hex();
}

/// A bit at a time, as the polynomial says.
uint32_t slow(std::string_view bytes) {
  uint32_t crc = 0xffffffff;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78U : 0U);
  }
  return ~crc;
}

// RFC 3720, appendix B.4, and the usual check value of this CRC.
TEST(Crc32c, KnownAnswers) {
  EXPECT_EQ(crc_of(""), "00000000");
  EXPECT_EQ(crc_of("123456789"), "e3069283");
  EXPECT_EQ(crc_of(std::string(32, '\0')), "8a9136aa");
  EXPECT_EQ(crc_of(std::string(32, '\xff')), "62a8ab43");
}

TEST(Crc32c, PiecesAreAsTheWhole) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += static_cast<char>(i * 37);
  for (size_t cut = 0; cut <= text.size(); cut += 13) {
    Crc32c crc;
    crc.update(std::string_view(text).substr(0, cut));
    crc.update(std::string_view(text).substr(cut));
    ASSERT_EQ(crc.value(), slow(text));
  }
}

}  // namespace
}  // namespace sluice
