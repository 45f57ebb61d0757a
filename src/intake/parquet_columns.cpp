#include <algorithm>
#include <set>
#include <string>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "domain/json_path.h"
#include "intake/csv_records.h"
#include "intake/parquet_file.h"
#include "intake/parquet_records.h"

namespace sluice {
namespace {

std::string leaf_type(const ParquetNode& leaf) {
  switch (leaf.meaning) {
    case ParquetMeaning::kBoolean:
      return "Bool";
    case ParquetMeaning::kInteger:
      return "Int" + std::to_string(leaf.bits);
    case ParquetMeaning::kUnsigned:
      return "UInt" + std::to_string(leaf.bits);
    case ParquetMeaning::kReal:
      return leaf.type == ParquetType::kFloat ? "Float32" : "Float64";
    case ParquetMeaning::kHalf:
      return "Float32";
    case ParquetMeaning::kJson:
      return "JSON";
    case ParquetMeaning::kUuid:
      return "UUID";
    case ParquetMeaning::kDate:
      return "Date";
    case ParquetMeaning::kTimestamp:
      // Data sources keep microseconds.
      return "DateTime64(" + std::to_string(std::min(leaf.scale, 6)) + ")";
    case ParquetMeaning::kInt96:
      return "DateTime64(6)";
    case ParquetMeaning::kDecimal:
      return "Decimal(" + std::to_string(leaf.precision) + ", " + std::to_string(leaf.scale) + ")";
    case ParquetMeaning::kText:
    case ParquetMeaning::kBytes:
    case ParquetMeaning::kTime:
    case ParquetMeaning::kInterval:
      break;
  }
  return "String";
}

std::string type_of(const ParquetNode& node) {
  std::string type = "JSON";
  if (node.shape == ParquetShape::kLeaf) type = leaf_type(node);
  if (node.shape == ParquetShape::kList) type = "Array(" + type_of(node.children[0]) + ")";
  if (node.shape == ParquetShape::kMap && node.children.size() == 2 &&
      node.children[0].shape == ParquetShape::kLeaf) {
    type = "Map(" + leaf_type(node.children[0]) + ", " + type_of(node.children[1]) + ")";
  }
  return node.optional ? "Nullable(" + type + ")" : type;
}

/// A name that a column of a data source may have, as near to the file's as it goes.
std::string column_name(const std::string& field) {
  const std::string name = csv_column_name(field);
  const std::string lower = ascii_lower(name);
  return lower == "rowid" || lower == "_rowid_" ? name + "_" : name;
}

/// Adds a number where the name, without regard to case, is taken.
std::string free_name(const std::string& name, std::set<std::string>& taken) {
  for (int number = 1;; ++number) {
    std::string free = number == 1 ? name : name + "_" + std::to_string(number);
    if (taken.insert(ascii_lower(free)).second) return free;
  }
}

}  // namespace

std::vector<DataColumn> parquet_columns(const ByteRange& bytes) {
  const ParquetFile file(bytes);
  const std::vector<ParquetNode>& fields = file.root().children;
  if (fields.empty()) {
    throw Error(ErrorCode::kInvalid, "The Parquet file has no columns.",
                "Write it again with columns.");
  }
  if (fields.size() > limits::kColumns) {
    throw Error(ErrorCode::kTooLarge,
                "The Parquet file has " + std::to_string(fields.size()) +
                    " columns; a data source has at most " + std::to_string(limits::kColumns) + ".",
                "Say with a schema which of them to take.");
  }
  std::vector<DataColumn> columns;
  std::set<std::string> taken;
  for (const ParquetNode& field : fields) {
    DataColumn& column = columns.emplace_back();
    if (field.name.find('`') != std::string::npos) {
      throw Error(ErrorCode::kInvalid,
                  "The column '" + shown_name(field.name) +
                      "' of the Parquet file has a backquote in its name.",
                  "Write it under another name: no schema could say where it is.");
    }
    column.name = free_name(column_name(field.name), taken);
    if (column.name != field.name) column.json_path = json_path_of({field.name});
    column.type = type_of(field);
    settle_type(column);
  }
  return columns;
}

}  // namespace sluice
