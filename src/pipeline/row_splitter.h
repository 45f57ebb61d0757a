#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pipeline/key_builder.h"

namespace sluice {

/// Tells which rows of a batch belong to which key. Keys are numbered from 0 in the order in which
/// they first appear. One thread.
class RowSplitter {
 public:
  explicit RowSplitter(KeyBuilder keys) : builder_(std::move(keys)) {}

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
  KeyBuilder builder_;
  std::unordered_map<std::string, size_t> numbers_;
  std::vector<const std::string*> names_;  ///< Into `numbers_`, whose nodes stay where they are.
  std::vector<std::vector<uint32_t>> rows_;
  std::vector<size_t> touched_;
};

}  // namespace sluice
