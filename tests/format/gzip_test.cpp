#define ZLIB_CONST
#include <gtest/gtest.h>
#include <zlib.h>

#include <iostream>
#include <random>

#include "format/compressor.h"
#include "support/collecting_sink.h"

namespace sluice {
namespace {

/// Reads one gzip member back and wants nothing behind it.
std::string gunzip(const std::string& bytes) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, MAX_WBITS + 16), Z_OK);
  stream.next_in = reinterpret_cast<const Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  std::string piece(1 << 16, '\0');
  int result = Z_OK;
  while (result == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    result = inflate(&stream, Z_NO_FLUSH);
    out.append(piece, 0, piece.size() - stream.avail_out);
  }
  EXPECT_EQ(result, Z_STREAM_END);
  EXPECT_EQ(stream.avail_in, 0U);
  inflateEnd(&stream);
  return out;
}

std::string gzip(std::string_view text, size_t piece) {
  CollectingSink sink;
  auto compressor = make_compressor(Compression::kGzip, sink);
  for (size_t at = 0; at < text.size(); at += piece) compressor->write(text.substr(at, piece));
  compressor->finish();
  EXPECT_EQ(sink.finished, 1);
  return sink.text;
}

TEST(Gzip, ReadsBackWhatWasWritten) {
  const unsigned seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  std::string noise(300000, '\0');
  for (char& c : noise) c = static_cast<char>(random() % 256);
  const std::string words = [] {
    std::string out;
    for (int i = 0; i < 50000; ++i) out += "row " + std::to_string(i) + "\n";
    return out;
  }();
  for (const std::string& text : {std::string(), std::string("a"), noise, words}) {
    EXPECT_EQ(gunzip(gzip(text, 7001)), text) << "seed " << seed;
  }
  EXPECT_LT(gzip(words, 7001).size(), words.size() / 3);
}

TEST(Gzip, SameInputSameBytes) {
  const std::string text(100000, 'x');
  EXPECT_EQ(gzip(text, 1000), gzip(text, 99));
  // Bytes 4 to 7 of the header are the modification time (RFC 1952, section 2.3).
  EXPECT_EQ(gzip(text, 1000).substr(4, 4), std::string(4, '\0'));
}

TEST(Gzip, WithoutFinishThereIsNoEnd) {
  CollectingSink sink;
  auto compressor = make_compressor(Compression::kGzip, sink);
  compressor->write("text");
  compressor.reset();
  EXPECT_EQ(sink.finished, 0);
}

}  // namespace
}  // namespace sluice
