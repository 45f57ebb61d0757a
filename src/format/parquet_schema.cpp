#include "format/parquet_schema.h"

#include <limits>

#include "base/error.h"
#include "format/parquet_column.h"

namespace sluice {
namespace {

using Element = ThriftWriter::Element;

/// What a group is made of that repeats within a list or a map, and the names of its parts.
struct Repeated {
  std::string_view name;
  std::vector<std::string> parts;
};

const Repeated& repeated_of(ColumnKind kind) {
  static const Repeated kListParts = {"list", {"element"}};
  static const Repeated kMapParts = {"key_value", {"key", "value"}};
  return kind == ColumnKind::kMap ? kMapParts : kListParts;
}

enum ConvertedType : int32_t {
  kUtf8 = 0,
  kOldMap = 1,
  kOldList = 3,
  kDecimal = 5,
  kDate = 6,
  kTimestampMicros = 10,
  kUint64 = 14,
};
enum LogicalType : int {
  kStringType = 1,
  kMapType = 2,
  kListType = 3,
  kDecimalType = 5,
  kDateType = 6,
  kTimestampType = 8,
  kIntegerType = 10,
};
enum TimeUnitField : int { kMicros = 2, kNanos = 3 };
enum Repetition : int32_t { kRequired = 0, kOptional = 1, kRepeated = 2 };

// Field ids of the struct SchemaElement.
constexpr int kConvertedField = 6;
constexpr int kLogicalField = 10;

/// The logical type of a column, in the old way and, where there is one, in the new one.
void write_logical_type(ThriftWriter& writer, const ColumnType& type) {
  switch (type.kind) {
    case ColumnKind::kText:
      writer.int32(kConvertedField, kUtf8);
      writer.begin_struct(kLogicalField);
      writer.empty_struct(kStringType);
      return writer.end_struct();
    case ColumnKind::kDate:
      writer.int32(kConvertedField, kDate);
      writer.begin_struct(kLogicalField);
      writer.empty_struct(kDateType);
      return writer.end_struct();
    case ColumnKind::kTimestamp:
      // The old way has no name for nanoseconds.
      if (type.scale != 9) writer.int32(kConvertedField, kTimestampMicros);
      writer.begin_struct(kLogicalField);
      writer.begin_struct(kTimestampType);
      writer.boolean(1, true);  // isAdjustedToUTC
      writer.begin_struct(2);   // unit
      writer.empty_struct(type.scale == 9 ? kNanos : kMicros);
      writer.end_struct();
      writer.end_struct();
      return writer.end_struct();
    case ColumnKind::kDecimal:
      writer.int32(kConvertedField, kDecimal);
      writer.int32(7, type.scale);
      writer.int32(8, type.precision);
      writer.begin_struct(kLogicalField);
      writer.begin_struct(kDecimalType);
      writer.int32(1, type.scale);
      writer.int32(2, type.precision);
      writer.end_struct();
      return writer.end_struct();
    case ColumnKind::kList:
      writer.int32(kConvertedField, kOldList);
      writer.begin_struct(kLogicalField);
      writer.empty_struct(kListType);
      return writer.end_struct();
    case ColumnKind::kMap:
      writer.int32(kConvertedField, kOldMap);
      writer.begin_struct(kLogicalField);
      writer.empty_struct(kMapType);
      return writer.end_struct();
    case ColumnKind::kUnsigned:
      writer.int32(kConvertedField, kUint64);
      writer.begin_struct(kLogicalField);
      writer.begin_struct(kIntegerType);
      writer.byte(1, 64);
      writer.boolean(2, false);  // isSigned
      writer.end_struct();
      return writer.end_struct();
    case ColumnKind::kInteger:
    case ColumnKind::kReal:
    case ColumnKind::kBytes:
    case ColumnKind::kBoolean:
    case ColumnKind::kSingle:
    case ColumnKind::kStruct:
      return;
  }
}

/// A group of `children`; `type` where it is annotated.
void write_group(ThriftWriter& writer, std::string_view name, Repetition repetition,
                 size_t children, const ColumnType* type) {
  writer.begin_struct();
  writer.int32(3, repetition);
  writer.binary(4, name);
  writer.int32(5, static_cast<int32_t>(children));
  if (type != nullptr) write_logical_type(writer, *type);
  writer.end_struct();
}

void write_leaf(ThriftWriter& writer, std::string_view name, Repetition repetition,
                const ColumnType& type) {
  const ParquetType physical = parquet_type(type);
  writer.begin_struct();
  writer.int32(1, static_cast<int32_t>(physical));
  if (physical == ParquetType::kFixedLenByteArray) {
    writer.int32(2, static_cast<int32_t>(decimal_bytes(type)));
  }
  writer.int32(3, repetition);
  writer.binary(4, name);
  write_logical_type(writer, type);
  writer.end_struct();
}

/// The element and, depth first, those within it.
void write_elements(ThriftWriter& writer, std::string_view name, Repetition repetition,
                    const ColumnType& type) {
  if (!is_nested(type.kind)) return write_leaf(writer, name, repetition, type);
  const std::vector<ColumnField>& fields = *type.fields;
  if (type.kind == ColumnKind::kStruct) {
    write_group(writer, name, repetition, fields.size(), &type);
    for (const ColumnField& field : fields) {
      write_elements(writer, field.name, kOptional, field.type);
    }
    return;
  }
  const Repeated& repeated = repeated_of(type.kind);
  write_group(writer, name, repetition, 1, &type);
  write_group(writer, repeated.name, kRepeated, repeated.parts.size(), nullptr);
  for (size_t i = 0; i < repeated.parts.size(); ++i) {
    const bool is_key = type.kind == ColumnKind::kMap && i == 0;
    write_elements(writer, repeated.parts[i], is_key ? kRequired : kOptional, fields.at(i).type);
  }
}

size_t count_elements(const ColumnType& type) {
  if (!is_nested(type.kind)) return 1;
  size_t count = type.kind == ColumnKind::kStruct ? 1 : 2;
  for (const ColumnField& field : *type.fields) count += count_elements(field.type);
  return count;
}

/// Collects the leaves of one column.
class LeafFinder {
 public:
  LeafFinder(const FileColumn& column, std::vector<ParquetLeaf>& leaves)
      : column_(column), leaves_(leaves) {}

  /// `levels` are those of what stands around the value.
  void find(std::string name, const ColumnType& type, LevelLimits levels, bool optional) {
    path_.push_back(std::move(name));
    if (optional) raise(levels.definition);
    if (!is_nested(type.kind)) {
      add(type, levels);
    } else if (type.kind == ColumnKind::kStruct) {
      find_fields(type, levels);
    } else {
      find_repeated(type, levels);
    }
    path_.pop_back();
  }

 private:
  void find_fields(const ColumnType& type, LevelLimits levels) {
    if (type.fields->empty()) {
      throw Error(ErrorCode::kInvalid,
                  "Parquet has no place for column '" + column_.name +
                      "': it has a tuple without elements.",
                  "Leave it out, or select another value.");
    }
    for (const ColumnField& field : *type.fields) find(field.name, field.type, levels, true);
  }

  void find_repeated(const ColumnType& type, LevelLimits levels) {
    const Repeated& repeated = repeated_of(type.kind);
    path_.emplace_back(repeated.name);
    raise(levels.definition);
    raise(levels.repetition);
    for (size_t i = 0; i < repeated.parts.size(); ++i) {
      const bool is_key = type.kind == ColumnKind::kMap && i == 0;
      find(repeated.parts[i], type.fields->at(i).type, levels, !is_key);
    }
    path_.pop_back();
  }

  void raise(uint8_t& level) const {
    if (level == std::numeric_limits<uint8_t>::max()) {
      throw Error(ErrorCode::kInvalid,
                  "The type of column '" + column_.name + "' is nested too deep for Parquet.",
                  "Leave it out, or write it as text in the query.");
    }
    ++level;
  }

  void add(const ColumnType& type, LevelLimits levels) {
    std::string name;
    for (const std::string& part : path_) name += name.empty() ? part : "." + part;
    leaves_.push_back({{std::move(name), type, column_.source}, path_, levels});
  }

  const FileColumn& column_;
  std::vector<ParquetLeaf>& leaves_;
  std::vector<std::string> path_;
};

}  // namespace

std::vector<ParquetLeaf> parquet_leaves(const std::vector<FileColumn>& columns) {
  std::vector<ParquetLeaf> leaves;
  for (const FileColumn& column : columns) {
    LeafFinder(column, leaves).find(column.name, column.type, {0, 0}, true);
  }
  return leaves;
}

size_t count_parquet_leaves(const ColumnType& type) {
  if (!is_nested(type.kind)) return 1;
  size_t count = 0;
  for (const ColumnField& field : *type.fields) count += count_parquet_leaves(field.type);
  return count;
}

void write_parquet_schema(ThriftWriter& writer, const std::vector<FileColumn>& columns) {
  size_t elements = 1;
  for (const FileColumn& column : columns) elements += count_elements(column.type);
  writer.list(2, Element::kStruct, elements);
  writer.begin_struct();
  writer.binary(4, "schema");
  writer.int32(5, static_cast<int32_t>(columns.size()));
  writer.end_struct();
  for (const FileColumn& column : columns) {
    write_elements(writer, column.name, kOptional, column.type);
  }
}

}  // namespace sluice
