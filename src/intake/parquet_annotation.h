#pragma once

#include <cstdint>
#include <optional>

#include "data/thrift_decoder.h"
#include "intake/parquet_schema.h"

namespace sluice {

/// What a schema element says about its meaning, in the way of today or in the older one.
enum class ParquetAnnotation : uint8_t {
  kNone,
  kString,
  kMap,
  kList,
  kEnum,
  kDecimal,
  kDate,
  kTime,
  kTimestamp,
  kInteger,
  kJson,
  kUuid,
  kFloat16,
  kInterval,
  kVariant,
};

struct ParquetLogicalType {
  ParquetAnnotation annotation = ParquetAnnotation::kNone;
  int precision = 0;
  int scale = 0;  ///< Of decimals, and of times: digits of a second's fraction.
  int bits = 64;  ///< Of integers.
  bool is_signed = true;
  bool utc = false;  ///< Of timestamps.
};

/// Reads the union LogicalType. What it does not know is kNone.
ParquetLogicalType read_logical_type(ThriftDecoder& in, const ThriftField& field);
/// By the number of ConvertedType; of a decimal without its digits.
ParquetLogicalType converted_type(int32_t number);

/// Gives the leaf its meaning by its physical type and what is said about it. What is said and can
/// not be of that type is left out of account, as the format asks of readers; a decimal with digits
/// that make no sense throws kInvalid.
void settle_meaning(ParquetNode& leaf, const ParquetLogicalType& logical);

}  // namespace sluice
