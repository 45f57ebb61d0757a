#include "format/parquet_shredder.h"

namespace sluice {

ParquetShredder::ParquetShredder(const FileColumn& column,
                                 std::span<const std::unique_ptr<ParquetColumn>> leaves)
    : column_(column) {
  for (const std::unique_ptr<ParquetColumn>& each : leaves) {
    Leaf& leaf = leaves_.emplace_back();
    leaf.column = each.get();
    leaf.values.reset(1);
  }
  root_ = node_of(column.type, 1, 0);
}

/// `definition` is the level of a value that is there; `repetition` that of what stands around it.
ParquetShredder::Node ParquetShredder::node_of(const ColumnType& type, uint8_t definition,
                                               uint8_t repetition) {
  Node node;
  node.kind = type.kind;
  node.definition = definition;
  node.first_leaf = known_leaves_;
  if (type.kind == ColumnKind::kStruct) {
    for (const ColumnField& field : *type.fields) {
      node.parts.push_back(node_of(field.type, definition + 1, repetition));
    }
  } else if (is_nested(type.kind)) {
    // Within an entry the optional ones are one level higher still; a key is not.
    node.repetition = repetition + 1;
    for (const ColumnField& field : *type.fields) {
      const bool is_key = type.kind == ColumnKind::kMap && node.parts.empty();
      const auto within = static_cast<uint8_t>(definition + (is_key ? 1 : 2));
      node.parts.push_back(node_of(field.type, within, node.repetition));
    }
  } else {
    ++known_leaves_;
  }
  node.end_leaf = known_leaves_;
  return node;
}

void ParquetShredder::add(const Batch& batch) {
  for_each_cell(batch, column_.source, [&](const Cell& cell) { put_cell(batch, cell); });
  flush();
}

void ParquetShredder::add(const Batch& batch, std::span<const uint32_t> rows) {
  for_each_cell(batch, column_.source, rows, [&](const Cell& cell) { put_cell(batch, cell); });
  flush();
}

void ParquetShredder::put_cell(const Batch& batch, const Cell& cell) {
  if (cell.type == ValueType::kNull) return put_missing(root_, 0, 0);
  if (cell.type != ValueType::kNested) fail_wrong_kind(column_);
  NestedReader reader(batch.text(cell));
  put(root_, reader, 0, 0);
}

/// `above` is the definition level of a value that is not there.
void ParquetShredder::put(const Node& node, NestedReader& reader, uint8_t above,
                          uint8_t repetition) {
  const NestedPart part = reader.next();
  if (part.cell.type == ValueType::kNull) {
    if (above == node.definition) fail_wrong_kind(column_);  // A key.
    return put_missing(node, above, repetition);
  }
  if (is_nested(node.kind) != (part.cell.type == ValueType::kNested)) fail_wrong_kind(column_);
  if (!is_nested(node.kind)) {
    Leaf& leaf = leaves_[node.first_leaf];
    leaf.levels.add(node.definition, repetition);
    return put_value(leaf, part);
  }
  if (node.kind != ColumnKind::kStruct) {
    return put_entries(node, part.cell.size, reader, repetition);
  }
  if (part.cell.size != node.parts.size()) fail_wrong_kind(column_);
  for (const Node& field : node.parts) put(field, reader, node.definition, repetition);
}

void ParquetShredder::put_entries(const Node& node, uint32_t count, NestedReader& reader,
                                  uint8_t repetition) {
  if (count == 0) return put_missing(node, node.definition, repetition);
  const auto entry = static_cast<uint8_t>(node.definition + 1);
  for (uint32_t i = 0; i < count; ++i) {
    for (const Node& part : node.parts) {
      put(part, reader, entry, i == 0 ? repetition : node.repetition);
    }
  }
}

/// Nothing within the node is there.
void ParquetShredder::put_missing(const Node& node, uint8_t definition, uint8_t repetition) {
  for (size_t i = node.first_leaf; i < node.end_leaf; ++i) {
    leaves_[i].levels.add(definition, repetition);
  }
}

void ParquetShredder::put_value(Leaf& leaf, const NestedPart& part) {
  if (has_bytes(part.cell.type)) {
    leaf.values.add_bytes(0, part.cell.type, part.bytes);
  } else {
    leaf.values.add_cell(0, part.cell);
  }
  leaf.values.end_row();
}

void ParquetShredder::flush() {
  for (Leaf& leaf : leaves_) {
    leaf.column->add(leaf.values, leaf.levels);
    leaf.values.clear();
    leaf.levels.clear();
  }
}

}  // namespace sluice
