#include "format/parquet_row_count.h"

#include <cstring>

namespace sluice {
namespace {

/// Reads Thrift's compact protocol (thrift-compact-protocol.md) as far as skipping needs. After
/// something malformed `failed` stays true.
class CompactReader {
 public:
  explicit CompactReader(std::string_view bytes) : bytes_(bytes) {}

  enum Type : uint8_t {
    kStop = 0,
    kTrue = 1,
    kFalse = 2,
    kByte = 3,
    kI16 = 4,
    kI32 = 5,
    kI64 = 6,
    kDouble = 7,
    kBinary = 8,
    kList = 9,
    kSet = 10,
    kMap = 11,
    kStruct = 12
  };

  bool failed() const { return failed_; }

  uint64_t varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const uint8_t next = byte();
      value |= static_cast<uint64_t>(next & 0x7f) << shift;
      if ((next & 0x80) == 0) return value;
    }
    failed_ = true;
    return 0;
  }
  int64_t zigzag() {
    const uint64_t value = varint();
    return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
  }
  /// The next field's type; its number goes on from `field`.
  uint8_t field_header(int64_t& field) {
    const uint8_t head = byte();
    if (head == kStop) return kStop;
    const uint8_t delta = head >> 4;
    field = delta == 0 ? zigzag() : field + delta;
    return head & 0x0f;
  }

  void skip(uint8_t type, int depth = 0) {
    constexpr int kDeepest = 32;
    if (failed_ || depth > kDeepest) {
      failed_ = true;
      return;
    }
    switch (type) {
      case kTrue:
      case kFalse:
        return;
      case kByte:
        byte();
        return;
      case kI16:
      case kI32:
      case kI64:
        varint();
        return;
      case kDouble:
        return take(sizeof(double));
      case kBinary:
        return take(varint());
      case kList:
      case kSet:
        return skip_list(depth);
      case kStruct:
        return skip_struct(depth);
      default:
        failed_ = true;
    }
  }

 private:
  uint8_t byte() {
    if (bytes_.empty()) {
      failed_ = true;
      return 0;
    }
    const auto value = static_cast<uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return value;
  }
  void take(uint64_t size) {
    if (size > bytes_.size()) {
      failed_ = true;
      return;
    }
    bytes_.remove_prefix(static_cast<size_t>(size));
  }
  void skip_list(int depth) {
    const uint8_t head = byte();
    const uint8_t type = head & 0x0f;
    const uint64_t size = head >> 4 == 15 ? varint() : head >> 4;
    for (uint64_t i = 0; i < size && !failed_; ++i) {
      // In a list a boolean is a byte of its own.
      skip(type == kTrue || type == kFalse ? static_cast<uint8_t>(kByte) : type, depth + 1);
    }
  }
  void skip_struct(int depth) {
    int64_t field = 0;
    while (!failed_) {
      const uint8_t type = field_header(field);
      if (type == kStop) return;
      skip(type, depth + 1);
    }
  }

  std::string_view bytes_;
  bool failed_ = false;
};

}  // namespace

std::optional<uint64_t> read_parquet_rows(std::string_view tail) {
  constexpr std::string_view kMagic = "PAR1";
  constexpr int64_t kNumRows = 3;
  constexpr size_t kEnd = 8;  // The footer's length and the magic.
  if (tail.size() < kEnd || !tail.ends_with(kMagic)) return std::nullopt;
  uint32_t length = 0;
  for (size_t i = 0; i < sizeof length; ++i) {
    const auto byte = static_cast<uint8_t>(tail[tail.size() - kEnd + i]);
    length |= static_cast<uint32_t>(byte) << (8 * i);
  }
  if (length > tail.size() - kEnd) return std::nullopt;
  CompactReader reader(tail.substr(tail.size() - kEnd - length, length));
  int64_t field = 0;
  while (!reader.failed()) {
    const uint8_t type = reader.field_header(field);
    if (type == CompactReader::kStop) break;
    if (field == kNumRows && type == CompactReader::kI64) {
      const int64_t rows = reader.zigzag();
      if (reader.failed() || rows < 0) return std::nullopt;
      return static_cast<uint64_t>(rows);
    }
    reader.skip(type);
  }
  return std::nullopt;
}

}  // namespace sluice
