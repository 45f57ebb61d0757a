#include <cstring>
#include <utility>

#include "base/error.h"
#include "engine/native_column.h"

namespace sluice {
namespace {

// How a LowCardinality column stands in a block: the version, then what the indexes are, the keys,
// and for each row the index of its key.
constexpr uint64_t kVersion = 1;
constexpr uint64_t kIndexType = 0xFF;  ///< 0 to 3: of 1, 2, 4 or 8 bytes.
constexpr uint64_t kSharedKeys = 1U << 8U;
constexpr uint64_t kOwnKeys = 1U << 9U;

class DictionaryColumn final : public NativeColumn {
 public:
  DictionaryColumn(std::unique_ptr<NativeColumn> keys, bool nullable)
      : keys_(std::move(keys)), nullable_(nullable) {}

  void load_prefix(NativeInput& input) override {
    if (take_number(input) != kVersion) refuse();
  }

  void load(NativeInput& input, size_t rows) override {
    values_.reset(1);
    if (rows == 0) return;  // Then there is nothing, not even a dictionary.
    const uint64_t about = take_number(input);
    if ((about & kIndexType) > 3 || (about & kSharedKeys) != 0 || (about & kOwnKeys) == 0) refuse();
    index_bytes_ = size_t{1} << (about & kIndexType);
    load_keys(input, take_number(input));
    if (take_number(input) != rows) refuse();
    next_ = input.take(rows * index_bytes_);
  }

  void fill(const NativeInput& input, Batch& batch, size_t column, size_t count) override {
    Cell* cells = batch.new_cells(column);
    for (size_t i = 0; i < count; ++i) {
      const Cell& value = next(input);
      if (in_arena(value)) {
        batch.set_bytes(cells[i], value.type, values_.text(value));
      } else {
        cells[i] = value;
      }
    }
  }
  void put(const NativeInput& input, NestedWriter& out) override {
    const Cell& value = next(input);
    if (in_arena(value)) return out.put_bytes(value.type, values_.text(value));
    out.put(value);
  }
  void skip(const NativeInput&) override { next_ += index_bytes_; }

 private:
  [[noreturn]] static void refuse() {
    throw Error(ErrorCode::kCorrupt, "The cluster sends a dictionary of a form that is not known.",
                "Cast the LowCardinality column in the query, for example CAST(x AS String).");
  }

  static bool in_arena(const Cell& cell) {
    return cell.type == ValueType::kText || cell.type == ValueType::kNumber;
  }

  static uint64_t take_number(NativeInput& input) {
    uint64_t number = 0;
    std::memcpy(&number, input.at(input.take(sizeof number)), sizeof number);
    return number;
  }

  /// The first of them stands for NULL, where there may be one.
  void load_keys(NativeInput& input, uint64_t count) {
    keys_->load(input, count);
    values_.reserve_rows(count);
    keys_->fill(input, values_, 0, count);
    if (nullable_ && count > 0) values_.new_cells(0)->type = ValueType::kNull;
    values_.add_rows(count);
  }

  const Cell& next(const NativeInput& input) {
    uint64_t index = 0;
    std::memcpy(&index, input.at(next_), index_bytes_);
    next_ += index_bytes_;
    if (index >= values_.rows()) refuse();
    return values_.at(0, index);
  }

  std::unique_ptr<NativeColumn> keys_;
  bool nullable_;
  Batch values_;
  size_t index_bytes_ = 1;
  size_t next_ = 0;
};

}  // namespace

std::unique_ptr<NativeColumn> make_native_dictionary(std::unique_ptr<NativeColumn> keys,
                                                     bool nullable) {
  return std::make_unique<DictionaryColumn>(std::move(keys), nullable);
}

}  // namespace sluice
