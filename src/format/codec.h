#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "data/byte_sink.h"
#include "domain/format.h"

namespace sluice {

/// Compresses one piece of memory after the other, each complete in itself. Keeps its working
/// memory from piece to piece. One thread at a time.
class Codec {
 public:
  virtual ~Codec() = default;
  /// Adds the compressed form of `in` (also of nothing) to `out`. The same input gives the same
  /// bytes.
  virtual void compress(std::string_view in, std::string& out) = 0;
};

/// For the blocks of a file: each piece is a gzip member, a zstd or lz4 frame, a bzip2 or xz
/// stream, and pieces one after the other are a valid file. kNone copies. Only where `can_join`.
std::unique_ptr<Codec> make_block_codec(Compression compression, const CompressionLevel& level);

/// For the pages of a Parquet file (parquet.thrift, CompressionCodec): none, snappy (raw), gzip,
/// zstd, lz4 (raw blocks, LZ4_RAW), brotli.
std::unique_ptr<Codec> make_page_codec(Compression compression, const CompressionLevel& level);

/// Whether files of this compression may consist of independent pieces: all but brotli.
bool can_join(Compression compression);

/// One stream for a whole file, for readers that take no second member, and for brotli. Bytes go
/// into `out`, which outlives it; `finish` ends the stream and finishes `out`, once.
std::unique_ptr<ByteSink> make_stream_compressor(Compression compression,
                                                 const CompressionLevel& level, ByteSink& out);

}  // namespace sluice
