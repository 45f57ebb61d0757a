#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/parquet_numbers.h"
#include "data/thrift_decoder.h"

namespace sluice {

/// What the values of a column stand for (apache/parquet-format, LogicalTypes.md), whichever of the
/// two ways of the format says so.
enum class ParquetMeaning : uint8_t {
  kBoolean,
  kInteger,    ///< Signed.
  kUnsigned,   ///< The same bits without a sign.
  kReal,       ///< FLOAT and DOUBLE.
  kHalf,       ///< Two bytes, IEEE 754.
  kText,       ///< STRING, ENUM.
  kJson,       ///< Text that is JSON.
  kBytes,      ///< No logical type, BSON and what else is only bytes.
  kUuid,       ///< 16 bytes.
  kDate,       ///< Days since 1970-01-01.
  kTime,       ///< Since midnight, in units of 10^-scale seconds.
  kTimestamp,  ///< Since 1970-01-01 00:00:00, in units of 10^-scale seconds.
  kInt96,      ///< A timestamp in 12 bytes: nanoseconds of the day and the Julian day.
  kDecimal,    ///< Unscaled: INT32, INT64 or bytes, big-endian two's complement.
  kInterval,   ///< 12 bytes: months, days, milliseconds.
};

enum class ParquetShape : uint8_t { kLeaf, kGroup, kList, kMap };

/// A field of the schema. Lists and maps are nodes of their own, whatever groups they are written
/// as: a list has one child, its element; a map a key and mostly a value. A repeated field that
/// nothing says more of is a list that is always there.
struct ParquetNode {
  std::string name;
  ParquetShape shape = ParquetShape::kLeaf;
  /// There may be nothing where what is above it is there.
  bool optional = false;
  /// The field is there where the definition level is at least this.
  uint32_t definition = 0;
  /// Levels of lists and maps above it.
  uint32_t repetition = 0;
  /// Lists and maps: there is an element where the definition level is at least this; a repetition
  /// level of `element_repetition` begins another one.
  uint32_t element_definition = 0;
  uint32_t element_repetition = 0;
  std::vector<ParquetNode> children;
  /// Its columns: their place among all of the file, and how many.
  size_t first_leaf = 0;
  size_t leaves = 0;

  // A leaf's own.
  ParquetType type = ParquetType::kBoolean;
  size_t width = 0;  ///< kFixedLenByteArray: bytes, at least 1.
  ParquetMeaning meaning = ParquetMeaning::kBytes;
  int bits = 64;      ///< Of integers.
  int precision = 0;  ///< Of decimals.
  int scale = 0;      ///< Of decimals and times.
  bool utc = false;   ///< Of timestamps: the file says that they are UTC.
};

/// Reads the field `schema` of FileMetaData. The root is a group; what it holds are the columns of
/// the table. Throws kInvalid for what is no schema or has a type that is not supported, kTooLarge
/// for one too deep or too wide.
ParquetNode read_parquet_schema(ThriftDecoder& footer, const ThriftField& field);

/// A name of the schema as messages show it: the first limits::kNameBytes of it.
std::string shown_name(std::string_view name);

}  // namespace sluice
