#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "format/codec.h"
#include "support/collecting_sink.h"

namespace sluice {

// What every compression has to do, checked with its own library's decompressor.

/// The whole text of one file or page; throws or fails the test when it is not one.
using Decode = std::function<std::string(const std::string& bytes, size_t text_bytes)>;

inline constexpr CompressionLevel kFast = {CompressionLevel::Kind::kFast, 0};
inline constexpr CompressionLevel kSmall = {CompressionLevel::Kind::kSmall, 0};
inline CompressionLevel level_of(int number) { return {CompressionLevel::Kind::kNumber, number}; }

/// Rows like those of an export; the same for the same arguments.
inline std::string csv_text(size_t bytes, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::string text;
  text.reserve(bytes + 200);
  for (size_t row = 1; text.size() < bytes; ++row) {
    text += std::to_string(row) + ",2024-03-" + std::to_string(10 + random() % 20) + "T0" +
            std::to_string(random() % 10) + ":" + std::to_string(10 + random() % 50) + ":00Z,c-" +
            std::to_string(random() % 1000) + "," + std::to_string(random() % 100000) + "." +
            std::to_string(random() % 100) + ",https://example.com/shop/item/" +
            std::to_string(random() % 5000) + "?from=mail&step=" + std::to_string(random() % 9) +
            ",\"a note, with commas\"\n";
  }
  text.resize(bytes);
  return text;
}

inline std::string noise(size_t bytes) {
  std::mt19937 random(7);
  std::string text(bytes, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

/// Nothing, one byte, text, noise, all alike; with lengths around those that codecs cut at.
inline const std::vector<std::string>& sample_texts() {
  static const std::vector<std::string> samples = {
      "",
      "a",
      "a,b\n1,2\n",
      csv_text(65535),
      csv_text(65536),
      csv_text(65537),
      csv_text(131072),
      csv_text(300001),
      noise(70000),
      noise(1 << 20),
      std::string(1 << 20, 'x'),
      std::string(100000, '\0'),
  };
  return samples;
}

inline std::string compress(Codec& codec, std::string_view text) {
  std::string out;
  codec.compress(text, out);
  return out;
}

inline std::string compress_stream(Compression compression, const CompressionLevel& level,
                                   std::string_view text, size_t piece) {
  CollectingSink sink;
  const auto stream = make_stream_compressor(compression, level, sink);
  for (size_t at = 0; at < text.size(); at += piece) stream->write(text.substr(at, piece));
  stream->finish();
  EXPECT_EQ(sink.finished, 1);
  return sink.text;
}

/// Reads back what it was given, adds to what is there, and makes the same bytes again: also after
/// other pieces, and in another codec.
inline void check_codec(const std::function<std::unique_ptr<Codec>()>& make, const Decode& decode) {
  const auto codec = make();
  std::vector<std::string> made;
  for (const std::string& text : sample_texts()) {
    std::string out = "before";
    codec->compress(text, out);
    ASSERT_TRUE(out.starts_with("before"));
    made.push_back(out.substr(6));
    EXPECT_TRUE(decode(made.back(), text.size()) == text) << text.size() << " bytes";
  }
  const auto other = make();
  for (size_t i = made.size(); i-- > 0;) {
    EXPECT_TRUE(compress(*other, sample_texts()[i]) == made[i]) << "sample " << i;
  }
}

inline void check_large(Codec& codec, const Decode& decode) {
  const std::string text = csv_text(10 << 20);
  const std::string made = compress(codec, text);
  EXPECT_LT(made.size(), text.size() / 2);
  EXPECT_TRUE(decode(made, text.size()) == text);
}

/// Pieces one after the other are a file that reads as the text they are cut from.
inline void check_join(Compression compression, const CompressionLevel& level,
                       const Decode& decode) {
  ASSERT_TRUE(can_join(compression));
  const auto codec = make_block_codec(compression, level);
  const std::string text = csv_text(500000) + noise(70000) + csv_text(300000, 2);
  std::string file;
  for (size_t at = 0; at < text.size(); at += 100000) {
    codec->compress(std::string_view(text).substr(at, 100000), file);
  }
  codec->compress("", file);
  EXPECT_TRUE(decode(file, text.size()) == text);
}

/// Reads back, and does not depend on the pieces it was written in.
inline void check_stream(Compression compression, const CompressionLevel& level,
                         const Decode& decode) {
  for (const std::string& text : sample_texts()) {
    const std::string made = compress_stream(compression, level, text, 7001);
    EXPECT_TRUE(decode(made, text.size()) == text) << text.size() << " bytes";
    for (const size_t piece : {size_t{999}, size_t{65536}, size_t{1} << 20}) {
      EXPECT_TRUE(compress_stream(compression, level, text, piece) == made)
          << text.size() << " bytes in pieces of " << piece;
    }
  }
}

/// All numbers from `lowest` to `highest` and the names, for all that this compression has; none
/// beyond.
inline void check_levels(const std::function<std::unique_ptr<Codec>(CompressionLevel)>& make,
                         int lowest, int highest, const Decode& decode) {
  const std::string text = csv_text(200000);
  for (int number = lowest; number <= highest; ++number) {
    const auto codec = make(level_of(number));
    EXPECT_TRUE(decode(compress(*codec, text), text.size()) == text) << "level " << number;
  }
  EXPECT_LE(compress(*make(kSmall), text).size(), compress(*make(kFast), text).size());
  for (const int number : {lowest - 1, highest + 1, -100, 1000}) {
    EXPECT_THROW(make(level_of(number)), Error) << "level " << number;
  }
}

inline std::function<std::unique_ptr<Codec>(CompressionLevel)> blocks_of(Compression compression) {
  return [=](CompressionLevel level) { return make_block_codec(compression, level); };
}
inline std::function<std::unique_ptr<Codec>(CompressionLevel)> pages_of(Compression compression) {
  return [=](CompressionLevel level) { return make_page_codec(compression, level); };
}

}  // namespace sluice
