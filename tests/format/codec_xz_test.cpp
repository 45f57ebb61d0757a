#include <gtest/gtest.h>
#include <lzma.h>

#include "format/codec_checks.h"

namespace sluice {
namespace {

/// Streams to the end of the bytes, for which the decoder may take so much memory.
std::string unxz(const std::string& bytes, size_t text_bytes, uint64_t memory = UINT64_MAX) {
  lzma_stream stream{};
  EXPECT_EQ(lzma_stream_decoder(&stream, memory, LZMA_CONCATENATED), LZMA_OK);
  std::string out(text_bytes + 1, '\0');
  stream.next_in = reinterpret_cast<const uint8_t*>(bytes.data());
  stream.avail_in = bytes.size();
  stream.next_out = reinterpret_cast<uint8_t*>(out.data());
  stream.avail_out = out.size();
  EXPECT_EQ(lzma_code(&stream, LZMA_FINISH), LZMA_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  lzma_end(&stream);
  return out;
}

std::string decode(const std::string& bytes, size_t text_bytes) { return unxz(bytes, text_bytes); }

TEST(CodecXz, APieceIsAStream) {
  for (const CompressionLevel& level : {kFast, kSmall}) {
    check_codec([&] { return make_block_codec(Compression::kXz, level); }, decode);
    check_join(Compression::kXz, level, decode);
  }
  check_large(*make_block_codec(Compression::kXz, kFast), decode);
}

TEST(CodecXz, Levels) { check_levels(blocks_of(Compression::kXz), 0, 9, decode); }

TEST(CodecXz, Stream) { check_stream(Compression::kXz, kFast, decode); }

TEST(CodecXz, AShortPieceWantsLittleMemory) {
  const std::string text = csv_text(100000);
  const std::string made = compress(*make_block_codec(Compression::kXz, level_of(9)), text);
  EXPECT_EQ(unxz(made, text.size(), 1 << 20), text);
}

}  // namespace
}  // namespace sluice
