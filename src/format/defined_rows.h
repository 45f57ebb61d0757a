#pragma once

#include <cstddef>

#include "format/bit_vector.h"

namespace sluice {

/// Which rows of a column have a value. Holds no bits until the first NULL comes. One thread at a
/// time.
class DefinedRows {
 public:
  void add_value() {
    if (nulls_ > 0) bits_.add(true);
    ++rows_;
  }
  void add_null() {
    if (nulls_ == 0) bits_.add_ones(rows_);
    bits_.add(false);
    ++nulls_;
    ++rows_;
  }

  size_t rows() const { return rows_; }
  size_t nulls() const { return nulls_; }
  bool has_value(size_t row) const { return nulls_ == 0 || bits_[row]; }
  /// How many of the `count` rows from `first` on have one.
  size_t values(size_t first, size_t count) const {
    return nulls_ == 0 ? count : bits_.ones(first, count);
  }
  /// A bit for each row, 1 where it has a value; null while every row has one.
  const BitVector* bits() const { return nulls_ == 0 ? nullptr : &bits_; }
  size_t bytes() const { return bits_.bytes(); }
  void clear() {
    bits_.clear();
    rows_ = nulls_ = 0;
  }

 private:
  BitVector bits_;
  size_t rows_ = 0;
  size_t nulls_ = 0;
};

}  // namespace sluice
