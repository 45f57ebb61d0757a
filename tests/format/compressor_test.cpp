#include "format/compressor.h"

#include <gtest/gtest.h>

#include "support/collecting_sink.h"

namespace sluice {
namespace {

TEST(Compressor, NonePassesOn) {
  CollectingSink sink;
  auto compressor = make_compressor(Compression::kNone, sink);
  compressor->write("ab");
  compressor->write("c");
  compressor->finish();
  EXPECT_EQ(sink.text, "abc");
  EXPECT_EQ(sink.finished, 1);
}

TEST(Compressor, GzipIsMade) {
  CollectingSink sink;
  auto compressor = make_compressor(Compression::kGzip, sink);
  compressor->finish();
  EXPECT_TRUE(sink.text.starts_with("\x1f\x8b"));
}

}  // namespace
}  // namespace sluice
