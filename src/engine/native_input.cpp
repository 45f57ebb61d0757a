#include "engine/native_input.h"

#include "base/error.h"

namespace sluice {
namespace {

constexpr unsigned kVarintBits = 63;

}  // namespace

bool NativeInput::get_more() { return more_(bytes_); }

bool NativeInput::at_end() { return place_ == bytes_.size() && !get_more(); }

size_t NativeInput::take(size_t bytes) {
  if (bytes > most_ || place_ + bytes > most_) {
    throw Error(
        ErrorCode::kTooLarge,
        "The cluster sends a block of more than " + std::to_string(most_ >> 20U) + " MiB.",
        "Have it send fewer rows at a time: end the query with SETTINGS max_block_size = 100 "
        "or, where an old server aggregates, read what it has put into a table.");
  }
  while (bytes_.size() - place_ < bytes) {
    if (get_more()) continue;
    throw Error(ErrorCode::kUnavailable, "The cluster's answer ends in the middle of a block.",
                "Run it again; if it stays so, look at the cluster's log.");
  }
  const size_t at = place_;
  place_ += bytes;
  return at;
}

uint64_t NativeInput::take_varint() {
  uint64_t value = 0;
  for (unsigned shift = 0; shift <= kVarintBits; shift += 7) {
    const auto byte = static_cast<uint8_t>(*at(take(1)));
    value |= static_cast<uint64_t>(byte & 0x7FU) << shift;
    if ((byte & 0x80U) == 0) return value;
  }
  throw Error(ErrorCode::kCorrupt, "The cluster's answer holds a number that is none.");
}

std::string NativeInput::take_string() {
  const size_t size = take_varint();
  const size_t place = take(size);
  return {at(place), size};
}

void NativeInput::read_rest(size_t most) {
  while (bytes_.size() - place_ < most && get_more()) {
  }
}

void NativeInput::forget() {
  bytes_.erase(0, place_);
  place_ = 0;
}

}  // namespace sluice
