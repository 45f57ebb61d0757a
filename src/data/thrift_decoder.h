#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice {

/// The types of Thrift's compact protocol, by its numbers.
enum class ThriftType : uint8_t {
  kStop = 0,
  kTrue = 1,
  kFalse = 2,
  kByte = 3,
  kInt16 = 4,
  kInt32 = 5,
  kInt64 = 6,
  kDouble = 7,
  kBinary = 8,
  kList = 9,
  kSet = 10,
  kMap = 11,
  kStruct = 12,
};

/// A field of a struct. One of these goes through all fields of one struct.
struct ThriftField {
  int64_t id = 0;
  ThriftType type = ThriftType::kStop;
};

/// Reads structs in Thrift's compact protocol (apache/thrift,
/// doc/specs/thrift-compact-protocol.md) from bytes that nobody has checked; they outlive it.
///
///     for (ThriftField field; in.next(field);) {
///       if (field.id == 3) rows = in.integer(field); else in.skip(field);
///     }
///
/// Of each field the value is read, or skipped, before the next one. What is malformed, missing or
/// of another type than asked for makes `failed` true for good: from then on there are no more
/// fields, numbers are 0 and lists empty. So it is enough to ask at the end. Nothing is thrown and
/// nothing allocated; structs are skipped to a limited depth. One thread at a time.
class ThriftDecoder {
 public:
  explicit ThriftDecoder(std::string_view bytes) : left_(bytes) {}

  bool failed() const { return failed_; }
  /// Bytes not read yet.
  size_t left() const { return left_.size(); }

  /// The next field of a struct; false behind the last one.
  bool next(ThriftField& field);

  // The value of the field that `next` found.
  bool boolean(const ThriftField& field);
  /// Of any width.
  int64_t integer(const ThriftField& field);
  int32_t int32(const ThriftField& field);
  /// Strings and bytes, within the decoder's own.
  std::string_view binary(const ThriftField& field);
  /// Whether it is a struct, whose fields come next.
  bool structure(const ThriftField& field);
  /// How many structs come next: never more than there are bytes left.
  size_t list_of_structs(const ThriftField& field);
  void skip(const ThriftField& field) { skip(field.type, 0); }

 private:
  /// Gives up.
  void fail();
  uint8_t byte();
  std::string_view take(uint64_t size);
  uint64_t varint();
  int64_t zigzag();
  /// How many elements come next, and of what type.
  size_t list(ThriftType& element);
  void skip(ThriftType type, int depth);
  void skip_map(int depth);

  std::string_view left_;
  bool failed_ = false;
};

}  // namespace sluice
