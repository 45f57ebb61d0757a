#include "format/codec_checksum.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice {
namespace {

TEST(CodecChecksum, KnownValues) {
  EXPECT_EQ(crc32_of(""), 0U);
  EXPECT_EQ(crc32_of("123456789"), 0xcbf43926U);
  EXPECT_EQ(crc32_of(std::string(32, '\xff')), 0xff6cab0bU);
}

}  // namespace
}  // namespace sluice
