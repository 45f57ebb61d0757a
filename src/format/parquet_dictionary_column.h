#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "format/defined_rows.h"
#include "format/parquet_column.h"
#include "format/parquet_dictionary.h"
#include "format/rle_encoding.h"

namespace sluice {

/// A column whose values go into a dictionary as they come, until that turns out not to pay or is
/// full. Then the values seen so far are written out (it didn't pay), or stay as they are and those
/// of later rows are PLAIN. `Values` holds the values and knows their type:
///
///   Value                       one value, cheap to copy
///   kCell                       the type of its cells
///   value_of(batch, cell)
///   hash(value), size(value)    bytes in the PLAIN encoding
///   equals(id, value)           whether it is that entry of the dictionary
///   add_entry(value), entry_bytes(), entries()   the dictionary, PLAIN
///   add_plain(value), add_plain_entry(id)        values of later rows
///   forget_entries()
///   cut_page(defined, row, most)   of the rows from `row` on: how many the next PLAIN page takes
///   append_page(page)              the values of these rows
///   put_statistics(statistics, ids)  all but NULLs and distinct values
///   kCountsDistinct             whether entries that differ are values that differ
///   bytes(), clear()
template <class Values>
class DictionaryColumn final : public ParquetColumn {
 public:
  template <class... Arguments>
  explicit DictionaryColumn(const FileColumn& column, Arguments&&... arguments)
      : column_(column), values_(std::forward<Arguments>(arguments)...) {}

  void add(const Batch& batch) override {
    for_each_cell(batch, column_.source, [&](const Cell& cell) { add_cell(batch, cell); });
  }
  void add(const Batch& batch, std::span<const uint32_t> rows) override {
    for_each_cell(batch, column_.source, rows, [&](const Cell& cell) { add_cell(batch, cell); });
  }

  size_t bytes() const override {
    return defined_.bytes() + ids_.size() * sizeof(uint32_t) + index_.bytes() + values_.bytes();
  }

  ParquetColumnChunk encode(ParquetPageWriter& pages, std::string& out) override {
    std::optional<int64_t> distinct;
    if (!plain_) {
      if (Values::kCountsDistinct) distinct = index_.size();
      dictionary_rows_ = defined_.rows();
      if (!pays()) write_out_ids();
    }
    pages.begin(out);
    if (dictionary_rows_ > 0) encode_ids(pages);
    for (size_t row = dictionary_rows_; row < defined_.rows();) {
      const size_t rows =
          values_.cut_page(defined_, row, std::min(kPageRows, defined_.rows() - row));
      values_.append_page(pages.begin_data(rows, defined_.bits(), row));
      pages.end_data(ParquetEncoding::kPlain);
      row += rows;
    }
    ParquetColumnChunk chunk = pages.end();
    values_.put_statistics(chunk.statistics, ids_);
    chunk.statistics.nulls = static_cast<int64_t>(defined_.nulls());
    chunk.statistics.distinct = distinct;
    return chunk;
  }

  void clear() override {
    defined_.clear();
    ids_.clear();
    index_.clear();
    values_.clear();
    plain_ = false;
    plain_bytes_ = dictionary_rows_ = entries_ = early_distinct_ = 0;
  }

 private:
  using Value = typename Values::Value;

  void add_cell(const Batch& batch, const Cell& cell) {
    if (cell.type == Values::kCell) [[likely]] {
      add_value(values_.value_of(batch, cell));
      defined_.add_value();
    } else if (cell.type == ValueType::kNull) {
      defined_.add_null();
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
        leave_dictionary();
        return values_.add_plain(value);
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
    dictionary_rows_ = defined_.rows();
    if (!pays()) write_out_ids();
    plain_ = true;
    entries_ = dictionary_rows_ > 0 ? index_.size() : 0;
    index_.clear();
  }

  /// There is no dictionary any more.
  void write_out_ids() {
    for (const uint32_t id : ids_) values_.add_plain_entry(id);
    ids_.clear();
    values_.forget_entries();
    dictionary_rows_ = 0;
  }

  void encode_ids(ParquetPageWriter& pages) {
    pages.write_dictionary(plain_ ? entries_ : index_.size(), values_.entries());
    std::span<const uint32_t> left(ids_);
    for (size_t row = 0; row < dictionary_rows_;) {
      const size_t rows = std::min(kPageRows, dictionary_rows_ - row);
      const std::span<const uint32_t> ids = left.first(defined_.values(row, rows));
      left = left.subspan(ids.size());
      const unsigned width = bit_width(ids.empty() ? 0 : *std::max_element(ids.begin(), ids.end()));
      std::string& page = pages.begin_data(rows, defined_.bits(), row);
      page.push_back(static_cast<char>(width));
      append_rle(page, ids, width);
      pages.end_data(ParquetEncoding::kRleDictionary);
      row += rows;
    }
  }

  const FileColumn& column_;
  Values values_;
  DefinedRows defined_;
  DictionaryIndex index_;
  std::vector<uint32_t> ids_;  ///< Of the values in the dictionary's rows.
  size_t plain_bytes_ = 0;     ///< What these would take as PLAIN.
  size_t early_distinct_ = 0;
  bool plain_ = false;          ///< Later rows are PLAIN.
  size_t dictionary_rows_ = 0;  ///< Rows before these; known when `plain_` is set.
  size_t entries_ = 0;          ///< The dictionary's, when `plain_` is set.
};

}  // namespace sluice
