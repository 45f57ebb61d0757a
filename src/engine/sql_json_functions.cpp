#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "engine/json_text.h"
#include "engine/sql_functions.h"
#include "engine/sql_values.h"

namespace sluice {
namespace {

/// What the arguments behind the first lead to: names of members, places that count from 1 or,
/// with -1, from the end. Nothing where that is not there or the text is no JSON.
std::optional<JsonValue> find_by(const SqlCall& call, size_t path_end) {
  std::optional<JsonValue> value = JsonValue::parse(call.text(0));
  for (size_t i = 1; i < path_end && value; ++i) {
    call.check_going_on();
    value =
        call.type(i) == SQLITE_INTEGER ? value->at(call.integer(i)) : value->member(call.text(i));
  }
  return value;
}

std::optional<JsonValue> find(const SqlCall& call) { return find_by(call, call.size()); }

std::string compact(const JsonValue& value) {
  std::string out;
  value.append_compact(out);
  return out;
}

std::string string_of(const JsonValue& value) {
  switch (value.kind()) {
    case JsonKind::kNull:
      return {};
    case JsonKind::kString:
      return value.string();
    default:
      return compact(value);
  }
}

/// Of a number that a double holds, or of text that is one.
std::optional<double> real_of(const JsonValue& value) {
  if (value.kind() == JsonKind::kNumber) {
    const double number = value.real();
    if (std::isfinite(number)) return number;
    return std::nullopt;
  }
  if (value.kind() != JsonKind::kString) return std::nullopt;
  const std::string text = value.string();
  double number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<int64_t> integer_of(const JsonValue& value) {
  if (value.kind() == JsonKind::kNumber) {
    if (const auto whole = value.integer()) return whole;
  } else if (value.kind() == JsonKind::kString) {
    const std::string text = value.string();
    int64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed == std::errc() && end == text.data() + text.size()) return number;
  }
  const std::optional<double> number = real_of(value);
  if (!number || !(*number >= -0x1p63 && *number < 0x1p63)) return std::nullopt;
  return static_cast<int64_t>(*number);
}

/// Of true, and of integers but 0.
bool truth_of(const JsonValue& value) {
  if (value.kind() != JsonKind::kNumber) return value.is_true();
  return value.integer().value_or(value.is_unsigned() ? 1 : 0) != 0;
}

void extract_string(const SqlCall& call) {
  const auto value = find(call);
  call.give_text(value ? string_of(*value) : std::string());
}

void extract_int(const SqlCall& call) {
  const auto value = find(call);
  call.give(value ? integer_of(*value).value_or(0) : 0);
}

void extract_uint(const SqlCall& call) {
  const auto value = find(call);
  const std::optional<int64_t> whole = value ? integer_of(*value) : std::nullopt;
  if (whole) return call.give(*whole < 0 ? 0 : *whole);
  // Beyond SQLite's integers, but within ClickHouse's: as near as a REAL comes.
  if (value && value->is_unsigned()) return call.give(value->real());
  call.give(int64_t{0});
}

void extract_float(const SqlCall& call) {
  const auto value = find(call);
  call.give(value ? real_of(*value).value_or(0.0) : 0.0);
}

void extract_bool(const SqlCall& call) {
  const auto value = find(call);
  call.give_truth(value && truth_of(*value));
}

void extract_raw(const SqlCall& call) {
  const auto value = find(call);
  if (!value) return call.give_text({});
  call.give_json(compact(*value));
}

void extract_raw_as_it_is(const SqlCall& call) {
  const auto value = find(call);
  call.give_text(value ? value->raw() : std::string_view());
}

void extract_array_raw(const SqlCall& call) {
  const auto value = find(call);
  std::string out = "[";
  if (value && value->kind() == JsonKind::kArray) {
    for (auto item = value->first(); item; item = JsonValue::next(*item)) {
      if (out.size() > 1) out += ',';
      append_repaired_json_string(out, compact(item->as_value()));
      call.check_size(out.size());
    }
  }
  call.give_json(out + "]");
}

template <bool kWithValues>
void extract_keys(const SqlCall& call) {
  const auto value = find(call);
  std::string out = "[";
  if (value && value->kind() == JsonKind::kObject) {
    for (auto item = value->first(); item; item = JsonValue::next(*item)) {
      if (out.size() > 1) out += ',';
      if (kWithValues) out += '[';
      append_repaired_json_string(out, JsonValue::decode(item->key));
      if (kWithValues) {
        out += ',';
        append_repaired_json_string(out, compact(item->as_value()));
        out += ']';
      }
      call.check_size(out.size());
    }
  }
  call.give_json(out + "]");
}

void has(const SqlCall& call) { call.give_truth(find(call).has_value()); }

void length(const SqlCall& call) {
  const auto value = find(call);
  call.give(value ? static_cast<int64_t>(value->size()) : 0);
}

void type(const SqlCall& call) {
  const auto value = find(call);
  switch (value ? value->kind() : JsonKind::kNull) {
    case JsonKind::kNull:
      return call.give_text("Null");
    case JsonKind::kBool:
      return call.give_text("Bool");
    case JsonKind::kString:
      return call.give_text("String");
    case JsonKind::kArray:
      return call.give_text("Array");
    case JsonKind::kObject:
      return call.give_text("Object");
    case JsonKind::kNumber:
      break;
  }
  if (value->integer()) return call.give_text("Int64");
  call.give_text(value->is_unsigned() ? "UInt64" : "Double");
}

void is_valid(const SqlCall& call) { call.give_truth(JsonValue::parse(call.text(0)).has_value()); }

/// `Nullable(Int64)` and `Nullable`: the inside; nothing for another name.
std::optional<std::string_view> inside_of(std::string_view type_name, std::string_view outer) {
  const bool is_it = type_name.starts_with(outer) && type_name.size() > outer.size() + 1 &&
                     type_name[outer.size()] == '(' && type_name.ends_with(')');
  if (!is_it) return std::nullopt;
  return type_name.substr(outer.size() + 1, type_name.size() - outer.size() - 2);
}

enum class Wanted { kString, kInteger, kReal, kBool };

Wanted wanted_of(const SqlCall& call, std::string_view name) {
  if (name == "String" || name.starts_with("FixedString(") || name.starts_with("Date") ||
      name == "UUID") {
    return Wanted::kString;
  }
  if (name.starts_with("Int") || name.starts_with("UInt")) return Wanted::kInteger;
  if (name.starts_with("Float") || name.starts_with("Decimal")) return Wanted::kReal;
  if (name == "Bool") return Wanted::kBool;
  throw call.wrong(call.size() - 1,
                   "is no type that can be extracted here; there are String, Int64, UInt64, "
                   "Float64, Bool, Date, DateTime, Nullable(...) and Array(...) of them");
}

/// With a type, true and false are numbers, too.
std::optional<int64_t> typed_integer(const JsonValue& value) {
  if (value.kind() == JsonKind::kBool) return value.is_true() ? 1 : 0;
  return integer_of(value);
}

std::optional<double> typed_real(const JsonValue& value) {
  if (value.kind() == JsonKind::kBool) return value.is_true() ? 1.0 : 0.0;
  return real_of(value);
}

void give_typed(const SqlCall& call, const std::optional<JsonValue>& value, std::string_view name,
                bool or_null) {
  const Wanted wanted = wanted_of(call, name);
  const bool is_there = value && value->kind() != JsonKind::kNull;
  if (wanted == Wanted::kInteger) {
    const std::optional<int64_t> number = is_there ? typed_integer(*value) : std::nullopt;
    return number || !or_null ? call.give(number.value_or(0)) : call.give_null();
  }
  if (wanted == Wanted::kReal) {
    const std::optional<double> number = is_there ? typed_real(*value) : std::nullopt;
    return number || !or_null ? call.give(number.value_or(0.0)) : call.give_null();
  }
  if (!is_there && or_null) return call.give_null();
  if (wanted == Wanted::kBool) return call.give_truth(is_there && truth_of(*value));
  call.give_text(is_there ? string_of(*value) : std::string());
}

void append_typed(const SqlCall& call, std::string& out, const JsonValue& value,
                  std::string_view name) {
  if (const auto element = inside_of(name, "Nullable")) {
    if (value.kind() == JsonKind::kNull) {
      out += "null";
      return;
    }
    return append_typed(call, out, value, *element);
  }
  if (const auto element = inside_of(name, "Array")) {
    out += '[';
    bool is_first = true;
    if (value.kind() == JsonKind::kArray) {
      for (auto item = value.first(); item; item = JsonValue::next(*item)) {
        if (!is_first) out += ',';
        is_first = false;
        append_typed(call, out, item->as_value(), *element);
        call.check_size(out.size());
      }
    }
    out += ']';
    return;
  }
  switch (wanted_of(call, name)) {
    case Wanted::kString:
      return append_repaired_json_string(out, string_of(value));
    case Wanted::kBool:
      out += truth_of(value) ? "true" : "false";
      return;
    case Wanted::kInteger:
      out += std::to_string(typed_integer(value).value_or(0));
      return;
    case Wanted::kReal: {
      const double number = typed_real(value).value_or(0.0);
      if (!std::isfinite(number)) {
        out += "null";
        return;
      }
      append_plain_real(out, number);
    }
  }
}

/// The last argument is the type.
void extract(const SqlCall& call) {
  constexpr size_t kLongestType = 200;
  std::string_view name = call.text(call.size() - 1);
  if (name.size() > kLongestType) throw call.wrong(call.size() - 1, "is no type");
  bool or_null = false;
  for (const std::string_view outer : {"LowCardinality", "Nullable"}) {
    const auto inside = inside_of(name, outer);
    if (!inside) continue;
    name = *inside;
    or_null |= outer == "Nullable";
  }
  const auto value = find_by(call, call.size() - 1);
  if (!inside_of(name, "Array")) return give_typed(call, value, name, or_null);
  std::string out;
  if (value) append_typed(call, out, *value, name);
  call.give_json(out.empty() ? "[]" : out);
}

constexpr auto kTable = std::to_array<SqlFunction>({
    {"JSONExtractString(json[, path...])", 1, kAnyNumber, extract_string},
    {"JSONExtractInt(json[, path...])", 1, kAnyNumber, extract_int},
    {"JSONExtractUInt(json[, path...])", 1, kAnyNumber, extract_uint},
    {"JSONExtractFloat(json[, path...])", 1, kAnyNumber, extract_float},
    {"JSONExtractBool(json[, path...])", 1, kAnyNumber, extract_bool},
    {"JSONExtractRaw(json[, path...])", 1, kAnyNumber, extract_raw},
    {"JSONExtractArrayRaw(json[, path...])", 1, kAnyNumber, extract_array_raw},
    {"JSONExtractKeys(json[, path...])", 1, kAnyNumber, extract_keys<false>},
    {"JSONExtractKeysAndValuesRaw(json[, path...])", 1, kAnyNumber, extract_keys<true>},
    {"JSONExtract(json[, path...], type)", 2, kAnyNumber, extract},
    {"JSONHas(json[, path...])", 1, kAnyNumber, has},
    {"JSONLength(json[, path...])", 1, kAnyNumber, length},
    {"JSONType(json[, path...])", 1, kAnyNumber, type},
    {"isValidJSON(json)", 1, 1, is_valid},
    {"simpleJSONExtractString(json, name)", 2, 2, extract_string},
    {"simpleJSONExtractInt(json, name)", 2, 2, extract_int},
    {"simpleJSONExtractUInt(json, name)", 2, 2, extract_uint},
    {"simpleJSONExtractFloat(json, name)", 2, 2, extract_float},
    {"simpleJSONExtractBool(json, name)", 2, 2, extract_bool},
    {"simpleJSONExtractRaw(json, name)", 2, 2, extract_raw_as_it_is},
    {"simpleJSONHas(json, name)", 2, 2, has},
    {"visitParamExtractString(json, name)", 2, 2, extract_string},
    {"visitParamExtractInt(json, name)", 2, 2, extract_int},
    {"visitParamExtractUInt(json, name)", 2, 2, extract_uint},
    {"visitParamExtractFloat(json, name)", 2, 2, extract_float},
    {"visitParamExtractBool(json, name)", 2, 2, extract_bool},
    {"visitParamExtractRaw(json, name)", 2, 2, extract_raw_as_it_is},
    {"visitParamHas(json, name)", 2, 2, has},
});

}  // namespace

std::span<const SqlFunction> json_functions() { return kTable; }

}  // namespace sluice
