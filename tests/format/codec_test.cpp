#include "format/codec.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(Codec, NoneCopies) {
  std::string out = "a";
  make_page_codec(Compression::kNone, {})->compress("bc", out);
  EXPECT_EQ(out, "abc");
}

}  // namespace
}  // namespace sluice
