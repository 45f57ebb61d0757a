#include "base/crc32c.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

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
  EXPECT_EQ(crc32c(""), 0U);
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  std::string ascending;
  for (char c = 0; c < 32; ++c) ascending += c;
  EXPECT_EQ(crc32c(ascending), 0x46dd794eU);
}

TEST(Crc32c, PiecesAddUpToTheWhole) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += static_cast<char>(i * 37);
  for (size_t cut = 0; cut <= text.size(); cut += 13) {
    const std::string_view view(text);
    ASSERT_EQ(crc32c(view.substr(cut), crc32c(view.substr(0, cut))), slow(text));
  }
}

TEST(Crc32c, HexHasEveryDigit) {
  EXPECT_EQ(crc32c_hex(crc32c("123456789")), "e3069283");
  EXPECT_EQ(crc32c_hex(1), "00000001");
}

}  // namespace
}  // namespace sluice
