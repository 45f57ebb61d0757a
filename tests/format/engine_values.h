#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "data/column_type.h"
#include "data/nested_value.h"
#include "format/parquet_shapes.h"
#include "support/nested_bytes.h"

namespace sluice {

/// One of every kind that is not nested, of those that all readers know.
std::vector<ColumnType> leaf_types();
/// A type that is nested up to `depth` times.
ColumnType random_type(Chance& chance, int depth);

/// Makes values as an engine gives them that types its columns: dates as kDate, decimals as
/// kNumber...
class EngineValues {
 public:
  /// `most` entries in a list or map.
  EngineValues(Chance& chance, uint64_t most) : chance_(chance), most_(most) {}

  /// NULL now and then, also within.
  EngineValue value(const ColumnType& type);

 private:
  nlohmann::json put(const ColumnType& type, NestedWriter& out, bool may_be_null);
  nlohmann::json put_entries(const ColumnType& type, NestedWriter& out);
  nlohmann::json put_leaf(const ColumnType& type, NestedWriter& out);
  nlohmann::json put_time(const ColumnType& type, NestedWriter& out);
  nlohmann::json put_unsigned(NestedWriter& out);
  nlohmann::json put_decimal(const ColumnType& type, NestedWriter& out);
  nlohmann::json put_key(const ColumnType& type, NestedWriter& out, uint64_t place);

  Chance& chance_;
  uint64_t most_;
};

/// The description of a column's type for parquet_tool's list.
nlohmann::json description_of(const std::string& name, const ColumnType& type);

}  // namespace sluice
