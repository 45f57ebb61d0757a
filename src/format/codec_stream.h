#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "data/byte_sink.h"
#include "format/codec.h"

namespace sluice {

/// A library that compresses a stream step by step, whatever it is called there. One thread at a
/// time. Throws kInternal.
class CodecStream {
 public:
  struct Step {
    size_t taken = 0;  ///< Bytes of `in`.
    size_t given = 0;  ///< Bytes of `room`.
    bool ended = false;
  };
  /// No step is given more input or less room at a time, unless it is all there is (`begin`).
  static constexpr size_t kSliceBytes = 64 * 1024;
  static constexpr size_t kRoomBytes = 96 * 1024;
  static constexpr uint64_t kEndless = UINT64_MAX;

  virtual ~CodecStream() = default;
  /// Drops what it was at and begins a stream of at most `most` bytes; kEndless: nobody knows.
  virtual void begin(uint64_t most) = 0;
  /// Takes what it likes of `in`, after what it took before. `end`: nothing comes after `in`; from
  /// then on each step is given all that is left, until one says `ended`.
  virtual Step step(std::string_view in, std::span<char> room, bool end) = 0;
};

/// Each piece a stream of its own.
std::unique_ptr<Codec> make_stream_codec(std::unique_ptr<CodecStream> stream);

/// One stream into `out`, which outlives it; see make_stream_compressor. Gathers what is written to
/// slices of kSliceBytes, so that some libraries' (brotli's below level 2) choice of where to cut
/// does not follow the caller's.
std::unique_ptr<ByteSink> make_stream_sink(std::unique_ptr<CodecStream> stream, ByteSink& out);

}  // namespace sluice
