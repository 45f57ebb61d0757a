#include "format/codec_pool.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace sluice {
namespace {

TEST(CodecPool, EveryThreadGetsWhatOneCodecMakes) {
  const std::string text(100000, 'x');
  std::string expected;
  make_block_codec(Compression::kGzip, {})->compress(text, expected);
  CodecPool pool(Compression::kGzip, {});
  std::vector<std::string> packed(8);
  {
    std::vector<std::jthread> threads;
    for (std::string& out : packed) {
      threads.emplace_back([&] {
        for (int i = 0; i < 20; ++i) {
          out.clear();
          pool.compress(text, out);
        }
      });
    }
  }
  for (const std::string& out : packed) EXPECT_EQ(out, expected);
}

TEST(CodecPool, AddsToWhatIsThere) {
  CodecPool pool(Compression::kNone, {});
  std::string out = "a";
  pool.compress("b", out);
  EXPECT_EQ(out, "ab");
}

}  // namespace
}  // namespace sluice
