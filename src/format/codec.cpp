#include "format/codec.h"

#include "base/error.h"
#include "format/codec_stream.h"
#include "format/codecs.h"

namespace sluice {
namespace {

class Copy final : public Codec {
 public:
  void compress(std::string_view in, std::string& out) override { out.append(in); }
};

class PassThrough final : public ByteSink {
 public:
  explicit PassThrough(ByteSink& out) : out_(out) {}
  void write(std::string_view bytes) override {
    refuse_when_finished();
    out_.write(bytes);
  }
  void finish() override {
    refuse_when_finished();
    finished_ = true;
    out_.finish();
  }

 private:
  void refuse_when_finished() const {
    if (finished_) throw Error(ErrorCode::kInternal, "A stream was used after its end.");
  }

  ByteSink& out_;
  bool finished_ = false;
};

[[noreturn]] void refuse(Compression compression, const char* what) {
  throw Error(ErrorCode::kInternal, "The compression '" +
                                        std::string(compression_name(compression)) +
                                        "' is none for " + what + ".");
}

/// None has no levels: a number can only be a mistake.
constexpr CodecLevels kNoLevels = {0, -1, 0, 0};

}  // namespace

int choose_level(const CompressionLevel& level, const CodecLevels& levels) {
  switch (level.kind) {
    case CompressionLevel::Kind::kFast:
      return levels.fast;
    case CompressionLevel::Kind::kSmall:
      return levels.small;
    case CompressionLevel::Kind::kNumber:
      if (level.number >= levels.lowest && level.number <= levels.highest) return level.number;
  }
  throw Error(ErrorCode::kInternal,
              "There is no compression level " + std::to_string(level.number) + " here.");
}

std::unique_ptr<Codec> make_block_codec(Compression compression, const CompressionLevel& level) {
  switch (compression) {
    case Compression::kNone:
      choose_level(level, kNoLevels);
      return std::make_unique<Copy>();
    case Compression::kGzip:
      return make_gzip_codec(level);
    case Compression::kZstd:
      return make_zstd_codec(level, ZstdChecksum::kYes);
    case Compression::kXz:
      return make_stream_codec(make_xz_stream(level));
    case Compression::kBzip2:
      return make_stream_codec(make_bzip2_stream(level));
    case Compression::kLz4:
      return make_lz4_frame_codec(level);
    case Compression::kBrotli:
    case Compression::kSnappy:
      break;
  }
  refuse(compression, "the blocks of a file");
}

std::unique_ptr<Codec> make_page_codec(Compression compression, const CompressionLevel& level) {
  switch (compression) {
    case Compression::kNone:
      choose_level(level, kNoLevels);
      return std::make_unique<Copy>();
    case Compression::kGzip:
      return make_gzip_codec(level);
    case Compression::kZstd:
      return make_zstd_codec(level, ZstdChecksum::kNo);
    case Compression::kBrotli:
      return make_brotli_codec(level);
    case Compression::kLz4:
      return make_lz4_raw_codec(level);
    case Compression::kSnappy:
      return make_snappy_codec(level);
    case Compression::kXz:
    case Compression::kBzip2:
      break;
  }
  refuse(compression, "the pages of a Parquet file");
}

bool can_join(Compression compression) {
  return compression != Compression::kBrotli && compression != Compression::kSnappy;
}

std::unique_ptr<ByteSink> make_stream_compressor(Compression compression,
                                                 const CompressionLevel& level, ByteSink& out) {
  switch (compression) {
    case Compression::kNone:
      choose_level(level, kNoLevels);
      return std::make_unique<PassThrough>(out);
    case Compression::kGzip:
      return make_stream_sink(make_gzip_stream(level), out);
    case Compression::kZstd:
      return make_stream_sink(make_zstd_stream(level), out);
    case Compression::kBrotli:
      return make_stream_sink(make_brotli_stream(level), out);
    case Compression::kXz:
      return make_stream_sink(make_xz_stream(level), out);
    case Compression::kBzip2:
      return make_stream_sink(make_bzip2_stream(level), out);
    case Compression::kLz4:
      return make_stream_sink(make_lz4_stream(level), out);
    case Compression::kSnappy:
      break;
  }
  refuse(compression, "a whole file");
}

size_t open_stream_bytes(Compression compression, const CompressionLevel& level) {
  constexpr size_t kMiB = 1024 * 1024;
  if (compression == Compression::kBrotli) {
    constexpr int kLastSmall = 4;
    const bool is_small =
        level.kind == CompressionLevel::Kind::kFast ||
        (level.kind == CompressionLevel::Kind::kNumber && level.number <= kLastSmall);
    return (is_small ? 36 : 67) * kMiB;
  }
  constexpr int kLastOfZlib = 9;
  const bool is_large = level.kind == CompressionLevel::Kind::kNumber && level.number > kLastOfZlib;
  return (is_large ? 9 : 1) * kMiB;
}

}  // namespace sluice
