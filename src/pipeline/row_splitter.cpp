#include "pipeline/row_splitter.h"

namespace sluice {

size_t RowSplitter::number_of(const std::string& key) {
  const auto [found, is_new] = numbers_.try_emplace(key, rows_.size());
  if (is_new) {
    names_.push_back(&found->first);
    rows_.emplace_back();
  }
  return found->second;
}

void RowSplitter::split(const Batch& batch) {
  for (const size_t number : touched_) rows_[number].clear();
  touched_.clear();
  std::string key;
  std::string last_key;
  std::vector<uint32_t>* rows = nullptr;
  for (uint32_t row = 0; row < batch.rows(); ++row) {
    if (builder_.is_single_file()) {
      key = builder_.single_key();
    } else {
      builder_.key_of(batch, row, key);
    }
    if (rows == nullptr || key != last_key) {
      const size_t number = number_of(key);
      rows = &rows_[number];
      last_key = key;
      if (rows->empty()) touched_.push_back(number);
    }
    rows->push_back(row);
  }
}

void RowSplitter::clear() {
  numbers_.clear();
  names_.clear();
  rows_.clear();
  touched_.clear();
}

}  // namespace sluice
