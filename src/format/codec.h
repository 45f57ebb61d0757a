#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "data/byte_sink.h"
#include "domain/format.h"

namespace sluice {

// What the named levels stand for, and the memory that a codec or an open stream holds, about.
// To that comes, for codecs of pieces, scratch for the most that a piece can become (about the size
// of the largest one; only as much of it is touched as compression fills), and for streams 160 KiB.
//
//   compression   fast          small          numbers    memory in MiB: fast / small / most
//   none          -             -              -          0
//   gz pieces     ISA-L 2       libdeflate 6   1 to 12    0.4 / 0.7 / 9
//   gz stream     zlib 4        zlib 6         1 to 12    0.3 (above 9 it is 9)
//   zst           3             9              1 to 19    4 / 17 / 90
//   zst pages     1             9              1 to 19    less
//   br stream     4             9              0 to 11    36 / 67 / 67
//   br pages      the same, of 1 MiB each                 6 / 32 / 32
//   xz stream     preset 1      preset 6       0 to 9     9 / 94 / 674
//   xz pieces     the same, of 1 MiB each                 9 / 13 / 13
//   bz2           1             9              1 to 9     1.2 / 7.3
//   lz4           lz4           HC 9           1 to 12    0.2 / 0.4 (below 3 it is lz4)
//   snappy        -             -              -          0.1

/// Compresses one piece of memory after the other, each complete in itself. Keeps its working
/// memory from piece to piece. One thread at a time; after a throw it is of no more use. Throws
/// kInternal where its library fails, and for a piece beyond what the format can hold (2 GB for a
/// page of raw lz4, 4 GB for one of snappy).
class Codec {
 public:
  virtual ~Codec() = default;
  /// Adds the compressed form of `in` (also of nothing) to `out`. The same input gives the same
  /// bytes; no time and no chance is in them.
  virtual void compress(std::string_view in, std::string& out) = 0;
};

/// For the blocks of a file: each piece is a gzip member, a zstd or lz4 frame, a bzip2 or xz
/// stream, and pieces one after the other are a valid file. kNone copies. Only where `can_join`;
/// other compressions, and a level the codec does not have, are kInternal (they were refused when
/// they were parsed, domain/format.h).
std::unique_ptr<Codec> make_block_codec(Compression compression, const CompressionLevel& level);

/// For the pages of a Parquet file (parquet.thrift, CompressionCodec): none, snappy (raw), gzip,
/// zstd, lz4 (raw blocks, LZ4_RAW), brotli. Others are kInternal.
std::unique_ptr<Codec> make_page_codec(Compression compression, const CompressionLevel& level);

/// Whether files of this compression may consist of independent pieces: all but brotli, and snappy,
/// which has no files.
bool can_join(Compression compression);

/// One stream for a whole file, for readers that take no second member, and for brotli. Bytes go
/// into `out`, which outlives it; `finish` ends the stream and finishes `out`, once. Destroyed
/// without it, `out` is left as it is and holds a stream without end. The same input gives the same
/// bytes, whatever the pieces it comes in. Throws what `out` throws; kInternal where the library
/// fails, when it is used after `finish`, and for snappy.
std::unique_ptr<ByteSink> make_stream_compressor(Compression compression,
                                                 const CompressionLevel& level, ByteSink& out);

/// What such a stream of gzip or brotli holds until it is finished, in bytes, about.
size_t open_stream_bytes(Compression compression, const CompressionLevel& level);

}  // namespace sluice
