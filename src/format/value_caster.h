#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/batch.h"
#include "data/column_type.h"
#include "domain/format.h"
#include "format/nested_cast.h"

namespace sluice {

/// Who says what a column's type is.
enum class TypeOrigin {
  kEngine,    ///< The engine, which types columns: no look at all rows can find another type.
  kDeclared,  ///< The table: other values are mismatches.
  kGuessed,   ///< The first rows: other values mean that all rows have to be looked at.
  kSurveyed,  ///< All rows were looked at.
};

/// A column as the caster is to make it.
struct CastColumn {
  std::string name;
  ColumnType type;
  TypeOrigin origin = TypeOrigin::kDeclared;
};

/// Casts the cells of batches, in place, to what column_type.h says of their column's type. Only a
/// value that stays the same value fits: `12` in a column of reals, `2024-02-30` in none of dates.
/// Integers in date and time columns are Unix times (domain/date_format.h). A nested value fits
/// where all that is in it does. One thread.
class ValueCaster {
 public:
  ValueCaster(std::vector<CastColumn> columns, TypeMismatch policy)
      : columns_(std::move(columns)), policy_(policy) {}

  /// False when all rows have to be surveyed to find types that hold them: a value does not fit a
  /// guessed type, or one that may become text (kString). The batch is of no more use then.
  /// Throws kInvalid that names column, row, value and the fix: kError, or text that is not UTF-8.
  bool cast(Batch& batch);
  /// Values that did not fit and became NULL, or text in a column that was widened for them.
  uint64_t mismatches() const { return mismatches_; }

 private:
  bool cast_column(Batch& batch, size_t index);
  bool cast_nested_column(Batch& batch, size_t index);
  bool settle(Batch& batch, size_t index, size_t row);
  [[noreturn]] void fail(const Batch& batch, size_t index, size_t row) const;

  std::vector<CastColumn> columns_;
  TypeMismatch policy_;
  NestedCaster nested_;
  uint64_t mismatches_ = 0;
};

/// Whether every value of a batch fits the type, one that a declaration stands for; the batch stays
/// as it is.
bool all_fit(const Batch& batch, size_t column, const ColumnType& type);

}  // namespace sluice
