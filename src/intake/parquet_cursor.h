#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/error.h"
#include "data/char_buffer.h"
#include "intake/level_decoder.h"
#include "intake/parquet_pages.h"
#include "intake/parquet_schema.h"
#include "intake/parquet_values.h"

namespace sluice {

/// Goes through the values and NULLs of one column, one row group after the other. Memory: one page
/// and the dictionary. Whatever it throws names the column. One thread at a time.
class ParquetCursor {
 public:
  /// Both outlive it.
  ParquetCursor(const ParquetNode& leaf, ParquetReading& reading)
      : leaf_(leaf), reading_(reading), pages_(reading) {}

  const ParquetNode& leaf() const { return leaf_; }

  /// Goes on with these pages.
  void begin(const ParquetChunkPlace& chunk);
  /// Whether there is another value or NULL in the row group.
  bool more() { return level_ < levels_ || load_levels(); }
  /// The levels of the one that comes next; `more` was true.
  uint32_t definition() const { return definitions_[level_]; }
  uint32_t repetition() const { return repetitions_[level_]; }
  /// Passes it: the value, valid until the next call of anything, or null for a NULL. Throws
  /// kInvalid where there is none.
  const ParquetValue* take() {
    if (level_ == levels_ && !load_levels()) fail_ended();
    if (definitions_[level_++] != leaf_.definition) return nullptr;
    if (value_ == values_) load_values();
    return &value_block_[value_++];
  }

 private:
  static constexpr size_t kBlock = 512;

  bool load_levels();
  void load_values();
  void load_page();
  void take_dictionary(const ParquetPage& page);
  [[noreturn]] void fail_ended() const;
  [[noreturn]] void rethrow(const Error& error) const;

  const ParquetNode& leaf_;
  ParquetReading& reading_;
  ParquetPages pages_;
  uint64_t left_in_chunk_ = 0;  ///< Values of pages that are not loaded.
  size_t left_in_page_ = 0;     ///< Values of which the levels are not loaded.
  size_t defined_ = 0;          ///< Values of loaded levels that are not loaded.

  bool has_dictionary_ = false;
  CharBuffer dictionary_bytes_;
  std::vector<ParquetValue> dictionary_;
  size_t held_ = 0;

  LevelDecoder definition_levels_;
  LevelDecoder repetition_levels_;
  std::unique_ptr<ParquetValues> page_values_;

  size_t level_ = 0;
  size_t levels_ = 0;
  uint32_t definitions_[kBlock] = {};
  uint32_t repetitions_[kBlock] = {};
  size_t value_ = 0;
  size_t values_ = 0;
  ParquetValue value_block_[kBlock];
};

}  // namespace sluice
