#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "engine/native_column.h"

namespace sluice {
namespace {

/// A column whose values are written as nested ones.
class NestedColumn : public NativeColumn {
 public:
  void fill(const NativeInput& input, Batch& batch, size_t column, size_t count) override {
    Cell* cells = batch.new_cells(column);
    for (size_t i = 0; i < count; ++i) {
      value_.clear();
      NestedWriter writer(value_);
      put(input, writer);
      batch.set_bytes(cells[i], ValueType::kNested, value_);
    }
  }

 private:
  std::string value_;
};

/// Which values are NULL, a byte each, before the values, of which there is one also for a NULL.
class NullableColumn final : public NativeColumn {
 public:
  explicit NullableColumn(std::unique_ptr<NativeColumn> values) : values_(std::move(values)) {}

  void load_prefix(NativeInput& input) override { values_->load_prefix(input); }
  void load(NativeInput& input, size_t rows) override {
    next_ = input.take(rows);
    values_->load(input, rows);
  }
  void fill(const NativeInput& input, Batch& batch, size_t column, size_t count) override {
    values_->fill(input, batch, column, count);
    Cell* cells = batch.new_cells(column);
    const char* nulls = input.at(next_);
    for (size_t i = 0; i < count; ++i) {
      if (nulls[i] != 0) cells[i].type = ValueType::kNull;
    }
    next_ += count;
  }
  void put(const NativeInput& input, NestedWriter& out) override {
    if (*input.at(next_++) == 0) return values_->put(input, out);
    out.put(Cell());
    values_->skip(input);
  }
  void skip(const NativeInput& input) override {
    ++next_;
    values_->skip(input);
  }

 private:
  std::unique_ptr<NativeColumn> values_;
  size_t next_ = 0;
};

/// Arrays and maps: for each row where its elements end, then the elements of all rows.
class ListColumn final : public NestedColumn {
 public:
  explicit ListColumn(std::vector<std::unique_ptr<NativeColumn>> parts)
      : parts_(std::move(parts)) {}

  void load_prefix(NativeInput& input) override {
    for (auto& part : parts_) part->load_prefix(input);
  }
  void load(NativeInput& input, size_t rows) override {
    if (rows > SIZE_MAX / sizeof(uint64_t)) input.take(SIZE_MAX);
    next_ = input.take(rows * sizeof(uint64_t));
    before_ = 0;
    const uint64_t elements = check_ends(input, rows);
    for (auto& part : parts_) part->load(input, elements);
  }
  void put(const NativeInput& input, NestedWriter& out) override {
    const uint32_t count = take_count(input);
    out.begin(count);
    for (uint32_t i = 0; i < count; ++i) {
      for (auto& part : parts_) part->put(input, out);
    }
  }
  void skip(const NativeInput& input) override {
    for (uint32_t left = take_count(input); left > 0; --left) {
      for (auto& part : parts_) part->skip(input);
    }
  }

 private:
  static uint64_t end_at(const NativeInput& input, size_t place) {
    uint64_t end = 0;
    std::memcpy(&end, input.at(place), sizeof end);
    return end;
  }

  /// How many elements there are in all.
  uint64_t check_ends(const NativeInput& input, size_t rows) const {
    uint64_t last = 0;
    for (size_t i = 0; i < rows; ++i) {
      const uint64_t end = end_at(input, next_ + i * sizeof(uint64_t));
      if (end < last || end - last > UINT32_MAX) {
        throw Error(ErrorCode::kCorrupt, "The cluster sends a list that ends before it begins.");
      }
      last = end;
    }
    return last;
  }

  uint32_t take_count(const NativeInput& input) {
    const uint64_t end = end_at(input, next_);
    next_ += sizeof(uint64_t);
    return static_cast<uint32_t>(end - std::exchange(before_, end));
  }

  std::vector<std::unique_ptr<NativeColumn>> parts_;
  size_t next_ = 0;
  uint64_t before_ = 0;
};

class TupleColumn final : public NestedColumn {
 public:
  explicit TupleColumn(std::vector<std::unique_ptr<NativeColumn>> parts)
      : parts_(std::move(parts)) {}

  void load_prefix(NativeInput& input) override {
    for (auto& part : parts_) part->load_prefix(input);
  }
  void load(NativeInput& input, size_t rows) override {
    for (auto& part : parts_) part->load(input, rows);
  }
  void put(const NativeInput& input, NestedWriter& out) override {
    out.begin(static_cast<uint32_t>(parts_.size()));
    for (auto& part : parts_) part->put(input, out);
  }
  void skip(const NativeInput& input) override {
    for (auto& part : parts_) part->skip(input);
  }

 private:
  std::vector<std::unique_ptr<NativeColumn>> parts_;
};

}  // namespace

std::unique_ptr<NativeColumn> make_native_nested(const ClickhouseType& type) {
  std::vector<std::unique_ptr<NativeColumn>> parts;
  for (const ClickhouseField& field : type.fields) parts.push_back(make_native_column(field.type));
  if (type.kind == ClickhouseKind::kTuple) return std::make_unique<TupleColumn>(std::move(parts));
  return std::make_unique<ListColumn>(std::move(parts));
}

std::unique_ptr<NativeColumn> make_native_nullable(std::unique_ptr<NativeColumn> values) {
  return std::make_unique<NullableColumn>(std::move(values));
}

}  // namespace sluice
