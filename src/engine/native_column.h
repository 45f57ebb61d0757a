#pragma once

#include <cstddef>
#include <memory>

#include "data/batch.h"
#include "data/nested_value.h"
#include "engine/clickhouse_type.h"
#include "engine/native_input.h"

namespace sluice {

/// One column of a block in ClickHouse's Native format: its values one after the other, taken from
/// the input whole and then handed out row by row. One thread.
class NativeColumn {
 public:
  virtual ~NativeColumn() = default;
  /// Takes what stands once before all values of the block, those of its parts included.
  virtual void load_prefix(NativeInput& input) = 0;
  /// Takes the values of `rows` rows; what was left of the block before is forgotten. Throws what
  /// NativeInput::take does.
  virtual void load(NativeInput& input, size_t rows) = 0;
  /// The next `count` values as the batch's new cells. The block's bytes are still in `input`.
  virtual void fill(const NativeInput& input, Batch& batch, size_t column, size_t count) = 0;
  /// The next value as a part of a nested one.
  virtual void put(const NativeInput& input, NestedWriter& out) = 0;
  /// Leaves the next value out.
  virtual void skip(const NativeInput& input) = 0;
};

std::unique_ptr<NativeColumn> make_native_column(const ClickhouseType& type);

/// For `make_native_column` alone: columns that other columns are part of.
std::unique_ptr<NativeColumn> make_native_nested(const ClickhouseType& type);
std::unique_ptr<NativeColumn> make_native_nullable(std::unique_ptr<NativeColumn> values);
/// `keys`: the values of the dictionary, without NULL.
std::unique_ptr<NativeColumn> make_native_dictionary(std::unique_ptr<NativeColumn> keys,
                                                     bool nullable);

}  // namespace sluice
