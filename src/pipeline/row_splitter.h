#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pipeline/key_builder.h"

namespace sluice {

/// Tells which rows of a batch belong to which key. Keys are numbered from 0 in the order in which
/// they first appear. One thread.
class RowSplitter {
 public:
  explicit RowSplitter(KeyBuilder keys)
      : builder_(std::move(keys)),
        only_column_(builder_.only_column()),
        deciding_column_(builder_.deciding_column()) {}

  /// What was told of the batch before is gone. Throws as KeyBuilder::key_of does.
  void split(const Batch& batch);
  /// The keys that have rows in the batch, in the order of their first rows.
  std::span<const size_t> touched() const { return touched_; }
  /// The rows of one of them, rising.
  std::span<const uint32_t> rows(size_t number) const { return rows_[number]; }

  size_t number_of(const std::string& key);
  size_t keys() const { return rows_.size(); }
  const std::string& key(size_t number) const { return *names_[number]; }
  const KeyBuilder& builder() const { return builder_; }
  /// Forgets all keys.
  void clear();

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  size_t number_of_row(const Batch& batch, size_t row);
  size_t number_of_cell(const Batch& batch, size_t row, const Cell& cell);
  size_t number_of_text(const Batch& batch, size_t row, std::string_view text);

  KeyBuilder builder_;
  std::optional<size_t> only_column_;
  std::optional<size_t> deciding_column_;
  /// Of the deciding column: a value that is in the cell itself and has not changed since the row
  /// before has the same key. NULL: there was none.
  Cell last_cell_;
  size_t last_cell_number_ = 0;
  /// Of texts of the only column seen lately, to spare the making of their keys.
  std::unordered_map<std::string, size_t, Hash, std::equal_to<>> known_texts_;
  std::string scratch_;
  std::unordered_map<std::string, size_t> numbers_;
  std::vector<const std::string*> names_;  ///< Into `numbers_`, whose nodes stay where they are.
  std::vector<std::vector<uint32_t>> rows_;
  std::vector<size_t> touched_;
  size_t last_ = 0;
};

}  // namespace sluice
