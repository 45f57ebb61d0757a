#include <cstring>

#include "format/parquet_dictionary_column.h"
#include "format/parquet_statistics.h"

namespace sluice {
namespace {

constexpr size_t kLengthBytes = sizeof(uint32_t);

/// Text or bytes, held as the PLAIN encoding has them: the length in four bytes, then the value.
template <ValueType kType>
class TextValues {
 public:
  using Value = std::string_view;
  static constexpr ValueType kCell = kType;
  static constexpr bool kCountsDistinct = true;

  static Value value_of(const Batch& batch, const Cell& cell) { return batch.text(cell); }
  static uint32_t hash(Value value) { return hash_bytes(value); }
  static size_t size(Value value) { return kLengthBytes + value.size(); }

  bool equals(uint32_t id, Value value) const { return entry(id) == value; }
  void add_entry(Value value) {
    starts_.push_back(static_cast<uint32_t>(entries_.size()));
    append(entries_, value);
    bounds_.add(value);
  }
  size_t entry_bytes() const { return entries_.size(); }
  std::string_view entries() const { return entries_.view(); }
  void forget_entries() {
    entries_.clear();
    starts_.clear();
  }

  void add_plain(Value value) {
    append(plain_, value);
    bounds_.add(value);
  }
  void add_plain_entry(uint32_t id) { append(plain_, entry(id)); }

  size_t cut_page(const ParquetLevels& levels, size_t first, size_t most) {
    page_first_ = page_end_;
    size_t entries = 0;      // Those of whole records,
    size_t end = page_end_;  // and the end of all that were looked at.
    for (size_t i = 0; i < most; ++i) {
      if (levels.begins_record(first + i)) {
        entries = i;
        page_end_ = end;
      }
      if (!levels.has_value(first + i)) continue;
      end += kLengthBytes + length_at(plain_, end);
      if (page_end_ > page_first_ && end - page_first_ > kPageBytes) return entries;
    }
    page_end_ = end;
    return most;
  }
  void append_page(std::string& page) const {
    page.append(plain_.view().substr(page_first_, page_end_ - page_first_));
  }

  void put_statistics(ParquetStatistics& statistics, std::span<const uint32_t>) const {
    bounds_.put_into(statistics, kType == ValueType::kText);
  }

  size_t bytes() const {
    return entries_.size() + starts_.size() * sizeof(uint32_t) + plain_.size();
  }
  void clear() {
    forget_entries();
    plain_.clear();
    bounds_.clear();
    page_first_ = page_end_ = 0;
  }

 private:
  /// Values are often short: written without a call, into the slack behind the length.
  static void append(CharBuffer& out, Value value) {
    const auto length = static_cast<uint32_t>(value.size());
    char* const at = out.room(kLengthBytes + value.size());
    std::memcpy(at, &length, kLengthBytes);
    out.wrote(at + kLengthBytes);
    out.append(value);
  }
  static uint32_t length_at(const CharBuffer& bytes, size_t at) {
    uint32_t length = 0;
    std::memcpy(&length, bytes.data() + at, kLengthBytes);
    return length;
  }
  Value entry(uint32_t id) const {
    const size_t start = starts_[id];
    return {entries_.data() + start + kLengthBytes, length_at(entries_, start)};
  }

  CharBuffer entries_;
  std::vector<uint32_t> starts_;  ///< Of each entry; dictionary_rule::kMostBytes bounds them.
  CharBuffer plain_;
  TextBounds bounds_;
  size_t page_first_ = 0;
  size_t page_end_ = 0;
};

template <ValueType kType>
std::unique_ptr<ParquetColumn> make(const FileColumn& column, LevelLimits levels) {
  return std::make_unique<DictionaryColumn<TextValues<kType>>>(column, levels);
}

}  // namespace

std::unique_ptr<ParquetColumn> make_parquet_text_column(const FileColumn& column,
                                                        LevelLimits levels) {
  return column.type.kind == ColumnKind::kText ? make<ValueType::kText>(column, levels)
                                               : make<ValueType::kBlob>(column, levels);
}

}  // namespace sluice
