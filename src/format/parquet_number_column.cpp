#include <cstring>
#include <limits>
#include <span>
#include <type_traits>

#include "base/error.h"
#include "format/parquet_dictionary_column.h"
#include "format/parquet_statistics.h"

namespace sluice {
namespace {

/// Values of a fixed size; `Number` is stored as the PLAIN encoding has it.
template <class Number, ValueType kType>
class NumberValues {
 public:
  using Value = Number;
  static constexpr ValueType kCell = kType;
  /// Two zeros and the NaNs are entries of their own, but not values of their own.
  static constexpr bool kCountsDistinct = !std::is_floating_point_v<Number>;

  explicit NumberValues(const FileColumn& column) : column_(column) {}

  Value value_of(const Batch& batch, const Cell& cell) const {
    if constexpr (std::is_floating_point_v<Number>) {
      return static_cast<Number>(cell.real);
    } else if constexpr (std::is_integral_v<Number> && sizeof(Number) == sizeof cell.integer) {
      return static_cast<Number>(cell.integer);
    } else if constexpr (std::is_same_v<Number, int32_t>) {
      if (cell.integer < std::numeric_limits<int32_t>::min() ||
          cell.integer > std::numeric_limits<int32_t>::max()) {
        fail_wrong_kind(column_);
      }
      return static_cast<int32_t>(cell.integer);
    } else {
      Number fixed;
      if (cell.size != fixed.size()) fail_wrong_kind(column_);
      std::memcpy(fixed.data(), batch.text(cell).data(), fixed.size());
      return fixed;
    }
  }

  static uint32_t hash(const Value& value) {
    if constexpr (sizeof(Value) <= sizeof(uint64_t)) {
      uint64_t bits = 0;
      std::memcpy(&bits, &value, sizeof value);
      return hash_number(bits);
    } else {
      return hash_bytes({value.data(), value.size()});
    }
  }
  static size_t size(const Value&) { return sizeof(Number); }

  bool equals(uint32_t id, const Value& value) const {
    // By their bits: -0.0 is not 0.0 here. NOLINTNEXTLINE(bugprone-suspicious-memory-comparison)
    return std::memcmp(&entries_[id], &value, sizeof value) == 0;
  }
  void add_entry(const Value& value) { entries_.push_back(value); }
  size_t entry_bytes() const { return entries_.size() * sizeof(Number); }
  std::string_view entries() const { return bytes_of(entries_); }
  void forget_entries() { entries_.clear(); }

  void add_plain(const Value& value) { plain_.push_back(value); }
  void add_plain_entry(uint32_t id) { plain_.push_back(entries_[id]); }

  size_t cut_page(const ParquetLevels& levels, size_t first, size_t most) {
    static_assert(kPageEntries * sizeof(Number) <= kPageBytes, "entries alone bound a page");
    page_first_ += page_values_;
    page_values_ = levels.values(first, most);
    return most;
  }
  void append_page(std::string& page) const {
    page.append(bytes_of(std::span(plain_).subspan(page_first_, page_values_)));
  }

  void put_statistics(ParquetStatistics& statistics, std::span<const uint32_t> ids) const {
    NumberBounds<Number> bounds;
    bounds.add(entries_);
    bounds.add(plain_);
    bounds.put_into(statistics);
    if constexpr (std::is_floating_point_v<Number>) {
      statistics.nans = count_nans(plain_);
      if (count_nans(entries_) == 0) return;
      for (const uint32_t id : ids)
        *statistics.nans += count_nans(std::span<const Number>(&entries_[id], 1));
    }
  }

  size_t bytes() const { return entry_bytes() + plain_.size() * sizeof(Number); }
  void clear() {
    entries_.clear();
    plain_.clear();
    page_first_ = page_values_ = 0;
  }

 private:
  static std::string_view bytes_of(std::span<const Number> numbers) {
    return {reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()};
  }

  const FileColumn& column_;
  std::vector<Number> entries_;
  std::vector<Number> plain_;
  size_t page_first_ = 0;
  size_t page_values_ = 0;
};

template <class Number, ValueType kType>
std::unique_ptr<ParquetColumn> make(const FileColumn& column, LevelLimits levels) {
  return std::make_unique<DictionaryColumn<NumberValues<Number, kType>>>(column, levels, column);
}

}  // namespace

std::unique_ptr<ParquetColumn> make_parquet_number_column(const FileColumn& column,
                                                          LevelLimits levels) {
  switch (parquet_type(column.type)) {
    case ParquetType::kInt32:
      return make<int32_t, ValueType::kInteger>(column, levels);
    case ParquetType::kDouble:
      return make<double, ValueType::kReal>(column, levels);
    case ParquetType::kFloat:
      return make<float, ValueType::kReal>(column, levels);
    case ParquetType::kFixedLenByteArray:
      return decimal_bytes(column.type) == sizeof(ParquetFixed)
                 ? make<ParquetFixed, ValueType::kBlob>(column, levels)
                 : make<ParquetLongFixed, ValueType::kBlob>(column, levels);
    default:
      return column.type.kind == ColumnKind::kUnsigned
                 ? make<uint64_t, ValueType::kInteger>(column, levels)
                 : make<int64_t, ValueType::kInteger>(column, levels);
  }
}

}  // namespace sluice
