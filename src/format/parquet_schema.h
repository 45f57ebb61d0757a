#pragma once

#include <string>
#include <vector>

#include "data/column_type.h"
#include "format/parquet_levels.h"
#include "format/thrift_writer.h"

namespace sluice {

/// A column of the file as Parquet sees it: one of the values that a column of the result is of, or
/// the column itself where that is not nested.
struct ParquetLeaf {
  /// `name` is the whole path, for messages; `source` is that of the column.
  FileColumn column;
  std::vector<std::string> path;
  LevelLimits levels;
};

/// The leaves of all columns, in the order of the schema. Throws kInvalid for a type that has none
/// (a struct without fields) or is nested too deep.
std::vector<ParquetLeaf> parquet_leaves(const std::vector<FileColumn>& columns);

/// How many of them a type has.
size_t count_parquet_leaves(const ColumnType& type);

/// Writes the list of SchemaElements as field 2. Lists and maps have the three levels of
/// parquet-format's LogicalTypes.md; only keys of maps are never NULL.
void write_parquet_schema(ThriftWriter& writer, const std::vector<FileColumn>& columns);

}  // namespace sluice
