#include "data/thrift_decoder.h"

#include <limits>

namespace sluice {
namespace {

constexpr int kDeepest = 32;

ThriftType low_bits(uint8_t byte) { return static_cast<ThriftType>(byte & 0x0f); }

/// In a list or map a boolean is a byte of its own; in a struct its type is the value.
ThriftType as_element(ThriftType type) {
  const bool boolean = type == ThriftType::kTrue || type == ThriftType::kFalse;
  return boolean ? ThriftType::kByte : type;
}

}  // namespace

void ThriftDecoder::fail() {
  failed_ = true;
  left_ = {};
}

uint8_t ThriftDecoder::byte() {
  const std::string_view taken = take(1);
  return taken.empty() ? uint8_t{0} : static_cast<uint8_t>(taken[0]);
}

std::string_view ThriftDecoder::take(uint64_t size) {
  if (size > left_.size()) {
    fail();
    return {};
  }
  const std::string_view taken = left_.substr(0, static_cast<size_t>(size));
  left_.remove_prefix(taken.size());
  return taken;
}

uint64_t ThriftDecoder::varint() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const uint8_t next = byte();
    value |= static_cast<uint64_t>(next & 0x7f) << shift;
    if ((next & 0x80) == 0) return value;
  }
  fail();
  return 0;
}

int64_t ThriftDecoder::zigzag() {
  const uint64_t value = varint();
  return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
}

bool ThriftDecoder::next(ThriftField& field) {
  const uint8_t head = byte();
  field.type = low_bits(head);
  if (field.type == ThriftType::kStop) return false;
  const int64_t step = head >> 4;
  field.id = step == 0 ? zigzag() : field.id + step;
  // Ids have 16 bits: a larger one is nobody's, and could not be counted on from for ever.
  if (field.id < 0 || field.id > std::numeric_limits<int16_t>::max()) fail();
  return !failed_;
}

bool ThriftDecoder::boolean(const ThriftField& field) {
  if (field.type != ThriftType::kTrue && field.type != ThriftType::kFalse) fail();
  return field.type == ThriftType::kTrue;
}

int64_t ThriftDecoder::integer(const ThriftField& field) {
  switch (field.type) {
    case ThriftType::kByte:
      return static_cast<int8_t>(byte());
    case ThriftType::kInt16:
    case ThriftType::kInt32:
    case ThriftType::kInt64:
      return zigzag();
    default:
      fail();
      return 0;
  }
}

int32_t ThriftDecoder::int32(const ThriftField& field) {
  const int64_t value = integer(field);
  if (value >= std::numeric_limits<int32_t>::min() &&
      value <= std::numeric_limits<int32_t>::max()) {
    return static_cast<int32_t>(value);
  }
  fail();
  return 0;
}

std::string_view ThriftDecoder::binary(const ThriftField& field) {
  if (field.type != ThriftType::kBinary) fail();
  return take(varint());
}

bool ThriftDecoder::structure(const ThriftField& field) {
  if (field.type != ThriftType::kStruct) fail();
  return !failed_;
}

size_t ThriftDecoder::list(ThriftType& element) {
  const uint8_t head = byte();
  element = low_bits(head);
  const uint64_t size = head >> 4 == 15 ? varint() : head >> 4;
  // No element takes less than a byte.
  if (size > left_.size()) fail();
  return failed_ ? 0 : static_cast<size_t>(size);
}

size_t ThriftDecoder::list_of_structs(const ThriftField& field) {
  if (field.type != ThriftType::kList) fail();
  ThriftType element = ThriftType::kStop;
  const size_t size = list(element);
  if (size > 0 && element != ThriftType::kStruct) fail();
  return failed_ ? 0 : size;
}

void ThriftDecoder::skip(ThriftType type, int depth) {
  if (depth > kDeepest) return fail();
  switch (type) {
    case ThriftType::kTrue:
    case ThriftType::kFalse:
      return;
    case ThriftType::kByte:
      byte();
      return;
    case ThriftType::kInt16:
    case ThriftType::kInt32:
    case ThriftType::kInt64:
      varint();
      return;
    case ThriftType::kDouble:
      take(sizeof(double));
      return;
    case ThriftType::kBinary:
      take(varint());
      return;
    case ThriftType::kList:
    case ThriftType::kSet: {
      ThriftType element = ThriftType::kStop;
      const size_t size = list(element);
      for (size_t i = 0; i < size && !failed_; ++i) skip(as_element(element), depth + 1);
      return;
    }
    case ThriftType::kMap:
      return skip_map(depth);
    case ThriftType::kStruct:
      for (ThriftField field; next(field);) skip(field.type, depth + 1);
      return;
    default:
      fail();
  }
}

void ThriftDecoder::skip_map(int depth) {
  const uint64_t size = varint();
  if (size == 0) return;
  const uint8_t types = byte();
  if (size > left_.size()) return fail();
  for (uint64_t i = 0; i < size && !failed_; ++i) {
    skip(as_element(static_cast<ThriftType>(types >> 4)), depth + 1);
    skip(as_element(low_bits(types)), depth + 1);
  }
}

}  // namespace sluice
