#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "format/bit_vector.h"

namespace sluice {

/// The highest levels of a leaf of the schema (parquet-format, "Nested Encoding"): by default those
/// of a column that is not nested.
struct LevelLimits {
  uint8_t definition = 1;  ///< An entry with this one has a value; others say what is missing.
  uint8_t repetition = 0;  ///< How many lists and maps, one in the other, the leaf is in.
};

/// The levels of entries of one leaf, one after the other. A record begins with a repetition of 0.
struct NestedLevels {
  std::vector<uint8_t> definition;
  std::vector<uint8_t> repetition;

  void add(uint8_t defined, uint8_t repeated) {
    definition.push_back(defined);
    repetition.push_back(repeated);
  }
  void clear() {
    definition.clear();
    repetition.clear();
  }
};

/// The entries of a column: of one that is not nested the rows, else those of its leaf. Which of
/// them have a value, and where records begin. Of rows it holds no bits until the first NULL comes.
/// One thread at a time.
class ParquetLevels {
 public:
  explicit ParquetLevels(LevelLimits limits) : limits_(limits) {}

  // Rows.
  void add_value() {
    if (nulls_ > 0) bits_.add(true);
    ++entries_;
  }
  void add_null() {
    if (nulls_ == 0) bits_.add_ones(entries_);
    bits_.add(false);
    ++nulls_;
    ++entries_;
  }
  /// An entry of a leaf.
  void add(uint8_t definition, uint8_t repetition) {
    definitions_.push_back(definition);
    if (limits_.repetition > 0) repetitions_.push_back(repetition);
    if (!is_value(definition)) ++nulls_;
    ++entries_;
  }

  size_t entries() const { return entries_; }
  /// Entries without a value.
  size_t nulls() const { return nulls_; }
  bool is_value(uint8_t definition) const { return definition == limits_.definition; }
  bool has_value(size_t entry) const {
    if (nulls_ == 0) return true;
    return definitions_.empty() ? bits_[entry] : is_value(definitions_[entry]);
  }
  bool begins_record(size_t entry) const {
    return repetitions_.empty() || repetitions_[entry] == 0;
  }
  /// How many of the `count` entries from `first` on have a value.
  size_t values(size_t first, size_t count) const;
  /// How many entries from `first` on, where a record begins, are whole records: up to `most`, but
  /// one record at least. `end` is where a record or the column ends.
  size_t whole_records(size_t first, size_t end, size_t most) const;
  /// Adds the levels of these entries to a data page (v1).
  void append_to(std::string& page, size_t first, size_t count) const;

  size_t bytes() const { return bits_.bytes() + definitions_.size() + repetitions_.size(); }
  void clear();

 private:
  LevelLimits limits_;
  BitVector bits_;  ///< A bit for each row, 1 where it has a value.
  std::vector<uint8_t> definitions_;
  std::vector<uint8_t> repetitions_;
  size_t entries_ = 0;
  size_t nulls_ = 0;
};

}  // namespace sluice
