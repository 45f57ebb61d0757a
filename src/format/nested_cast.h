#pragma once

#include <string>
#include <string_view>

#include "data/column_type.h"
#include "data/nested_value.h"

namespace sluice {

/// What came of the cast of a nested value.
enum class NestedCast {
  kAsItIs,   ///< It is what it must be.
  kCast,     ///< The result is.
  kMisfit,   ///< A value in it does not fit its type.
  kNotUtf8,  ///< Text in it is not UTF-8.
};

/// Makes of every value within a nested one what column_type.h says of its type. Keeps its memory.
/// One thread.
class NestedCaster {
 public:
  NestedCast cast(std::string_view bytes, const ColumnType& type);
  /// Of the last cast, which was kCast; until the next.
  std::string_view result() const { return result_; }

 private:
  NestedCast walk(NestedReader& reader, const ColumnType& type, NestedWriter* writer);
  NestedCast walk_parts(NestedReader& reader, uint32_t count, const ColumnType& type,
                        NestedWriter* writer);

  std::string result_;
};

}  // namespace sluice
