#include "engine/stored_record.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <vector>

namespace sluice {
namespace {

// The serial types of values whose size does not follow from the type's number.
constexpr uint64_t kReal = 7;
constexpr uint64_t kZero = 8;
constexpr uint64_t kOne = 9;
constexpr uint64_t kFirstBytes = 12;
constexpr std::array<uint8_t, kFirstBytes> kSizes = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};

uint64_t size_of(uint64_t type) {
  return type < kFirstBytes ? kSizes[type] : (type - kFirstBytes) / 2;
}

bool is_reserved(uint64_t type) { return type > kOne && type < kFirstBytes; }

uint64_t load_big_endian(const unsigned char* bytes) {
  uint64_t raw = 0;
  std::memcpy(&raw, bytes, sizeof raw);
  if constexpr (std::endian::native == std::endian::little) raw = __builtin_bswap64(raw);
  return raw;
}

/// Of 1 to 8 bytes; 8 must be readable, which the batch's slack provides for.
int64_t integer_of(const unsigned char* bytes, uint64_t size) {
  return static_cast<int64_t>(load_big_endian(bytes)) >> (64 - 8 * size);
}

void put_number(Batch& batch, size_t column, bool is_real, int64_t value) {
  if (is_real) {
    batch.add_real(column, static_cast<double>(value));
  } else {
    batch.add_integer(column, value);
  }
}

void put_real(Batch& batch, size_t column, const unsigned char* bytes) {
  const auto value = std::bit_cast<double>(load_big_endian(bytes));
  // SQLite has no NaN: reading one gives NULL.
  if (std::isnan(value)) return batch.add_null(column);
  batch.add_real(column, value);
}

void put_value(Batch& batch, StoredColumns::Target target, uint64_t type, uint64_t size,
               const unsigned char* bytes, uint64_t offset) {
  const auto column = static_cast<size_t>(target.column);
  if (type >= kFirstBytes) {
    const ValueType kind = type % 2 == 1 ? ValueType::kText : ValueType::kBlob;
    batch.add_bytes_at(column, kind, offset, static_cast<uint32_t>(size));
  } else if (type == 0) {
    batch.add_null(column);
  } else if (type == kReal) {
    put_real(batch, column, bytes);
  } else if (type == kZero || type == kOne) {
    put_number(batch, column, target.is_real, type == kOne ? 1 : 0);
  } else {
    put_number(batch, column, target.is_real, integer_of(bytes, size));
  }
}

}  // namespace

const unsigned char* read_varint(const unsigned char* bytes, uint64_t& value) {
  value = 0;
  for (int i = 0; i < 8; ++i) {
    value = value << 7 | (bytes[i] & 0x7fU);
    if (bytes[i] < 0x80) return bytes + i + 1;
  }
  value = value << 8 | bytes[8];
  return bytes + 9;
}

RecordOutcome take_record(Batch& batch, uint64_t offset, uint64_t size,
                          const std::vector<StoredColumns::Target>& targets) {
  const auto* const record = reinterpret_cast<const unsigned char*>(batch.arena_data()) + offset;
  uint64_t header_size = 0;
  const unsigned char* next = read_varint(record, header_size);
  if (header_size > size) return RecordOutcome::kBeyond;
  const unsigned char* const header_end = record + header_size;
  uint64_t at = header_size;
  bool is_short = false;
  for (const StoredColumns::Target target : targets) {
    if (next >= header_end) {
      is_short = true;
      if (target.column >= 0) batch.add_null(static_cast<size_t>(target.column));
      continue;
    }
    uint64_t type = *next++;
    if (type >= 0x80) next = read_varint(next - 1, type);
    if (is_reserved(type) || next > header_end) return RecordOutcome::kBroken;
    const uint64_t bytes = size_of(type);
    if (target.column >= 0) {
      // The size of a value may be any number: no sum that could overflow.
      if (at > size || bytes > size - at) return RecordOutcome::kBeyond;
      put_value(batch, target, type, bytes, record + at, offset + at);
    }
    at += bytes;
  }
  return is_short ? RecordOutcome::kShort : RecordOutcome::kDone;
}

}  // namespace sluice
