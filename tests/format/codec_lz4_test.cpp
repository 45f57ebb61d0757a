#include <gtest/gtest.h>
#include <lz4.h>
#include <lz4frame.h>

#include "format/codec_checks.h"

namespace sluice {
namespace {

/// Frames to the end of the bytes.
std::string unlz4(const std::string& bytes, size_t text_bytes) {
  LZ4F_dctx* context = nullptr;
  EXPECT_FALSE(LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)));
  std::string out(text_bytes + 1, '\0');
  size_t taken = 0;
  size_t given = 0;
  size_t hint = 1;
  while (taken < bytes.size()) {
    size_t from = bytes.size() - taken;
    size_t into = out.size() - given;
    hint =
        LZ4F_decompress(context, out.data() + given, &into, bytes.data() + taken, &from, nullptr);
    EXPECT_FALSE(LZ4F_isError(hint)) << LZ4F_getErrorName(hint);
    if (LZ4F_isError(hint) || (from == 0 && into == 0)) break;
    taken += from;
    given += into;
  }
  EXPECT_EQ(hint, 0U) << "the last frame has no end";
  LZ4F_freeDecompressionContext(context);
  out.resize(given);
  return out;
}

LZ4F_frameInfo_t frame_info(const std::string& bytes) {
  LZ4F_dctx* context = nullptr;
  LZ4F_createDecompressionContext(&context, LZ4F_VERSION);
  LZ4F_frameInfo_t info{};
  size_t size = bytes.size();
  EXPECT_FALSE(LZ4F_isError(LZ4F_getFrameInfo(context, &info, bytes.data(), &size)));
  LZ4F_freeDecompressionContext(context);
  return info;
}

std::string unlz4_raw(const std::string& bytes, size_t text_bytes) {
  std::string out(text_bytes + 1, '\0');
  const int size = LZ4_decompress_safe(bytes.data(), out.data(), static_cast<int>(bytes.size()),
                                       static_cast<int>(out.size()));
  EXPECT_GE(size, 0);
  out.resize(static_cast<size_t>(std::max(size, 0)));
  return out;
}

TEST(CodecLz4, APieceIsAFrame) {
  for (const CompressionLevel& level : {kFast, kSmall}) {
    check_codec([&] { return make_block_codec(Compression::kLz4, level); }, unlz4);
    check_large(*make_block_codec(Compression::kLz4, level), unlz4);
    check_join(Compression::kLz4, level, unlz4);
  }
}

TEST(CodecLz4, AFrameSaysItsSizeAndHasAChecksum) {
  const LZ4F_frameInfo_t block =
      frame_info(compress(*make_block_codec(Compression::kLz4, kFast), "text"));
  EXPECT_EQ(block.contentSize, 4U);
  EXPECT_EQ(block.contentChecksumFlag, LZ4F_contentChecksumEnabled);
  const LZ4F_frameInfo_t stream = frame_info(compress_stream(Compression::kLz4, kFast, "text", 4));
  EXPECT_EQ(stream.contentSize, 0U);
  EXPECT_EQ(stream.contentChecksumFlag, LZ4F_contentChecksumEnabled);
}

TEST(CodecLz4, APageIsARawBlock) {
  for (const CompressionLevel& level : {kFast, kSmall}) {
    check_codec([&] { return make_page_codec(Compression::kLz4, level); }, unlz4_raw);
    check_large(*make_page_codec(Compression::kLz4, level), unlz4_raw);
  }
}

TEST(CodecLz4, Levels) {
  check_levels(blocks_of(Compression::kLz4), 1, 12, unlz4);
  check_levels(pages_of(Compression::kLz4), 1, 12, unlz4_raw);
}

TEST(CodecLz4, Stream) {
  for (const CompressionLevel& level : {kFast, kSmall}) {
    check_stream(Compression::kLz4, level, unlz4);
  }
}

}  // namespace
}  // namespace sluice
