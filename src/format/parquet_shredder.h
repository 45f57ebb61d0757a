#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "data/batch.h"
#include "data/nested_value.h"
#include "format/parquet_column.h"

namespace sluice {

/// Takes the values of a nested column apart and gives each leaf its values and levels
/// (parquet-format, "Nested Encoding"). One thread at a time.
class ParquetShredder {
 public:
  /// `leaves` are the columns of the leaves of `column` (parquet_schema.h). All outlive it.
  ParquetShredder(const FileColumn& column, std::span<const std::unique_ptr<ParquetColumn>> leaves);

  /// Throws kInternal for a value that is not of the column's type.
  void add(const Batch& batch);
  void add(const Batch& batch, std::span<const uint32_t> rows);

 private:
  /// A type within the column's type, and the levels that its values have.
  struct Node {
    ColumnKind kind = ColumnKind::kText;
    uint8_t definition = 0;  ///< Of a value that is there.
    uint8_t repetition = 0;  ///< Of a list or map: of every entry but the first.
    size_t first_leaf = 0;
    size_t end_leaf = 0;
    std::vector<Node> parts;
  };
  struct Leaf {
    ParquetColumn* column = nullptr;
    Batch values;  ///< One column.
    NestedLevels levels;
  };

  Node node_of(const ColumnType& type, uint8_t definition, uint8_t repetition);
  void put_cell(const Batch& batch, const Cell& cell);
  void put(const Node& node, NestedReader& reader, uint8_t above, uint8_t repetition);
  void put_entries(const Node& node, uint32_t count, NestedReader& reader, uint8_t repetition);
  void put_missing(const Node& node, uint8_t definition, uint8_t repetition);
  void put_value(Leaf& leaf, const NestedPart& part);
  void flush();

  const FileColumn& column_;
  std::vector<Leaf> leaves_;
  size_t known_leaves_ = 0;  ///< How many of them `node_of` has come to.
  Node root_;
};

}  // namespace sluice
