#include "format/parquet_kinds.h"

#include <array>
#include <cmath>
#include <limits>

#include "data/nested_value.h"

namespace sluice {
namespace {

Value digits(Chance& chance, int precision) {
  std::string text = one_in(chance, 2) ? "-" : "";
  const uint64_t count = 1 + below(chance, static_cast<uint64_t>(precision));
  text.push_back(static_cast<char>('1' + below(chance, 9)));
  for (uint64_t i = 1; i < count; ++i) text.push_back(static_cast<char>('0' + below(chance, 10)));
  return Digits{one_in(chance, 50) ? "0" : text};
}

Value edge_integer(Chance& chance, uint64_t) {
  constexpr std::array<int64_t, 6> kEdges = {std::numeric_limits<int64_t>::min(),
                                             std::numeric_limits<int64_t>::max(),
                                             0,
                                             -1,
                                             1,
                                             1LL << 53};
  return kEdges[below(chance, kEdges.size())];
}

Value edge_real(Chance& chance, uint64_t) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const std::array<double, 9> edges = {
      0.0, -0.0, kInfinity, -kInfinity, std::nan(""), 5e-324, -1.7976931348623157e308, 0.1, 1e22};
  return edges[below(chance, edges.size())];
}

Value edge_text(Chance& chance, uint64_t) {
  const auto times = [](std::string_view piece, size_t count) {
    std::string text;
    for (; count > 0; --count) text += piece;
    return text;
  };
  const std::array<std::string, 9> edges = {
      "",        times("\x7f", 70),     times("\xf4\x8f\xbf\xbf", 20), times("\xed\x9f\xbf", 30),
      "\n\"\\,", times("\xc3\xa9", 40), std::string("a\0b", 3),        times("z", 64),
      "NULL"};
  return edges[below(chance, edges.size())];
}

Value edge_bytes(Chance& chance, uint64_t) {
  return std::string(below(chance, 100), one_in(chance, 2) ? '\xff' : '\0');
}

constexpr int64_t kDay = 86400LL * 1000000;

Kind decimal(std::string_view name, int precision, int scale) {
  const Maker make = [precision](Chance& chance, uint64_t) { return digits(chance, precision); };
  const Maker nines = [precision](Chance& chance, uint64_t) -> Value {
    const std::string most(static_cast<size_t>(precision), '9');
    return Digits{(one_in(chance, 2) ? "-" : "") + most};
  };
  return {name, {ColumnKind::kDecimal, precision, scale}, make, nines};
}

}  // namespace

std::vector<Kind> kinds() {
  const auto from = [](int64_t first, int64_t last) -> Maker {
    return [=](Chance& chance, uint64_t) -> Value {
      return first + signed_below(chance, static_cast<uint64_t>(last - first) + 1);
    };
  };
  const auto either = [](int64_t first, int64_t last) -> Maker {
    return [=](Chance& chance, uint64_t) -> Value { return one_in(chance, 2) ? first : last; };
  };
  const Maker any_bits = [](Chance& c, uint64_t) -> Value { return static_cast<int64_t>(c()); };
  const Maker real = [](Chance& c, uint64_t) -> Value {
    return std::ldexp(static_cast<double>(signed_below(c, 1ULL << 40)), -20) - 1000;
  };
  const Maker text = [](Chance& c, uint64_t) -> Value {
    const std::array<std::string, 3> ends = {"", "\xc3\xbc", "\xf0\x9f\x9a\x80"};
    return word(c, below(c, 90)) + ends[below(c, 3)];
  };
  const Maker few = [](Chance& c, uint64_t) -> Value {
    return "word " + std::to_string(below(c, 40));
  };
  const Maker bytes = [](Chance& c, uint64_t) -> Value {
    std::string value;
    for (uint64_t left = below(c, 20); left > 0; --left) value.push_back(static_cast<char>(c()));
    return value;
  };
  return {
      {"integer", {ColumnKind::kInteger, 0, 0}, any_bits, edge_integer},
      {"small", {ColumnKind::kInteger, 0, 0}, from(-5, 5), edge_integer},
      {"real", {ColumnKind::kReal, 0, 0}, real, edge_real},
      {"text", {ColumnKind::kText, 0, 0}, text, edge_text},
      {"few", {ColumnKind::kText, 0, 0}, few, edge_text},
      {"bytes", {ColumnKind::kBytes, 0, 0}, bytes, edge_bytes},
      {"boolean", {ColumnKind::kBoolean, 0, 0}, from(0, 1), from(0, 1)},
      {"date", {ColumnKind::kDate, 0, 0}, from(-25567, 120529), either(-719162, 2932896)},
      {"timestamp",
       {ColumnKind::kTimestamp, 0, 0},
       from(-25567 * kDay, 120529 * kDay),
       either(-719162 * kDay, 2932897 * kDay - 1)},
      decimal("decimal_9_2", 9, 2),
      decimal("decimal_18_18", 18, 18),
      decimal("decimal_19_0", 19, 0),
      decimal("decimal_38_10", 38, 10),
  };
}

std::string fixed_bytes(const Digits& digits) {
  std::array<uint32_t, 16> bytes{};
  const bool negative = digits.text.starts_with('-');
  for (const char digit : digits.text) {
    if (digit == '-') continue;
    auto carry = static_cast<uint32_t>(digit - '0');
    for (size_t i = bytes.size(); i-- > 0; carry >>= 8) {
      carry += bytes[i] * 10;
      bytes[i] = carry & 0xff;
    }
  }
  uint32_t carry = negative ? 1 : 0;
  std::string out(bytes.size(), '\0');
  for (size_t i = bytes.size(); i-- > 0; carry >>= 8) {
    carry += negative ? bytes[i] ^ 0xffU : bytes[i];
    out[i] = static_cast<char>(carry & 0xff);
  }
  return out;
}

void add_value(Batch& batch, size_t column, const ColumnType& type, const Value& value) {
  if (const auto* integer = std::get_if<int64_t>(&value))
    return batch.add_integer(column, *integer);
  if (const auto* real = std::get_if<double>(&value)) return batch.add_real(column, *real);
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (type.kind == ColumnKind::kText) return batch.add_text(column, *text);
    return batch.add_blob(column, *text);
  }
  if (const auto* digits = std::get_if<Digits>(&value)) {
    if (type.precision > kInt64Digits) return batch.add_blob(column, fixed_bytes(*digits));
    return batch.add_integer(column, std::stoll(digits->text));
  }
  if (const auto* made = std::get_if<EngineValue>(&value)) {
    const NestedPart part = NestedReader(made->bytes).next();
    if (part.cell.type == ValueType::kNested) {
      return batch.add_bytes(column, ValueType::kNested, made->bytes);
    }
    if (has_bytes(part.cell.type)) return batch.add_bytes(column, part.cell.type, part.bytes);
    return batch.add_cell(column, part.cell);
  }
  batch.add_null(column);
}

}  // namespace sluice
