#pragma once

#include <cstdint>
#include <string_view>

// What those who write Parquet files and those who read them have in common. Names and numbers are
// those of apache/parquet-format, src/main/thrift/parquet.thrift.
namespace sluice {

/// What a Parquet file begins and ends with.
inline constexpr std::string_view kParquetMagic = "PAR1";

enum class ParquetType : int32_t {
  kBoolean = 0,
  kInt32 = 1,
  kInt64 = 2,
  kInt96 = 3,
  kFloat = 4,
  kDouble = 5,
  kByteArray = 6,
  kFixedLenByteArray = 7,
};

enum class ParquetEncoding : int32_t {
  kPlain = 0,
  kPlainDictionary = 2,
  kRle = 3,
  kBitPacked = 4,
  kDeltaBinaryPacked = 5,
  kDeltaLengthByteArray = 6,
  kDeltaByteArray = 7,
  kRleDictionary = 8,
  kByteStreamSplit = 9,
};

enum class ParquetPageType : int32_t { kData = 0, kIndex = 1, kDictionary = 2, kDataV2 = 3 };

}  // namespace sluice
