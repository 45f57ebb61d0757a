#define ZLIB_CONST
#include <gtest/gtest.h>
#include <zlib.h>

#include "format/codec_checks.h"

namespace sluice {
namespace {

/// Reads members to the end of the bytes.
std::string gunzip(const std::string& bytes, size_t text_bytes, int* members = nullptr) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, MAX_WBITS + 16), Z_OK);
  stream.next_in = reinterpret_cast<const Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out(text_bytes + 1, '\0');
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  int result = Z_STREAM_END;
  do {
    result = inflate(&stream, Z_FINISH);
    EXPECT_EQ(result, Z_STREAM_END);
    if (members != nullptr) ++*members;
    inflateReset(&stream);
  } while (result == Z_STREAM_END && stream.avail_in > 0);
  out.resize(out.size() - stream.avail_out);
  inflateEnd(&stream);
  return out;
}

std::string one_member(const std::string& bytes, size_t text_bytes) {
  int members = 0;
  std::string text = gunzip(bytes, text_bytes, &members);
  EXPECT_EQ(members, 1);
  return text;
}

std::string any_members(const std::string& bytes, size_t text_bytes) {
  return gunzip(bytes, text_bytes);
}

TEST(CodecGzip, APieceIsAMember) {
  for (const CompressionLevel& level : {kFast, kSmall}) {
    check_codec([&] { return make_block_codec(Compression::kGzip, level); }, one_member);
    check_large(*make_block_codec(Compression::kGzip, level), one_member);
    check_join(Compression::kGzip, level, any_members);
    check_codec([&] { return make_page_codec(Compression::kGzip, level); }, one_member);
  }
}

TEST(CodecGzip, Levels) {
  check_levels(blocks_of(Compression::kGzip), 1, 12, one_member);
  check_levels(pages_of(Compression::kGzip), 1, 12, one_member);
}

TEST(CodecGzip, AStreamIsOneMember) {
  for (const CompressionLevel& level : {kFast, kSmall, level_of(12)}) {
    check_stream(Compression::kGzip, level, one_member);
  }
}

TEST(CodecGzip, HasNoTimeAndNoName) {
  const std::string text = csv_text(1000);
  for (const std::string& made : {compress(*make_block_codec(Compression::kGzip, kFast), text),
                                  compress(*make_block_codec(Compression::kGzip, kSmall), text),
                                  compress_stream(Compression::kGzip, kFast, text, 100)}) {
    // RFC 1952, section 2.3: deflate, no flags, modification time 0.
    EXPECT_EQ(made.substr(0, 8), std::string("\x1f\x8b\x08\0\0\0\0\0", 8));
  }
}

/// The targets of size, against zlib 6 (what `gzip -6` makes) on rows in pieces of 1 MiB.
TEST(CodecGzip, SizesAreWithinTheirTargets) {
  const std::string text = csv_text(8 << 20);
  const auto zlib = static_cast<double>(
      compress_stream(Compression::kGzip, level_of(6), text, text.size()).size());
  const auto pieces = [&](const CompressionLevel& level) {
    const auto codec = make_block_codec(Compression::kGzip, level);
    std::string file;
    for (size_t at = 0; at < text.size(); at += 1 << 20) {
      codec->compress(std::string_view(text).substr(at, 1 << 20), file);
    }
    return static_cast<double>(file.size());
  };
  EXPECT_LE(pieces(kSmall), zlib);
  EXPECT_LE(pieces(kFast), 1.12 * zlib);
}

}  // namespace
}  // namespace sluice
