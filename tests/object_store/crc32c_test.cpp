#include "object_store/crc32c.h"

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
TEST(StoreCrc32c, KnownAnswers) {
  EXPECT_EQ(crc32c(""), 0U);
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  std::string ascending;
  for (char c = 0; c < 32; ++c) ascending += c;
  EXPECT_EQ(crc32c(ascending), 0x46dd794eU);
}

TEST(StoreCrc32c, PiecesAddUpToTheWhole) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += static_cast<char>(i * 37);
  for (size_t cut = 0; cut <= text.size(); cut += 13) {
    const std::string_view view(text);
    ASSERT_EQ(crc32c(view.substr(cut), crc32c(view.substr(0, cut))), slow(text));
  }
}

TEST(StoreCrc32c, TextsAreThoseOfS3) {
  EXPECT_EQ(crc32c_text(crc32c("123456789")), "4waSgw==");
  EXPECT_EQ(crc32c_text(0), "AAAAAA==");
  EXPECT_EQ(crc32c_composite_text({crc32c("123456789")}),
            crc32c_text(slow("\xe3\x06\x92\x83")) + "-1");
  EXPECT_TRUE(crc32c_composite_text({1, 2, 3}).ends_with("==-3"));
}

TEST(StoreCrc32c, ReadsWhatItWrites) {
  for (const uint32_t crc : {0U, 1U, 0xe3069283U, 0xffffffffU, 0x80000000U}) {
    EXPECT_EQ(read_crc32c(crc32c_text(crc)), crc);
  }
  for (const char* text : {"", "4waSgw", "4waSgw=", "4waSgw==-1", "4waSg!==", "4waSgx=="}) {
    EXPECT_EQ(read_crc32c(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace sluice
