#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace sluice {

/// What the values of a column are, whatever the declared type wraps around it (Nullable,
/// LowCardinality, SimpleAggregateFunction).
enum class DataKind {
  kText,     ///< String, FixedString, UUID, IPv4, IPv6, Enum: stored as TEXT.
  kInteger,  ///< Int8 to Int64, UInt8 to UInt64 (to 2^63 - 1), Int128 and wider in that range.
  kReal,     ///< Float32, Float64.
  /// Decimal(p, s): up to 15 digits, which a double keeps exactly, as a number, so that it compares
  /// like one; more as TEXT.
  kDecimal,
  kBoolean,   ///< Bool: stored as 0 and 1.
  kDate,      ///< Date, Date32: TEXT `YYYY-MM-DD`.
  kDateTime,  ///< DateTime, DateTime64: TEXT `YYYY-MM-DD HH:MM:SS[.fff]`, UTC.
  kJson,      ///< Array, Map, Tuple, JSON: TEXT that is JSON.
};

/// A column of a data source.
struct DataColumn {
  std::string name;
  std::string type;  ///< As it was declared, in its usual spelling: `Nullable(Int32)`.
  DataKind kind = DataKind::kText;
  bool nullable = false;
  bool is_unsigned = false;  ///< kInteger.
  int bits = 64;             ///< kInteger.
  int precision = 0;         ///< kDecimal.
  int scale = 0;             ///< kDecimal, and kDateTime: digits of a second's fraction.
  std::string json_path;     ///< Where the value stands in a JSON row: `$.a.b`; empty: `$.<name>`.
  /// SQL literal or `now()`, `today()`: what stands for a missing value. Absent: none.
  std::optional<std::string> fallback;
};

/// A named table of the warehouse that grows by events and files.
struct DataSource {
  std::string id;  ///< `t_` and 32 hex digits.
  std::string name;
  std::string description;
  std::vector<DataColumn> columns;
  Timestamp created_at;
  Timestamp updated_at;
};

/// Parses "name Type `json:$.path` DEFAULT x, ...", the public API's `schema`. Throws kInvalid that
/// names the column and what is wrong with it: an unknown type (with the nearest one), a name twice
/// or that is none (SQLite's `rowid` and `_rowid_` among them), too many columns. CODEC is read and
/// left out; `NULL` behind a type is Nullable.
std::vector<DataColumn> parse_schema(std::string_view text);
/// What `parse_schema` reads back.
std::string schema_text(const std::vector<DataColumn>& columns);
/// Fills in kind and what belongs to it from `column.type`, which it spells as usual. Throws
/// kInvalid that names the column.
void settle_type(DataColumn& column);
/// The type under which SQLite's table has the column, chosen so that exports know it again:
/// INTEGER, REAL, TEXT, BOOLEAN, DATE, DATETIME, DECIMAL(p,s); with more than 15 digits DECIMAL
/// BLOB(p,s), because SQLite would round what it finds in a column of numeric affinity.
std::string stored_type(const DataColumn& column);

}  // namespace sluice
