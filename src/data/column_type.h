#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sluice {

/// What a typed format (Parquet) calls the values of a column.
enum class ColumnKind : uint8_t {
  kInteger,    ///< 64 bits, signed.
  kReal,       ///< A double.
  kText,       ///< UTF-8.
  kBytes,      ///< Any bytes.
  kBoolean,    ///< 0 or 1.
  kDate,       ///< Days since 1970-01-01.
  kTimestamp,  ///< Since 1970-01-01 00:00:00 UTC: microseconds or, with a `scale` of 9,
               ///< nanoseconds.
  kDecimal,    ///< `precision` digits, `scale` of them behind the point.
  kUnsigned,   ///< 64 bits, unsigned.
  kSingle,     ///< A 32-bit float.
  kList,       ///< Of values of `fields[0]`.
  kMap,        ///< From values of `fields[0]` to values of `fields[1]`.
  kStruct,     ///< A value for each of `fields`.
};

/// Decimals of up to this many digits are held in an int64_t; longer ones, up to the second
/// figure, in 16 bytes, and up to the third in 32.
inline constexpr int kInt64Digits = 18;
inline constexpr int kDecimalDigits = 38;
inline constexpr int kLongDecimalDigits = 76;

struct ColumnField;

struct ColumnType {
  ColumnKind kind = ColumnKind::kText;
  int precision = 0;  ///< kDecimal only: 1 to kLongDecimalDigits.
  int scale = 0;      ///< kDecimal: 0 to precision. kTimestamp: 9, or 0.
  /// What a kList, kMap or kStruct is of; shared, for types are copied.
  std::shared_ptr<const std::vector<ColumnField>> fields = {};

  bool operator==(const ColumnType& other) const;
};

/// A part of a nested type. Fields of a kStruct without names of their own are called 1, 2, ...
struct ColumnField {
  std::string name;
  ColumnType type;
  bool operator==(const ColumnField&) const = default;
};

inline bool ColumnType::operator==(const ColumnType& other) const {
  const bool same_fields =
      fields == other.fields || (fields && other.fields && *fields == *other.fields);
  return kind == other.kind && precision == other.precision && scale == other.scale && same_fields;
}

constexpr bool is_nested(ColumnKind kind) {
  return kind == ColumnKind::kList || kind == ColumnKind::kMap || kind == ColumnKind::kStruct;
}

/// What a decimal of more than kInt64Digits is held in.
inline uint32_t decimal_bytes(const ColumnType& type) {
  return type.precision <= kDecimalDigits ? 16 : 32;
}

/// "integer", "decimal(10,2)", "list(text)"... as manifests, previews and errors say it.
std::string type_name(const ColumnType& type);

/// A column of a file. In the batches that a typed format is given every cell of it is kNull or, by
/// kind: kInteger for kInteger, kUnsigned (the same 64 bits), kBoolean (0, 1), kDate, kTimestamp
/// and kDecimal of up to kInt64Digits (the unscaled value); kReal for kReal and kSingle; kText for
/// kText (valid UTF-8); kBlob for kBytes and for longer kDecimal (16 or 32 bytes, big-endian two's
/// complement of the unscaled value); kNested for kList, kMap and kStruct, of such cells.
/// Untyped formats (CSV, NDJSON) look at the cells alone, and at the type of kNested ones.
struct FileColumn {
  std::string name;
  ColumnType type;
  size_t source = 0;  ///< Which column of the batch it is.
};

}  // namespace sluice
