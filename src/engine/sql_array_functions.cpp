#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <set>
#include <string>

#include "engine/json_text.h"
#include "engine/sql_functions.h"
#include "engine/sql_values.h"

namespace sluice {
namespace {

/// The JSON array that an argument is.
JsonValue array_argument(const SqlCall& call, size_t i) {
  const std::optional<JsonValue> value = JsonValue::parse(call.text(i));
  if (!value || value->kind() != JsonKind::kArray) throw call.wrong(i, "is no JSON array");
  return *value;
}

class ArrayWriter {
 public:
  explicit ArrayWriter(const SqlCall& call) : call_(call) {}
  void add_text(std::string_view text) {
    begin_item();
    append_repaired_json_string(out_, text);
  }
  void add_raw(std::string_view json) {
    begin_item();
    out_ += json;
  }
  void give() { call_.give_json(out_ + "]"); }

 private:
  void begin_item() {
    call_.check_size(out_.size());
    if (out_.size() > 1) out_ += ',';
  }

  const SqlCall& call_;
  std::string out_ = "[";
};

void give_element(const SqlCall& call, const JsonValue& value) {
  switch (value.kind()) {
    case JsonKind::kNull:
      return call.give_null();
    case JsonKind::kBool:
      return call.give_truth(value.is_true());
    case JsonKind::kString:
      return call.give_text(value.string());
    case JsonKind::kNumber:
      if (const auto whole = value.integer()) return call.give(*whole);
      return call.give(value.real());
    default:
      return call.give_json(value.raw());
  }
}

void split_by(const SqlCall& call, std::string_view separator, std::string_view text) {
  ArrayWriter out(call);
  while (true) {
    // memmem takes time for the sum of both sizes, and find for their product.
    const void* const found = memmem(text.data(), text.size(), separator.data(), separator.size());
    if (found == nullptr) break;
    const auto at = static_cast<size_t>(static_cast<const char*>(found) - text.data());
    out.add_text(text.substr(0, at));
    text.remove_prefix(at + separator.size());
  }
  out.add_text(text);
  out.give();
}

void split_by_char(const SqlCall& call) {
  const std::string_view separator = call.text(0);
  if (separator.size() != 1) throw call.wrong(0, "is not one byte; there is splitByString");
  split_by(call, separator, call.text(1));
}

/// An empty separator splits between characters.
void split_by_string(const SqlCall& call) {
  const std::string_view separator = call.text(0);
  std::string_view text = call.text(1);
  if (!separator.empty()) return split_by(call, separator, text);
  ArrayWriter out(call);
  while (!text.empty()) {
    size_t size = 1;
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80) ++size;
    out.add_text(text.substr(0, size));
    text.remove_prefix(size);
  }
  out.give();
}

void array_string_concat(const SqlCall& call) {
  const JsonValue array = array_argument(call, 0);
  const std::string_view separator = call.size() > 1 ? call.text(1) : std::string_view();
  std::string out;
  bool is_first = true;
  for (auto item = array.first(); item; item = JsonValue::next(*item)) {
    const JsonValue value = item->as_value();
    if (value.kind() == JsonKind::kNull) continue;
    if (!is_first) out += separator;
    is_first = false;
    out += value.kind() == JsonKind::kString ? value.string() : std::string(value.raw());
    call.check_size(out.size());
  }
  call.give_text(out);
}

void array_element(const SqlCall& call) {
  const std::optional<JsonValue> value = array_argument(call, 0).at(call.integer(1));
  if (!value) return call.give_null();
  give_element(call, *value);
}

bool is_equal(const SqlCall& call, size_t i, const JsonValue& value) {
  if (call.is_null(i)) return value.kind() == JsonKind::kNull;
  if (value.kind() == JsonKind::kString) return value.string() == call.text(i);
  if (value.kind() == JsonKind::kNumber && call.is_number(i)) return value.real() == call.real(i);
  return value.kind() == JsonKind::kBool && call.is_number(i) && value.is_true() == call.is_true(i);
}

/// The place of the first element that is equal, from 1; 0 where there is none.
int64_t place_of(const SqlCall& call) {
  const JsonValue array = array_argument(call, 0);
  int64_t place = 1;
  for (auto item = array.first(); item; item = JsonValue::next(*item), ++place) {
    if (is_equal(call, 1, item->as_value())) return place;
  }
  return 0;
}

void has(const SqlCall& call) {
  if (call.is_null(0)) return call.give_null();
  call.give_truth(place_of(call) > 0);
}

void index_of(const SqlCall& call) {
  if (call.is_null(0)) return call.give_null();
  call.give(place_of(call));
}

void array_sum(const SqlCall& call) {
  const JsonValue array = array_argument(call, 0);
  double sum = 0;
  int64_t whole_sum = 0;
  bool is_whole = true;
  for (auto item = array.first(); item; item = JsonValue::next(*item)) {
    const JsonValue value = item->as_value();
    if (value.kind() == JsonKind::kNull) continue;
    if (value.kind() != JsonKind::kNumber) throw call.wrong(0, "does not hold numbers alone");
    sum += value.real();
    const auto whole = value.integer();
    is_whole = is_whole && whole && !__builtin_add_overflow(whole_sum, *whole, &whole_sum);
  }
  is_whole ? call.give(whole_sum) : call.give(sum);
}

void array_distinct(const SqlCall& call) {
  const JsonValue array = array_argument(call, 0);
  constexpr size_t kBytesEach = 80;
  std::set<std::string_view> seen;
  MemoryShare memory(call.world());
  ArrayWriter out(call);
  for (auto item = array.first(); item; item = JsonValue::next(*item)) {
    if (item->value == "null" || !seen.insert(item->value).second) continue;
    memory.add(kBytesEach, call);
    out.add_raw(item->value);
  }
  out.give();
}

/// `range(3)`, `range(1, 10)`, `range(1, 10, 2)`: the end is not in it.
void range(const SqlCall& call) {
  constexpr int64_t kBound = 1'000'000'000'000'000;
  const int64_t begin = call.size() == 1 ? 0 : call.integer(0, -kBound, kBound);
  const int64_t end = call.integer(call.size() == 1 ? 0 : 1, -kBound, kBound);
  const int64_t step = call.size() > 2 ? call.integer(2, 1, kBound) : 1;
  ArrayWriter out(call);
  for (int64_t i = begin; i < end; i += step) out.add_raw(std::to_string(i));
  out.give();
}

constexpr auto kTable = std::to_array<SqlFunction>({
    {"splitByChar(separator, text)", 2, 2, split_by_char},
    {"splitByString(separator, text)", 2, 2, split_by_string},
    {"arrayStringConcat(array[, separator])", 1, 2, array_string_concat},
    {"arrayElement(array, place)", 2, 2, array_element},
    {"has(array, value)", 2, 2, has, kTakesNull},
    {"indexOf(array, value)", 2, 2, index_of, kTakesNull},
    {"arraySum(array)", 1, 1, array_sum},
    {"arrayDistinct(array)", 1, 1, array_distinct},
    {"range([begin, ]end[, step])", 1, 3, range},
});

}  // namespace

std::span<const SqlFunction> array_functions() { return kTable; }

}  // namespace sluice
