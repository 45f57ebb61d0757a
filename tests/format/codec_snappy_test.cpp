#include <gtest/gtest.h>
#include <snappy.h>

#include "format/codec_checks.h"

namespace sluice {
namespace {

std::string unsnappy(const std::string& bytes, size_t) {
  std::string out;
  EXPECT_TRUE(snappy::Uncompress(bytes.data(), bytes.size(), &out));
  return out;
}

TEST(CodecSnappy, APageIsARawBlock) {
  check_codec([] { return make_page_codec(Compression::kSnappy, kFast); }, unsnappy);
  check_large(*make_page_codec(Compression::kSnappy, kSmall), unsnappy);
}

TEST(CodecSnappy, HasNoLevels) {
  EXPECT_THROW(make_page_codec(Compression::kSnappy, level_of(1)), Error);
}

}  // namespace
}  // namespace sluice
