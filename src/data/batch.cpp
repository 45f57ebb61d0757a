#include "data/batch.h"

namespace sluice {

void Batch::reset(size_t columns) {
  columns_.resize(columns);
  clear();
}

void Batch::clear() {
  rows_ = 0;
  arena_.clear();
  for (auto& column : columns_) column.clear();
}

void Batch::add_integer(size_t column, int64_t value) {
  Cell& cell = columns_[column].emplace_back();
  cell.type = ValueType::kInteger;
  cell.integer = value;
}

void Batch::add_real(size_t column, double value) {
  Cell& cell = columns_[column].emplace_back();
  cell.type = ValueType::kReal;
  cell.real = value;
}

void Batch::put(Cell& cell, ValueType type, std::string_view value) {
  cell.type = type;
  cell.size = static_cast<uint32_t>(value.size());
  cell.offset = arena_.size();
  arena_.append(value);
}

}  // namespace sluice
