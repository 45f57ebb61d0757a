#pragma once

#include <string_view>
#include <vector>

#include "data/char_buffer.h"
#include "data/column_type.h"
#include "data/nested_value.h"
#include "format/json_values.h"

namespace sluice {

/// How nested values of one type are written as JSON: lists as lists, maps as objects whose keys
/// are the text of theirs, structs as objects, or as lists where the fields have no names of their
/// own. Immutable.
class NestedJson {
 public:
  explicit NestedJson(const ColumnType& type);

  /// A value of nested_value.h, behind which CharBuffer::kSlack bytes more may be read. False if
  /// text in it is not UTF-8: what was written is of no use then. Throws kInternal for a value that
  /// is not of the type.
  bool put(std::string_view bytes, JsonValues& out) const;

 private:
  bool put(NestedReader& reader, JsonValues& out) const;
  bool put_parts(NestedReader& reader, uint32_t count, JsonValues& out) const;
  bool put_list(NestedReader& reader, uint32_t count, JsonValues& out) const;
  bool put_map(NestedReader& reader, uint32_t count, JsonValues& out) const;
  bool put_key(NestedReader& reader, JsonValues& out) const;

  ColumnKind kind_;
  std::vector<NestedJson> parts_;
  /// Of a struct: what stands before each field, and behind the last.
  std::vector<CharBuffer> leads_;
  std::string_view end_;
};

}  // namespace sluice
