#include <bzlib.h>
#include <gtest/gtest.h>

#include "format/codec_checks.h"

namespace sluice {
namespace {

/// Streams to the end of the bytes.
std::string bunzip2(const std::string& bytes, size_t text_bytes) {
  std::string out(text_bytes + 1, '\0');
  std::string in = bytes;
  size_t taken = 0;
  size_t given = 0;
  do {
    bz_stream stream{};
    EXPECT_EQ(BZ2_bzDecompressInit(&stream, 0, 0), BZ_OK);
    stream.next_in = in.data() + taken;
    stream.avail_in = static_cast<unsigned>(in.size() - taken);
    stream.next_out = out.data() + given;
    stream.avail_out = static_cast<unsigned>(out.size() - given);
    const int result = BZ2_bzDecompress(&stream);
    taken = in.size() - stream.avail_in;
    given = out.size() - stream.avail_out;
    BZ2_bzDecompressEnd(&stream);
    EXPECT_EQ(result, BZ_STREAM_END);
    if (result != BZ_STREAM_END) break;
  } while (taken < in.size());
  out.resize(given);
  return out;
}

TEST(CodecBzip2, APieceIsAStream) {
  for (const CompressionLevel& level : {kFast, kSmall}) {
    check_codec([&] { return make_block_codec(Compression::kBzip2, level); }, bunzip2);
    check_join(Compression::kBzip2, level, bunzip2);
  }
  check_large(*make_block_codec(Compression::kBzip2, kFast), bunzip2);
}

TEST(CodecBzip2, Levels) { check_levels(blocks_of(Compression::kBzip2), 1, 9, bunzip2); }

TEST(CodecBzip2, Stream) {
  for (const CompressionLevel& level : {kFast, kSmall}) {
    check_stream(Compression::kBzip2, level, bunzip2);
  }
}

}  // namespace
}  // namespace sluice
