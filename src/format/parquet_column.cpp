#include "format/parquet_column.h"

#include "base/error.h"

namespace sluice {

ParquetType parquet_type(const ColumnType& type) {
  switch (type.kind) {
    case ColumnKind::kInteger:
    case ColumnKind::kTimestamp:
    case ColumnKind::kUnsigned:
      return ParquetType::kInt64;
    case ColumnKind::kSingle:
      return ParquetType::kFloat;
    case ColumnKind::kReal:
      return ParquetType::kDouble;
    case ColumnKind::kText:
    case ColumnKind::kBytes:
      return ParquetType::kByteArray;
    case ColumnKind::kBoolean:
      return ParquetType::kBoolean;
    case ColumnKind::kDate:
      return ParquetType::kInt32;
    case ColumnKind::kDecimal:
      break;
    case ColumnKind::kList:
    case ColumnKind::kMap:
    case ColumnKind::kStruct:
      throw Error(ErrorCode::kInternal, "Only what a nested type is of has a physical type.");
  }
  return type.precision <= kInt64Digits ? ParquetType::kInt64 : ParquetType::kFixedLenByteArray;
}

std::unique_ptr<ParquetColumn> make_parquet_column(const FileColumn& column, LevelLimits levels) {
  switch (parquet_type(column.type)) {
    case ParquetType::kBoolean:
      return make_parquet_boolean_column(column, levels);
    case ParquetType::kByteArray:
      return make_parquet_text_column(column, levels);
    case ParquetType::kInt32:
    case ParquetType::kInt64:
    case ParquetType::kInt96:
    case ParquetType::kFloat:
    case ParquetType::kDouble:
    case ParquetType::kFixedLenByteArray:
      break;
  }
  return make_parquet_number_column(column, levels);
}

void fail_wrong_kind(const FileColumn& column) {
  throw Error(ErrorCode::kInternal,
              "Column '" + column.name + "' has a value that is not of the column's type.");
}

}  // namespace sluice
