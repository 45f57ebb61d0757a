#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/batch.h"

namespace sluice {

/// What ClickHouse would call the types of a result's columns: by their values, which SQLite types
/// one by one, and by what the tables declare; or as an engine says that types columns. One thread.
class AnswerTypes {
 public:
  explicit AnswerTypes(std::vector<ColumnInfo> columns)
      : columns_(std::move(columns)), seen_(columns_.size()) {}

  void look_at(const Batch& batch);
  /// `Int64`, `Float64`, `String`, `Date`, `DateTime`, `UInt8` (BOOLEAN), `Decimal(10, 2)`;
  /// `Nullable(...)` where a NULL was seen; `String` where nothing is known.
  std::string type_of(size_t column) const;

 private:
  std::vector<ColumnInfo> columns_;
  std::vector<uint16_t> seen_;  ///< A bit for each ValueType.
};

}  // namespace sluice
