#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "door/request_head.h"

namespace sluice {

/// Collects the body of one request from bytes that arrive in any pieces, undoing chunked framing
/// (RFC 9112, section 7.1). Takes at most `limit` bytes of body, whatever the client announces. A
/// body that is known to have more than `in_memory` is spooled: what has come is to be released
/// again and again. One thread.
class BodyDecoder {
 public:
  /// A length over the limit is a fault at once, before anything is read.
  BodyDecoder(const RequestHead& head, uint64_t limit, uint64_t in_memory = UINT64_MAX);

  /// Takes bytes from the front of `bytes` and returns how many; fewer than all only when the body
  /// is complete or faulty.
  size_t take(std::string_view bytes);

  bool complete() const { return step_ == Step::kComplete; }
  const std::optional<Fault>& fault() const { return fault_; }
  bool is_spooled() const { return spooled_; }
  /// Body bytes that have come so far.
  uint64_t total() const { return total_; }
  /// Those of them that are held.
  const std::string& body() const { return body_; }
  std::string release() { return std::exchange(body_, {}); }

 private:
  enum class Step { kData, kChunkSize, kChunkData, kChunkEnd, kTrailer, kComplete };

  size_t take_data(std::string_view bytes);
  size_t take_line(std::string_view bytes);
  void end_of_line();
  void read_chunk_size();
  void fail(int status, std::string_view sentence);

  uint64_t limit_;
  uint64_t in_memory_;
  bool spooled_ = false;
  uint64_t total_ = 0;
  Step step_;
  /// Bytes left of the body, or of the current chunk.
  uint64_t left_ = 0;
  /// The line being collected: a chunk size, the end of a chunk or a trailer field.
  std::string line_;
  size_t trailer_bytes_ = 0;
  std::string body_;
  std::optional<Fault> fault_;
};

}  // namespace sluice
