#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace sluice {

/// What a typed format (Parquet) calls the values of a column.
enum class ColumnKind : uint8_t {
  kInteger,    ///< 64 bits, signed.
  kReal,       ///< A double.
  kText,       ///< UTF-8.
  kBytes,      ///< Any bytes.
  kBoolean,    ///< 0 or 1.
  kDate,       ///< Days since 1970-01-01.
  kTimestamp,  ///< Microseconds since 1970-01-01 00:00:00 UTC.
  kDecimal,    ///< `precision` digits, `scale` of them behind the point.
};

/// Decimals of up to this many digits are held in an int64_t; longer ones, up to the second
/// figure, in 16 bytes.
inline constexpr int kInt64Digits = 18;
inline constexpr int kDecimalDigits = 38;

struct ColumnType {
  ColumnKind kind = ColumnKind::kText;
  int precision = 0;  ///< kDecimal only: 1 to kDecimalDigits.
  int scale = 0;      ///< kDecimal only: 0 to precision.

  bool operator==(const ColumnType&) const = default;
};

/// A column of a file. In the batches that a typed format is given every cell of it is kNull or, by
/// kind: kInteger for kInteger, kBoolean (0, 1), kDate, kTimestamp and kDecimal of up to
/// kInt64Digits (the unscaled value); kReal for kReal; kText for kText (valid UTF-8); kBlob for
/// kBytes and for longer kDecimal (16 bytes, big-endian two's complement of the unscaled value).
/// Untyped formats (CSV, NDJSON) look at the cells alone.
struct FileColumn {
  std::string name;
  ColumnType type;
  size_t source = 0;  ///< Which column of the batch it is.
};

}  // namespace sluice
