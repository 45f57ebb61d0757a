#include <gtest/gtest.h>
#include <zstd.h>

#include "format/codec_checks.h"

namespace sluice {
namespace {

/// Frames to the end of the bytes.
std::string unzstd(const std::string& bytes, size_t text_bytes) {
  std::string out(text_bytes, '\0');
  const size_t size = ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size());
  EXPECT_EQ(size, text_bytes) << ZSTD_getErrorName(size);
  return out;
}

/// One, that says how much is in it.
std::string one_frame(const std::string& bytes, size_t text_bytes) {
  EXPECT_EQ(ZSTD_findFrameCompressedSize(bytes.data(), bytes.size()), bytes.size());
  EXPECT_EQ(ZSTD_getFrameContentSize(bytes.data(), bytes.size()), text_bytes);
  return unzstd(bytes, text_bytes);
}

/// RFC 8878, section 3.1.1.1.1: bit 2 of the frame header's first byte.
bool has_checksum(const std::string& frame) { return (frame.at(4) & 4) != 0; }

TEST(CodecZstd, APieceIsAFrame) {
  for (const CompressionLevel& level : {kFast, kSmall}) {
    check_codec([&] { return make_block_codec(Compression::kZstd, level); }, one_frame);
    check_large(*make_block_codec(Compression::kZstd, level), one_frame);
    check_join(Compression::kZstd, level, unzstd);
    check_codec([&] { return make_page_codec(Compression::kZstd, level); }, one_frame);
  }
}

TEST(CodecZstd, BlocksHaveChecksumsPagesHaveNone) {
  EXPECT_TRUE(has_checksum(compress(*make_block_codec(Compression::kZstd, kFast), "text")));
  EXPECT_FALSE(has_checksum(compress(*make_page_codec(Compression::kZstd, kFast), "text")));
  EXPECT_TRUE(has_checksum(compress_stream(Compression::kZstd, kFast, "text", 4)));
}

TEST(CodecZstd, Levels) {
  check_levels(blocks_of(Compression::kZstd), 1, 19, one_frame);
  check_levels(pages_of(Compression::kZstd), 1, 19, one_frame);
}

TEST(CodecZstd, Stream) {
  for (const CompressionLevel& level : {kFast, kSmall, level_of(1), level_of(15)}) {
    check_stream(Compression::kZstd, level, unzstd);
  }
}

}  // namespace
}  // namespace sluice
