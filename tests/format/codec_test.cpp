#include "format/codec.h"

#include <gtest/gtest.h>

#include "format/codec_checks.h"
#include "format/codecs.h"

namespace sluice {
namespace {

constexpr Compression kAll[] = {Compression::kNone,   Compression::kGzip,  Compression::kZstd,
                                Compression::kXz,     Compression::kBzip2, Compression::kLz4,
                                Compression::kBrotli, Compression::kSnappy};

template <typename Call>
ErrorCode code_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::kInvalid;
}

std::string as_it_is(const std::string& bytes, size_t) { return bytes; }

TEST(Codec, NoneCopies) {
  check_codec([] { return make_block_codec(Compression::kNone, kFast); }, as_it_is);
  check_codec([] { return make_page_codec(Compression::kNone, kSmall); }, as_it_is);
  check_join(Compression::kNone, kFast, as_it_is);
  check_stream(Compression::kNone, kFast, as_it_is);
}

TEST(Codec, NonePassesEachPieceOn) {
  CollectingSink sink;
  const auto stream = make_stream_compressor(Compression::kNone, kFast, sink);
  stream->write("ab");
  EXPECT_EQ(sink.text, "ab");
  stream->write("c");
  EXPECT_EQ(sink.text, "abc");
  EXPECT_EQ(sink.finished, 0);
}

TEST(Codec, BlocksPagesAndStreamsAreWhatTheFormatsCanHave) {
  for (const Compression each : kAll) {
    const std::string name(compression_name(each));
    CollectingSink sink;
    const auto can = [&](const auto& make) {
      try {
        return make() != nullptr;
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::kInternal) << name;
        return false;
      }
    };
    const auto allowed = [&](Format format) {
      try {
        check_compression(format, each);
        return true;
      } catch (const Error&) {
        return false;
      }
    };
    EXPECT_EQ(can([&] { return make_block_codec(each, kFast); }), can_join(each)) << name;
    EXPECT_EQ(can([&] { return make_page_codec(each, kFast); }), allowed(Format::kParquet)) << name;
    EXPECT_EQ(can([&] { return make_stream_compressor(each, kFast, sink); }), allowed(Format::kCsv))
        << name;
  }
}

TEST(Codec, EveryLevelThatIsParsedIsTaken) {
  for (const Compression each : kAll) {
    for (int number = -1; number <= 30; ++number) {
      const std::string name = std::string(compression_name(each)) + " " + std::to_string(number);
      bool parsed = true;
      try {
        check_compression_level(parse_compression_level(std::to_string(number)), each);
      } catch (const Error&) {
        parsed = false;
      }
      const auto page_or_block = [&] {
        return can_join(each) ? make_block_codec(each, level_of(number))
                              : make_page_codec(each, level_of(number));
      };
      CollectingSink sink;
      const auto stream = [&] { return make_stream_compressor(each, level_of(number), sink); };
      if (!parsed) {
        EXPECT_EQ(code_of(page_or_block), ErrorCode::kInternal) << name;
        EXPECT_EQ(code_of(stream), ErrorCode::kInternal) << name;
        continue;
      }
      EXPECT_NO_THROW(page_or_block()) << name;
      // The largest presets of xz want hundreds of megabytes, as documented.
      if (each != Compression::kXz || number <= 6) {
        EXPECT_NO_THROW(stream()) << name;
      }
    }
  }
}

TEST(Codec, OpenStreamsSayWhatTheyHold) {
  constexpr size_t kMiB = 1024 * 1024;
  EXPECT_EQ(open_stream_bytes(Compression::kBrotli, kFast), 36 * kMiB);
  EXPECT_EQ(open_stream_bytes(Compression::kBrotli, level_of(4)), 36 * kMiB);
  EXPECT_EQ(open_stream_bytes(Compression::kBrotli, level_of(5)), 67 * kMiB);
  EXPECT_EQ(open_stream_bytes(Compression::kBrotli, {CompressionLevel::Kind::kSmall, 0}),
            67 * kMiB);
  EXPECT_EQ(open_stream_bytes(Compression::kGzip, kFast), kMiB);
  EXPECT_EQ(open_stream_bytes(Compression::kGzip, level_of(12)), 9 * kMiB);
}

TEST(Codec, AStreamEndsOnce) {
  for (const Compression each : kAll) {
    if (each == Compression::kSnappy) continue;
    CollectingSink sink;
    const auto stream = make_stream_compressor(each, kFast, sink);
    stream->write("text");
    stream->finish();
    const std::string made = sink.text;
    EXPECT_EQ(code_of([&] { stream->write("more"); }), ErrorCode::kInternal);
    EXPECT_EQ(code_of([&] { stream->finish(); }), ErrorCode::kInternal);
    EXPECT_EQ(sink.finished, 1);
    EXPECT_EQ(sink.text, made);
  }
}

TEST(Codec, WithoutFinishThereIsNoEnd) {
  for (const Compression each : kAll) {
    if (each == Compression::kSnappy) continue;
    CollectingSink sink;
    auto stream = make_stream_compressor(each, kFast, sink);
    stream->write(csv_text(1 << 20));
    const std::string made = sink.text;
    stream.reset();
    EXPECT_EQ(sink.finished, 0) << compression_name(each);
    EXPECT_EQ(sink.text, made) << compression_name(each);
  }
}

/// Refuses what it is given.
class BrokenSink final : public ByteSink {
 public:
  void write(std::string_view) override { throw Error(ErrorCode::kUnavailable, "The store left."); }
  void finish() override { throw Error(ErrorCode::kUnavailable, "The store left."); }
};

TEST(Codec, WhatTheSinkThrowsPassesThrough) {
  for (const Compression each : kAll) {
    if (each == Compression::kSnappy) continue;
    BrokenSink sink;
    EXPECT_EQ(code_of([&] {
                const auto stream = make_stream_compressor(each, kFast, sink);
                stream->write(noise(3 << 20));
                stream->finish();
              }),
              ErrorCode::kUnavailable)
        << compression_name(each);
  }
}

TEST(Codec, ScratchGrowsAndStays) {
  CodecScratch scratch;
  char* const first = scratch.room(1000);
  first[999] = 'x';
  EXPECT_EQ(scratch.room(10), first);
  EXPECT_EQ(scratch.size(), 1000U);
  scratch.room(5000)[4999] = 'y';
  EXPECT_EQ(scratch.size(), 5000U);
}

}  // namespace
}  // namespace sluice
