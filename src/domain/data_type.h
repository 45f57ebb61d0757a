#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/data_source.h"

namespace sluice {

/// The type of a column, taken apart. What wraps the values' own type (Nullable, LowCardinality,
/// SimpleAggregateFunction) is in `text` and `nullable` alone.
struct DataType {
  struct EnumValue {
    std::string name;
    int number = 0;
  };

  std::string text;  ///< The whole type in its usual spelling: `Nullable(DateTime64(3))`.
  std::string name;  ///< The values' own: `DateTime64`, `UUID`, `Array`.
  DataKind kind = DataKind::kText;
  bool nullable = false;
  bool is_unsigned = false;
  int bits = 64;
  int precision = 0;
  int scale = 0;
  size_t length = 0;              ///< FixedString: bytes.
  std::string time_zone;          ///< DateTime, DateTime64: as declared, or empty: UTC.
  std::vector<EnumValue> values;  ///< Enum8, Enum16.
};

/// The largest precision of a Decimal (Decimal256).
inline constexpr int kMostDecimalDigits = 76;

/// Reads a type, its names in any case (and SQL's names: `text`, `bigint`...), from the front of
/// `text`, which it is taken from. Throws kInvalid: a part of a sentence, for behind "Column 'x':".
DataType take_data_type(std::string_view& text);
/// The whole of `text` is the type.
DataType parse_data_type(std::string_view text);

}  // namespace sluice
