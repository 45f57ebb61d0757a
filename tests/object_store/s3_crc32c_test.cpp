#include "object_store/s3_crc32c.h"

#include <gtest/gtest.h>

#include "base/crc32c.h"

namespace sluice {
namespace {

TEST(StoreCrc32c, TextsAreThoseOfS3) {
  EXPECT_EQ(crc32c_text(crc32c("123456789")), "4waSgw==");
  EXPECT_EQ(crc32c_text(0), "AAAAAA==");
  EXPECT_EQ(crc32c_composite_text({crc32c("123456789")}),
            crc32c_text(crc32c("\xe3\x06\x92\x83")) + "-1");
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
