#include <brotli/decode.h>
#include <gtest/gtest.h>

#include "format/codec_checks.h"

namespace sluice {
namespace {

std::string unbrotli(const std::string& bytes, size_t text_bytes) {
  std::string out(text_bytes + 1, '\0');
  size_t size = out.size();
  EXPECT_EQ(BrotliDecoderDecompress(bytes.size(), reinterpret_cast<const uint8_t*>(bytes.data()),
                                    &size, reinterpret_cast<uint8_t*>(out.data())),
            BROTLI_DECODER_RESULT_SUCCESS);
  out.resize(size);
  return out;
}

TEST(CodecBrotli, Pages) {
  for (const CompressionLevel& level : {kFast, kSmall}) {
    check_codec([&] { return make_page_codec(Compression::kBrotli, level); }, unbrotli);
    check_large(*make_page_codec(Compression::kBrotli, level), unbrotli);
  }
}

TEST(CodecBrotli, Levels) { check_levels(pages_of(Compression::kBrotli), 0, 11, unbrotli); }

TEST(CodecBrotli, Stream) {
  // 0 and 1 cut where their input is cut.
  for (const CompressionLevel& level : {kFast, kSmall, level_of(0), level_of(1)}) {
    check_stream(Compression::kBrotli, level, unbrotli);
  }
}

}  // namespace
}  // namespace sluice
