#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "data/batch.h"

// A kNested cell: a list, map or struct as bytes, written and read by one process. Each value is
// its ValueType in one byte and then: nothing for kNull; eight bytes for the types that a Cell
// holds itself, kTimestamp's TimestampUnit in one more; length in four bytes and the bytes for
// kText, kBlob and kNumber; for kNested how many in four bytes, then: the elements of a list, key
// and value of each entry of a map, the fields of a struct in their order.
namespace sluice {

/// Writes one nested value at the end of `out`, part by part. One thread.
class NestedWriter {
 public:
  explicit NestedWriter(std::string& out) : out_(out) {}

  /// Elements, entries or fields follow.
  void begin(uint32_t count);
  /// A value that is in the cell itself, or kNull.
  void put(const Cell& cell);
  /// kText, kBlob or kNumber.
  void put_bytes(ValueType type, std::string_view bytes);

 private:
  template <class Value>
  void append(const Value& value) {
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  std::string& out_;
};

/// One part of a nested value.
struct NestedPart {
  Cell cell;               ///< kNested: `size` is the count of what follows.
  std::string_view bytes;  ///< kText, kBlob, kNumber.
};

/// Reads the parts of such bytes in the order in which they were written. They are trusted.
class NestedReader {
 public:
  explicit NestedReader(std::string_view bytes) : left_(bytes) {}

  bool at_end() const { return left_.empty(); }
  NestedPart next();

 private:
  template <class Value>
  Value take();

  std::string_view left_;
};

}  // namespace sluice
