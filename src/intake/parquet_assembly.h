#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "intake/parquet_cursor.h"
#include "intake/parquet_file.h"
#include "intake/parquet_schema.h"

namespace sluice {

/// Puts the values of a field that has fields of its own together, row by row, as JSON: groups and
/// maps as objects, lists as arrays. A map whose keys are no single values is an array of pairs.
/// How levels tell which values belong together: "Dremel: Interactive Analysis of Web-Scale
/// Datasets" (Melnik et al., 2010). One thread at a time.
class ParquetAssembly {
 public:
  /// Both outlive it.
  ParquetAssembly(const ParquetNode& node, ParquetReading& reading);

  /// Goes on with a row group: the chunks of all of its leaves.
  void begin(const std::vector<ParquetChunkPlace>& chunks);
  /// Whether the row group has another row.
  bool more() { return cursors_.front()->more(); }
  /// Adds the next row's value; false, and nothing added, where it is NULL. Throws kInvalid where
  /// the columns do not agree on how many elements there are, kTooLarge for more than
  /// limits::kValueBytes.
  bool append_row(std::string& out);

 private:
  ParquetCursor& first_of(const ParquetNode& node) {
    return *cursors_[node.first_leaf - node_.first_leaf];
  }
  /// The level of what comes next, which has to be there.
  uint32_t definition_at(const ParquetNode& node);
  void append(std::string& out, const ParquetNode& node);
  void append_group(std::string& out, const ParquetNode& node);
  void append_list(std::string& out, const ParquetNode& node);
  void append_map(std::string& out, const ParquetNode& node);
  void append_key(std::string& out, const ParquetNode& key);
  void append_leaf(std::string& out, const ParquetNode& leaf);
  template <class Append>
  void for_each_element(std::string& out, const ParquetNode& node, const Append& append_element);
  /// Throws kInvalid where a leaf below has nothing in it where the others do.
  void require(const ParquetNode& node, uint32_t definition);
  /// Passes a NULL, or a list without elements, in all leaves below.
  void pass(const ParquetNode& node, uint32_t below);
  /// Whether another element of the list follows, by all leaves below alike.
  bool another(const ParquetNode& node, uint32_t repetition);
  [[noreturn]] static void fail_disagree(const ParquetNode& node);

  const ParquetNode& node_;
  std::vector<std::unique_ptr<ParquetCursor>> cursors_;  ///< Of the leaves, in their order.
  size_t row_begin_ = 0;                                 ///< In what the row is added to.
};

}  // namespace sluice
