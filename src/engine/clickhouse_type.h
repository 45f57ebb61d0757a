#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "data/column_type.h"

namespace sluice {

/// How the values of a type stand in the Native format (clickhouse.com/docs/interfaces/formats and
/// the pages of the data types).
enum class ClickhouseKind : uint8_t {
  kInteger,  ///< Little-endian, `bytes` long; Interval types, too.
  kReal,     ///< `bytes`: 2 (BFloat16), 4 or 8.
  kBoolean,
  kString,
  kFixedString,  ///< `bytes` each.
  kDate,         ///< Days, `bytes`: 2 without a sign or 4 with one.
  kDateTime,     ///< Seconds, 4 bytes without a sign.
  kDateTime64,   ///< 8 bytes, `scale` digits of the second.
  kTime,         ///< A time of day or a duration: 4 bytes of seconds, or 8 with `scale` digits.
  kDecimal,      ///< An integer of `bytes`, `scale` of its digits behind the point.
  kEnum,         ///< `bytes`: 1 or 2.
  kUuid,
  kIpv4,
  kIpv6,
  kNothing,  ///< The values of a bare NULL.
  kArray,
  kMap,
  kTuple,
};

struct ClickhouseField;

struct ClickhouseType {
  ClickhouseKind kind = ClickhouseKind::kString;
  bool nullable = false;
  bool low_cardinality = false;  ///< Its values stand in a dictionary.
  bool is_signed = false;
  bool zoned = false;  ///< A DateTime with a time zone of its own.
  size_t bytes = 0;
  int precision = 0;
  int scale = 0;
  std::map<int, std::string> names;     ///< kEnum.
  std::vector<ClickhouseField> fields;  ///< Element; key and value; or the tuple's.
};

struct ClickhouseField {
  std::string name;
  ClickhouseType type;
};

/// Reads a type as the server writes it; SimpleAggregateFunction is what it holds. Throws kInvalid
/// for one whose values can't be exported, with a CAST to use: the begin of the sentence, for
/// behind "Column 'x'".
ClickhouseType parse_clickhouse_type(std::string_view text);

/// What a typed format makes of it.
ColumnType column_type_of(const ClickhouseType& type);

}  // namespace sluice
