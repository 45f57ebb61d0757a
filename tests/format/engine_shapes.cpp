#include "format/engine_values.h"
#include "format/parquet_kinds.h"

namespace sluice {
namespace {

class EngineColumns {
 public:
  /// `most` entries in each list or map.
  void add(const ColumnType& type, uint64_t most) {
    columns_.push_back({{"c" + std::to_string(columns_.size()), type, columns_.size()},
                        [type, most](Chance& chance, uint64_t) -> Value {
                          return EngineValues(chance, most).value(type);
                        }});
  }
  std::vector<MadeColumn> take() { return std::move(columns_); }

 private:
  std::vector<MadeColumn> columns_;
};

/// Every kind in a list, as a value of a map and in a struct, and some that are nested deep.
void add_nested(EngineColumns& columns) {
  const ColumnType text{ColumnKind::kText};
  const ColumnType integer{ColumnKind::kInteger};
  std::vector<ColumnField> all;
  for (const ColumnType& leaf : leaf_types()) {
    columns.add(list_of(leaf), 4);
    columns.add(map_of(text, leaf), 3);
    all.push_back({type_name(leaf), leaf});
  }
  columns.add(struct_of(all), 1);
  columns.add(list_of(struct_of(all)), 3);
  columns.add(struct_of({{"1", text}, {"2", struct_of({{"1", integer}})}}), 1);
  columns.add(list_of(list_of(list_of(list_of(list_of(integer))))), 3);
  columns.add(map_of(text, map_of(integer, list_of(map_of(text, text)))), 3);
  columns.add(list_of(struct_of({{"m", map_of(integer, struct_of({{"l", list_of(text)}}))}})), 3);
}

/// Records that are longer than a page, and dictionaries that end within them.
void add_long_lists(EngineColumns& columns) {
  columns.add(list_of({ColumnKind::kInteger}), 50000);
  columns.add(list_of({ColumnKind::kText}), 50000);
  columns.add(list_of({ColumnKind::kBoolean}), 50000);
  columns.add(map_of({ColumnKind::kText}, {ColumnKind::kDecimal, 38, 10}), 30000);
  columns.add(list_of(list_of({ColumnKind::kReal})), 200);
}

}  // namespace

std::vector<MadeColumn> engine_columns(std::string_view shape, Chance& chance) {
  EngineColumns columns;
  if (shape == "engine") {
    for (const ColumnType& type : leaf_types()) columns.add(type, 0);
  } else if (shape == "long_decimals") {
    for (const int scale : {0, 10, 76}) {
      columns.add({ColumnKind::kDecimal, 76, scale}, 0);
      columns.add(list_of({ColumnKind::kDecimal, 76, scale}), 3);
    }
  } else if (shape == "nested") {
    add_nested(columns);
  } else if (shape == "random_nested") {
    for (int i = 0; i < 20; ++i) columns.add(random_type(chance, 1 + i % 5), 3);
  } else if (shape == "long_lists") {
    add_long_lists(columns);
  }
  return columns.take();
}

}  // namespace sluice
