#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "format/parquet_column.h"
#include "format/parquet_dictionary.h"
#include "format/rle_encoding.h"

namespace sluice {

/// A column whose values go into a dictionary as they come, until that turns out not to pay or is
/// full. Then the values seen so far are written out (it didn't pay), or stay as they are and those
/// of later entries are PLAIN. `Values` holds the values and knows their type:
///
///   Value                       one value, cheap to copy
///   kCell                       the type of its cells
///   value_of(batch, cell)
///   hash(value), size(value)    bytes in the PLAIN encoding
///   equals(id, value)           whether it is that entry of the dictionary
///   add_entry(value), entry_bytes(), entries()   the dictionary, PLAIN
///   add_plain(value), add_plain_entry(id)        values of later entries
///   forget_entries()
///   cut_page(levels, first, most)  how many entries, whole records, the next PLAIN page takes of
///                                  the `most` from `first` on, which are whole records
///   append_page(page)              the values of these entries
///   put_statistics(statistics, ids)  all but NULLs and distinct values
///   kCountsDistinct             whether entries that differ are values that differ
///   bytes(), clear()
template <class Values>
class DictionaryColumn final : public ParquetColumn {
 public:
  template <class... Arguments>
  DictionaryColumn(const FileColumn& column, LevelLimits levels, Arguments&&... arguments)
      : column_(column), values_(std::forward<Arguments>(arguments)...), levels_(levels) {}

  void add(const Batch& batch) override {
    for_each_cell(batch, column_.source, [&](const Cell& cell) { add_cell(batch, cell); });
  }
  void add(const Batch& batch, std::span<const uint32_t> rows) override {
    for_each_cell(batch, column_.source, rows, [&](const Cell& cell) { add_cell(batch, cell); });
  }

  void add(const Batch& values, const NestedLevels& levels) override {
    size_t value = 0;
    for (size_t i = 0; i < levels.definition.size(); ++i) {
      within_record_ = levels.repetition[i] > 0;
      if (leave_late_ && !within_record_) leave_dictionary();
      if (levels_.is_value(levels.definition[i])) {
        const Cell& cell = values.at(0, value++);
        if (cell.type != Values::kCell) fail_wrong_kind(column_);
        add_value(values_.value_of(values, cell));
      }
      levels_.add(levels.definition[i], levels.repetition[i]);
    }
  }

  size_t bytes() const override {
    return levels_.bytes() + ids_.size() * sizeof(uint32_t) + index_.bytes() + values_.bytes();
  }

  ParquetColumnChunk encode(ParquetPageWriter& pages, std::string& out) override {
    std::optional<int64_t> distinct;
    if (!plain_) {
      if (Values::kCountsDistinct) distinct = index_.size();
      dictionary_entries_ = levels_.entries();
      if (!pays()) write_out_ids();
    }
    pages.begin(out);
    if (dictionary_entries_ > 0) encode_ids(pages);
    for (size_t first = dictionary_entries_; first < levels_.entries();) {
      const size_t most = levels_.whole_records(first, levels_.entries(), kPageEntries);
      const size_t entries = values_.cut_page(levels_, first, most);
      values_.append_page(pages.begin_data(levels_, first, entries));
      pages.end_data(ParquetEncoding::kPlain);
      first += entries;
    }
    ParquetColumnChunk chunk = pages.end();
    values_.put_statistics(chunk.statistics, ids_);
    chunk.statistics.nulls = static_cast<int64_t>(levels_.nulls());
    chunk.statistics.distinct = distinct;
    return chunk;
  }

  void clear() override {
    levels_.clear();
    ids_.clear();
    index_.clear();
    values_.clear();
    plain_ = leave_late_ = within_record_ = false;
    plain_bytes_ = dictionary_entries_ = entries_ = early_distinct_ = 0;
  }

 private:
  using Value = typename Values::Value;

  void add_cell(const Batch& batch, const Cell& cell) {
    if (cell.type == Values::kCell) [[likely]] {
      add_value(values_.value_of(batch, cell));
      levels_.add_value();
    } else if (cell.type == ValueType::kNull) {
      levels_.add_null();
    } else {
      fail_wrong_kind(column_);
    }
  }

  void add_value(Value value) {
    if (plain_) return values_.add_plain(value);
    const uint32_t hash = Values::hash(value);
    uint32_t id = index_.find(hash, [&](uint32_t each) { return values_.equals(each, value); });
    if (id == DictionaryIndex::kNone) {
      if (!may_grow(value)) {
        // Pages begin with records, so the rest of one that has begun is in the dictionary, too.
        leave_late_ = within_record_;
        if (!leave_late_) {
          leave_dictionary();
          return values_.add_plain(value);
        }
      }
      id = index_.add(hash);
      values_.add_entry(value);
      if (ids_.size() < dictionary_rule::kEarly) early_distinct_ = index_.size();
    }
    ids_.push_back(id);
    plain_bytes_ += Values::size(value);
  }

  bool may_grow(Value value) const {
    return values_.entry_bytes() + Values::size(value) <= dictionary_rule::kMostBytes &&
           !dictionary_rule::is_hopeless(seen());
  }

  dictionary_rule::Seen seen() const { return {ids_.size(), index_.size(), early_distinct_}; }

  bool pays() const { return dictionary_rule::pays(seen(), plain_bytes_, values_.entry_bytes()); }

  void leave_dictionary() {
    dictionary_entries_ = levels_.entries();
    if (!pays()) write_out_ids();
    plain_ = true;
    leave_late_ = false;
    entries_ = dictionary_entries_ > 0 ? index_.size() : 0;
    index_.clear();
  }

  /// There is no dictionary any more.
  void write_out_ids() {
    for (const uint32_t id : ids_) values_.add_plain_entry(id);
    ids_.clear();
    values_.forget_entries();
    dictionary_entries_ = 0;
  }

  void encode_ids(ParquetPageWriter& pages) {
    pages.write_dictionary(plain_ ? entries_ : index_.size(), values_.entries());
    std::span<const uint32_t> left(ids_);
    for (size_t first = 0; first < dictionary_entries_;) {
      const size_t entries = levels_.whole_records(first, dictionary_entries_, kPageEntries);
      const std::span<const uint32_t> ids = left.first(levels_.values(first, entries));
      left = left.subspan(ids.size());
      const unsigned width = bit_width(ids.empty() ? 0 : *std::max_element(ids.begin(), ids.end()));
      std::string& page = pages.begin_data(levels_, first, entries);
      page.push_back(static_cast<char>(width));
      append_rle(page, ids, width);
      pages.end_data(ParquetEncoding::kRleDictionary);
      first += entries;
    }
  }

  const FileColumn& column_;
  Values values_;
  ParquetLevels levels_;
  DictionaryIndex index_;
  std::vector<uint32_t> ids_;  ///< Of the values in the dictionary's entries.
  size_t plain_bytes_ = 0;     ///< What these would take as PLAIN.
  size_t early_distinct_ = 0;
  bool plain_ = false;             ///< Later entries are PLAIN.
  bool leave_late_ = false;        ///< Those behind this record will be.
  bool within_record_ = false;     ///< The entry is not the first of its record.
  size_t dictionary_entries_ = 0;  ///< Entries before these; known when `plain_` is set.
  size_t entries_ = 0;             ///< The dictionary's, when `plain_` is set.
};

}  // namespace sluice
