#pragma once

#include <cstddef>
#include <memory>

#include "format/codec.h"
#include "format/codec_stream.h"

namespace sluice {

// The makers of each compression, for codec.cpp alone. All throw kInternal for a level that the
// compression does not have.

/// The numbers a codec takes, and those its names stand for.
struct CodecLevels {
  int lowest;
  int highest;
  int fast;
  int small;
};
int choose_level(const CompressionLevel& level, const CodecLevels& levels);

/// Where a codec that has to know the room beforehand puts its output, before as much of it as
/// there is goes to the caller. Cheaper than growing the caller's string to the bound: that would
/// write zeros over all of it, and leave each small block with the memory of a large one.
class CodecScratch {
 public:
  /// At least `bytes`, valid until the next call. What was in it is gone.
  char* room(size_t bytes) {
    if (bytes > size_) {
      bytes_.reset();
      bytes_ = std::make_unique_for_overwrite<char[]>(bytes);
      size_ = bytes;
    }
    return bytes_.get();
  }
  size_t size() const { return size_; }

 private:
  std::unique_ptr<char[]> bytes_;
  size_t size_ = 0;
};

/// Members, each of one piece: ISA-L or libdeflate.
std::unique_ptr<Codec> make_gzip_codec(const CompressionLevel& level);
/// One member by zlib: slower, and of any length in pieces of any length.
std::unique_ptr<CodecStream> make_gzip_stream(const CompressionLevel& level);

/// Frames that say the size of their content. A page needs no checksum: Parquet has its own; and
/// there "fast" is a lower level.
enum class ZstdChecksum { kNo, kYes };
std::unique_ptr<Codec> make_zstd_codec(const CompressionLevel& level, ZstdChecksum checksum);
std::unique_ptr<CodecStream> make_zstd_stream(const CompressionLevel& level);

std::unique_ptr<Codec> make_brotli_codec(const CompressionLevel& level);
std::unique_ptr<CodecStream> make_brotli_stream(const CompressionLevel& level);

std::unique_ptr<CodecStream> make_xz_stream(const CompressionLevel& level);
std::unique_ptr<CodecStream> make_bzip2_stream(const CompressionLevel& level);

/// Frames with a checksum and the size of their content.
std::unique_ptr<Codec> make_lz4_frame_codec(const CompressionLevel& level);
/// Blocks without any frame; whoever reads them has to know their size.
std::unique_ptr<Codec> make_lz4_raw_codec(const CompressionLevel& level);
std::unique_ptr<CodecStream> make_lz4_stream(const CompressionLevel& level);

std::unique_ptr<Codec> make_snappy_codec(const CompressionLevel& level);

}  // namespace sluice
