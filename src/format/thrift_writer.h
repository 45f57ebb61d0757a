#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// Writes structs in Thrift's compact protocol (apache/thrift,
/// doc/specs/thrift-compact-protocol.md) at the end of a string. Fields of a struct are written in
/// rising order of their ids. The caller closes what it opens; nothing is checked. One thread at a
/// time.
class ThriftWriter {
 public:
  enum class Element : uint8_t { kInt32 = 5, kInt64 = 6, kBinary = 8, kStruct = 12 };

  /// `out` outlives the writer.
  explicit ThriftWriter(std::string& out) : out_(out) {}

  /// A struct that stands alone (a message) or is an element of a list.
  void begin_struct() { last_ids_.push_back(0); }
  void end_struct();

  // Fields of the struct opened last.
  void boolean(int id, bool value);
  void byte(int id, int8_t value);
  void int16(int id, int16_t value);
  void int32(int id, int32_t value);
  void int64(int id, int64_t value);
  /// Strings and bytes.
  void binary(int id, std::string_view value);
  void begin_struct(int id);
  /// A struct without fields: how unions name a choice.
  void empty_struct(int id);
  /// `size` elements follow: `element`s, or structs in begin_struct() and end_struct().
  void list(int id, Element type, size_t size);

  // Elements of the list opened last.
  void element(int64_t value);
  void element(std::string_view value);

 private:
  void field(int id, uint8_t type);

  std::string& out_;
  std::vector<int> last_ids_;  ///< Of each open struct: the field written last.
};

/// Unsigned LEB128.
void append_varint(std::string& out, uint64_t value);

}  // namespace sluice
