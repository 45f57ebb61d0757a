#include "pipeline/row_splitter.h"

namespace sluice {
namespace {

constexpr size_t kKnownTexts = 16384;

}  // namespace

size_t RowSplitter::number_of(const std::string& key) {
  // Rows of one key often stand together.
  if (last_ < names_.size() && key == *names_[last_]) return last_;
  const auto [found, is_new] = numbers_.try_emplace(key, rows_.size());
  if (is_new) {
    names_.push_back(&found->first);
    rows_.emplace_back();
  }
  return last_ = found->second;
}

size_t RowSplitter::number_of_text(const Batch& batch, size_t row, std::string_view text) {
  const auto known = known_texts_.find(text);
  if (known != known_texts_.end()) return known->second;
  builder_.key_of(batch, row, scratch_);
  const size_t number = number_of(scratch_);
  if (known_texts_.size() >= kKnownTexts) known_texts_.clear();
  known_texts_.emplace(text, number);
  return number;
}

size_t RowSplitter::number_of_cell(const Batch& batch, size_t row, const Cell& cell) {
  // A `real` is compared by its eight bytes, too.
  const bool same = cell.type == last_cell_.type && cell.integer == last_cell_.integer &&
                    (cell.type != ValueType::kTimestamp || cell.size == last_cell_.size);
  if (same) return last_cell_number_;
  builder_.key_of(batch, row, scratch_);
  last_cell_ = cell;
  return last_cell_number_ = number_of(scratch_);
}

size_t RowSplitter::number_of_row(const Batch& batch, size_t row) {
  if (builder_.is_single_file()) return number_of(builder_.single_key());
  if (only_column_) {
    const Cell& cell = batch.at(*only_column_, row);
    if (cell.type == ValueType::kText) return number_of_text(batch, row, batch.text(cell));
  }
  if (deciding_column_) {
    const Cell& cell = batch.at(*deciding_column_, row);
    if (cell.type != ValueType::kNull && !has_bytes(cell.type)) {
      return number_of_cell(batch, row, cell);
    }
  }
  builder_.key_of(batch, row, scratch_);
  return number_of(scratch_);
}

void RowSplitter::split(const Batch& batch) {
  for (const size_t number : touched_) rows_[number].clear();
  touched_.clear();
  for (uint32_t row = 0; row < batch.rows(); ++row) {
    const size_t number = number_of_row(batch, row);
    if (rows_[number].empty()) touched_.push_back(number);
    rows_[number].push_back(row);
  }
}

void RowSplitter::clear() {
  numbers_.clear();
  known_texts_.clear();
  names_.clear();
  rows_.clear();
  touched_.clear();
  last_cell_ = Cell();
}

}  // namespace sluice
