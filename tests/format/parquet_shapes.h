#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "data/batch.h"
#include "data/column_type.h"

namespace sluice {

/// The digits of an unscaled decimal, with a `-` in front of negative ones.
struct Digits {
  std::string text;
};

/// A value as an engine gives it that types its columns, in the form of nested_value.h, and what
/// stands for it in parquet_tool's list.
struct EngineValue {
  std::string bytes;
  nlohmann::json expected;
};

/// A value before it becomes a cell. Numbers of every kind but kReal and kDecimal are int64_t.
using Value = std::variant<std::monostate, int64_t, double, std::string, Digits, EngineValue>;

using Chance = std::mt19937_64;

/// A column of a made-up table: its type and what stands in a row.
struct MadeColumn {
  FileColumn file;
  std::function<Value(Chance&, uint64_t row)> value;
};

/// The columns of a shape: types, edges, events, nulls, wide, long, runs or spill, or those with
/// values of an engine: engine, long_decimals, nested, random_nested, long_lists. Throws kInvalid
/// for others.
std::vector<MadeColumn> made_columns(std::string_view shape, Chance& chance);
/// The columns of a shape with values of an engine; none for other shapes.
std::vector<MadeColumn> engine_columns(std::string_view shape, Chance& chance);

/// The value as a cell of the kind's form (data/column_type.h).
void add_value(Batch& batch, size_t column, const ColumnType& type, const Value& value);

/// 16 bytes, big-endian two's complement.
std::string fixed_bytes(const Digits& digits);

}  // namespace sluice
