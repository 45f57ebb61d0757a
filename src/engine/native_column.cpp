#include "engine/native_column.h"

#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

#include "base/error.h"
#include "engine/native_text.h"
#include "engine/wide_integer.h"

namespace sluice {
namespace {

template <class Number>
Number read(const char* at) {
  static_assert(std::endian::native == std::endian::little);
  Number number;
  std::memcpy(&number, at, sizeof number);
  return number;
}

Cell number_cell(ValueType type, int64_t value, uint32_t size = 0) {
  Cell cell;
  cell.type = type;
  cell.size = size;
  cell.integer = value;
  return cell;
}

/// Where a decoded value goes: a cell of a batch,
struct CellOut {
  Batch& batch;
  Cell& cell;
  void number(const Cell& value) { cell = value; }
  void bytes(ValueType type, std::string_view value) { batch.set_bytes(cell, type, value); }
};
/// or a part of a nested value.
struct NestedOut {
  NestedWriter& writer;
  void number(const Cell& value) { writer.put(value); }
  void bytes(ValueType type, std::string_view value) { writer.put_bytes(type, value); }
};

// What is at a place, put into one of these. `size` is the bytes that one value takes.

/// Integers that an int64_t holds, and what is one: days, seconds.
template <class Number>
struct IntegerDecoder {
  ValueType type = ValueType::kInteger;
  uint32_t cell_size = 0;
  size_t size = sizeof(Number);
  template <class Out>
  void decode(const char* at, Out out) const {
    out.number(number_cell(type, static_cast<int64_t>(read<Number>(at)), cell_size));
  }
};

struct UnsignedDecoder {
  size_t size = sizeof(uint64_t);
  template <class Out>
  void decode(const char* at, Out out) const {
    const auto value = read<uint64_t>(at);
    if (value <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
      return out.number(number_cell(ValueType::kInteger, static_cast<int64_t>(value)));
    }
    out.bytes(ValueType::kNumber, std::to_string(value));
  }
};

template <class Number>
struct RealDecoder {
  size_t size = sizeof(Number);
  template <class Out>
  void decode(const char* at, Out out) const {
    Cell cell;
    if constexpr (std::is_same_v<Number, uint16_t>) {  // The upper half of a float.
      cell.type = ValueType::kSingle;
      cell.real = std::bit_cast<float>(static_cast<uint32_t>(read<uint16_t>(at)) << 16U);
    } else {
      cell.type = sizeof(Number) == 4 ? ValueType::kSingle : ValueType::kReal;
      cell.real = read<Number>(at);
    }
    out.number(cell);
  }
};

/// Decimals, and integers of more than 64 bits.
struct WideDecoder {
  size_t size = 0;
  bool is_signed = true;
  int scale = 0;
  template <class Out>
  void decode(const char* at, Out out) const {
    std::string text;
    append_wide_integer(text, at, size, is_signed, scale);
    out.bytes(ValueType::kNumber, text);
  }
};

struct FixedTextDecoder {
  size_t size = 0;
  template <class Out>
  void decode(const char* at, Out out) const {
    out.bytes(ValueType::kText, {at, size});
  }
};

/// UUID, addresses, times of day.
struct WrittenDecoder {
  size_t size = 0;
  void (*write)(std::string& out, const char* at, int scale) = nullptr;
  int scale = 0;
  template <class Out>
  void decode(const char* at, Out out) const {
    std::string text;
    write(text, at, scale);
    out.bytes(ValueType::kText, text);
  }
};

template <class Number>
struct EnumDecoder {
  size_t size = sizeof(Number);
  std::map<int, std::string> names;
  bool nullable = false;  ///< What stands in the place of a NULL need not be a value of it.
  template <class Out>
  void decode(const char* at, Out out) const {
    const auto number = static_cast<int>(int16_t{read<Number>(at)});
    const auto found = names.find(number);
    if (found == names.end()) {
      if (nullable) return out.number(Cell());
      throw Error(ErrorCode::kCorrupt, "The cluster sends " + std::to_string(number) +
                                           ", which its Enum does not have.");
    }
    out.bytes(ValueType::kText, found->second);
  }
};

struct NothingDecoder {
  size_t size = 1;
  template <class Out>
  void decode(const char*, Out out) const {
    out.number(Cell());
  }
};

/// Values that all take the same number of bytes.
template <class Decoder>
class FixedColumn final : public NativeColumn {
 public:
  explicit FixedColumn(Decoder decoder) : decoder_(std::move(decoder)) {}

  void load_prefix(NativeInput&) override {}
  void load(NativeInput& input, size_t rows) override {
    if (rows > SIZE_MAX / std::max<size_t>(1, decoder_.size)) input.take(SIZE_MAX);
    next_ = input.take(rows * decoder_.size);
  }
  void fill(const NativeInput& input, Batch& batch, size_t column, size_t count) override {
    Cell* cells = batch.new_cells(column);
    const char* at = input.at(next_);
    for (size_t i = 0; i < count; ++i, at += decoder_.size) {
      decoder_.decode(at, CellOut{batch, cells[i]});
    }
    next_ += count * decoder_.size;
  }
  void put(const NativeInput& input, NestedWriter& out) override {
    decoder_.decode(input.at(next_), NestedOut{out});
    next_ += decoder_.size;
  }
  void skip(const NativeInput&) override { next_ += decoder_.size; }

 private:
  Decoder decoder_;
  size_t next_ = 0;
};

/// Each value behind its length.
class StringColumn final : public NativeColumn {
 public:
  void load_prefix(NativeInput&) override {}
  void load(NativeInput& input, size_t rows) override {
    next_ = input.take(0);
    for (size_t i = 0; i < rows; ++i) input.take(input.take_varint());
  }

  /// All of them are copied at once, with their lengths between.
  void fill(const NativeInput& input, Batch& batch, size_t column, size_t count) override {
    Cell* cells = batch.new_cells(column);
    const size_t begin = next_;
    for (size_t i = 0; i < count; ++i) {
      const size_t size = take_length(input);
      cells[i].type = ValueType::kText;
      cells[i].size = static_cast<uint32_t>(size);
      cells[i].offset = next_ - begin;
      next_ += size;
    }
    const size_t bytes = next_ - begin;
    std::memcpy(batch.arena_room(bytes), input.at(begin), bytes);
    const uint64_t base = batch.arena_keep(bytes);
    for (size_t i = 0; i < count; ++i) cells[i].offset += base;
  }

  void put(const NativeInput& input, NestedWriter& out) override {
    const size_t size = take_length(input);
    out.put_bytes(ValueType::kText, {input.at(next_), size});
    next_ += size;
  }
  void skip(const NativeInput& input) override {
    const size_t size = take_length(input);
    next_ += size;
  }

 private:
  /// `load` has seen that it is whole.
  size_t take_length(const NativeInput& input) {
    size_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = static_cast<uint8_t>(*input.at(next_++));
      value |= static_cast<size_t>(byte & 0x7FU) << shift;
      if ((byte & 0x80U) == 0) return value;
    }
  }

  size_t next_ = 0;
};

template <class Decoder>
std::unique_ptr<NativeColumn> fixed(Decoder decoder) {
  return std::make_unique<FixedColumn<Decoder>>(std::move(decoder));
}

std::unique_ptr<NativeColumn> make_integer(const ClickhouseType& type) {
  switch (type.bytes) {
    case 1:
      return type.is_signed ? fixed(IntegerDecoder<int8_t>{}) : fixed(IntegerDecoder<uint8_t>{});
    case 2:
      return type.is_signed ? fixed(IntegerDecoder<int16_t>{}) : fixed(IntegerDecoder<uint16_t>{});
    case 4:
      return type.is_signed ? fixed(IntegerDecoder<int32_t>{}) : fixed(IntegerDecoder<uint32_t>{});
    case 8:
      return type.is_signed ? fixed(IntegerDecoder<int64_t>{}) : fixed(UnsignedDecoder{});
    default:
      return fixed(WideDecoder{type.bytes, type.is_signed, 0});
  }
}

std::unique_ptr<NativeColumn> make_real(const ClickhouseType& type) {
  if (type.bytes == 2) return fixed(RealDecoder<uint16_t>{});
  return type.bytes == 4 ? fixed(RealDecoder<float>{}) : fixed(RealDecoder<double>{});
}

std::unique_ptr<NativeColumn> make_time(const ClickhouseType& type) {
  const TimestampUnit unit{static_cast<uint32_t>(type.scale), type.zoned};
  if (type.kind == ClickhouseKind::kDateTime) {
    return fixed(IntegerDecoder<uint32_t>{ValueType::kTimestamp, unit.size()});
  }
  return fixed(IntegerDecoder<int64_t>{ValueType::kTimestamp, unit.size()});
}

std::unique_ptr<NativeColumn> make_values(const ClickhouseType& type) {
  switch (type.kind) {
    case ClickhouseKind::kInteger:
      return make_integer(type);
    case ClickhouseKind::kReal:
      return make_real(type);
    case ClickhouseKind::kBoolean:
      return fixed(IntegerDecoder<uint8_t>{ValueType::kBoolean});
    case ClickhouseKind::kString:
      return std::make_unique<StringColumn>();
    case ClickhouseKind::kFixedString:
      return fixed(FixedTextDecoder{type.bytes});
    case ClickhouseKind::kDate:
      return type.is_signed ? fixed(IntegerDecoder<int32_t>{ValueType::kDate})
                            : fixed(IntegerDecoder<uint16_t>{ValueType::kDate});
    case ClickhouseKind::kDateTime:
    case ClickhouseKind::kDateTime64:
      return make_time(type);
    case ClickhouseKind::kTime:
      return type.bytes == 4 ? fixed(WrittenDecoder{4, &write_time32, 0})
                             : fixed(WrittenDecoder{8, &write_time64, type.scale});
    case ClickhouseKind::kDecimal:
      return fixed(WideDecoder{type.bytes, true, type.scale});
    case ClickhouseKind::kEnum:
      return type.bytes == 1 ? fixed(EnumDecoder<int8_t>{1, type.names, type.nullable})
                             : fixed(EnumDecoder<int16_t>{2, type.names, type.nullable});
    case ClickhouseKind::kUuid:
      return fixed(WrittenDecoder{type.bytes, &write_uuid});
    case ClickhouseKind::kIpv4:
      return fixed(WrittenDecoder{type.bytes, &write_ipv4});
    case ClickhouseKind::kIpv6:
      return fixed(WrittenDecoder{type.bytes, &write_ipv6});
    case ClickhouseKind::kNothing:
      return fixed(NothingDecoder{});
    case ClickhouseKind::kArray:
    case ClickhouseKind::kMap:
    case ClickhouseKind::kTuple:
      break;
  }
  return make_native_nested(type);
}

}  // namespace

std::unique_ptr<NativeColumn> make_native_column(const ClickhouseType& type) {
  std::unique_ptr<NativeColumn> values = make_values(type);
  if (type.low_cardinality) return make_native_dictionary(std::move(values), type.nullable);
  return type.nullable ? make_native_nullable(std::move(values)) : std::move(values);
}

}  // namespace sluice
