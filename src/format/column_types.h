#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "data/batch.h"
#include "data/column_type.h"

namespace sluice {

/// The type that a declaration stands for: BOOLEAN, DATE, DATETIME and TIMESTAMP, DECIMAL(p,s) and
/// NUMERIC(p,s) by name, else by SQLite's affinity rules (sqlite.org/datatype3.html, 3.1). Nothing
/// where the values decide: an expression, plain NUMERIC, a name that says nothing.
std::optional<ColumnType> declared_type(std::string_view declaration);

/// What the values of columns are, where no declaration says it: only integers make kInteger,
/// integers and reals kReal, only BLOBs kBytes, anything else kText; so does nothing but NULL.
/// One thread.
class ValueSurvey {
 public:
  explicit ValueSurvey(size_t columns) : seen_(columns) {}
  void look_at(const Batch& batch);
  ColumnType type_of(size_t column) const;
  /// Whether reals stand beside integers that no double can be (beyond 2^53).
  bool mixes_big_integers(size_t column) const;

 private:
  struct Seen {
    bool integer = false;
    bool big_integer = false;
    bool real = false;
    bool text = false;
    bool blob = false;
  };
  std::vector<Seen> seen_;
};

}  // namespace sluice
