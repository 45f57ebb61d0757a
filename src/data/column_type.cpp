#include "data/column_type.h"

#include <array>
#include <string_view>

namespace sluice {
namespace {

std::string names_of(const std::vector<ColumnField>& fields, bool with_names) {
  std::string names;
  for (const ColumnField& field : fields) {
    if (!names.empty()) names += ',';
    if (with_names) names += field.name + " ";
    names += type_name(field.type);
  }
  return names;
}

}  // namespace

std::string type_name(const ColumnType& type) {
  constexpr std::array<std::string_view, 13> kNames = {
      "integer", "real",     "text",   "bytes", "boolean", "date",  "timestamp",
      "decimal", "unsigned", "single", "list",  "map",     "struct"};
  std::string name(kNames.at(static_cast<size_t>(type.kind)));
  if (type.kind == ColumnKind::kDecimal) {
    name += "(" + std::to_string(type.precision) + "," + std::to_string(type.scale) + ")";
  }
  if (type.kind == ColumnKind::kTimestamp && type.scale == 9) name += "(9)";
  if (type.fields) {
    name += "(" + names_of(*type.fields, type.kind == ColumnKind::kStruct) + ")";
  }
  return name;
}

}  // namespace sluice
