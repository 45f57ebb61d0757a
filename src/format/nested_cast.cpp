#include "format/nested_cast.h"

#include "base/encoding.h"
#include "format/cell_cast.h"

namespace sluice {
namespace {

void put(NestedWriter& writer, const Cell& cell, std::string_view bytes) {
  if (has_bytes(cell.type)) {
    writer.put_bytes(cell.type, bytes);
  } else {
    writer.put(cell);
  }
}

bool is_as_it_must_be(const Cell& cell, const ColumnType& type) {
  return cell.type == plain_type(type) || (type.kind == ColumnKind::kUnsigned &&
                                           cell.type == ValueType::kInteger && cell.integer >= 0);
}

}  // namespace

NestedCast NestedCaster::cast(std::string_view bytes, const ColumnType& type) {
  // Most values need no cast: they are only looked at.
  NestedReader looking(bytes);
  const NestedCast found = walk(looking, type, nullptr);
  if (found != NestedCast::kCast) return found;
  result_.clear();
  NestedReader reader(bytes);
  NestedWriter writer(result_);
  const NestedCast written = walk(reader, type, &writer);
  return written == NestedCast::kAsItIs ? NestedCast::kCast : written;
}

/// Writes what the value becomes. Without a writer it ends with kCast at the first that has to
/// become another one.
NestedCast NestedCaster::walk(NestedReader& reader, const ColumnType& type, NestedWriter* writer) {
  NestedPart part = reader.next();
  if (part.cell.type == ValueType::kNull) {
    if (writer != nullptr) writer->put(part.cell);
    return NestedCast::kAsItIs;
  }
  if (is_nested(type.kind) != (part.cell.type == ValueType::kNested)) return NestedCast::kMisfit;
  if (is_nested(type.kind)) return walk_parts(reader, part.cell.size, type, writer);
  if (is_as_it_must_be(part.cell, type)) {
    const bool text = part.cell.type == ValueType::kText;
    if (text && !is_utf8(part.bytes)) return NestedCast::kNotUtf8;
    if (writer != nullptr) put(*writer, part.cell, part.bytes);
    return NestedCast::kAsItIs;
  }
  if (writer == nullptr) return NestedCast::kCast;
  DecimalBytes decimal;
  if (!cast_cell(part.cell, part.bytes, type, decimal)) return NestedCast::kMisfit;
  if (part.cell.type == ValueType::kBlob) part.bytes = {decimal.data(), part.cell.size};
  put(*writer, part.cell, part.bytes);
  return NestedCast::kAsItIs;
}

NestedCast NestedCaster::walk_parts(NestedReader& reader, uint32_t count, const ColumnType& type,
                                    NestedWriter* writer) {
  const std::vector<ColumnField>& fields = *type.fields;
  const bool is_struct = type.kind == ColumnKind::kStruct;
  if (is_struct && count != fields.size()) return NestedCast::kMisfit;
  if (writer != nullptr) writer->begin(count);
  const size_t values = is_struct ? count : size_t{count} * fields.size();
  for (size_t i = 0; i < values; ++i) {
    const NestedCast found = walk(reader, fields[i % fields.size()].type, writer);
    if (found != NestedCast::kAsItIs) return found;
  }
  return NestedCast::kAsItIs;
}

}  // namespace sluice
