#include "engine/json_text.h"

#include <charconv>
#include <cmath>

#include "base/encoding.h"
#include "engine/sql_values.h"

namespace sluice {
namespace {

constexpr size_t kDeepest = 1000;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

size_t skip_space(std::string_view text, size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

/// Behind the string that begins at `at`; the text is known to be valid.
size_t end_of_string(std::string_view text, size_t at) {
  for (++at; text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

/// Behind the value that begins at `at`; the text is known to be valid.
size_t end_of_value(std::string_view text, size_t at) {
  size_t depth = 0;
  do {
    const char c = text[at];
    if (c == '"') {
      at = end_of_string(text, at);
      if (depth == 0) return at;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++at;
    if (depth == 0) {
      if (c == '}' || c == ']') return at;
      while (at < text.size() && !is_space(text[at]) && text[at] != ',' && text[at] != ']' &&
             text[at] != '}') {
        ++at;
      }
      return at;
    }
  } while (at < text.size());
  return at;
}

/// Takes a text apart by the grammar of RFC 8259, without recursion.
class JsonChecker {
 public:
  explicit JsonChecker(std::string_view text) : text_(text) {}

  /// Where the value begins and ends, if all of the text is one.
  std::optional<std::string_view> check() {
    at_ = skip_space(text_, 0);
    const size_t begin = at_;
    size_t end = 0;
    std::string open;  // The brackets that are not closed yet.
    do {
      if (!take_value(open)) return std::nullopt;
      end = at_;
      if (!close_or_go_on(open, end)) return std::nullopt;
    } while (!open.empty());
    if (skip_space(text_, end) != text_.size()) return std::nullopt;
    return text_.substr(begin, end - begin);
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }

  /// A scalar, an empty container, or the way into the first value of a container.
  bool take_value(std::string& open) {
    while (true) {
      at_ = skip_space(text_, at_);
      const char c = peek();
      if (c != '[' && c != '{') return take_scalar();
      ++at_;
      if (open.size() >= kDeepest) return false;
      at_ = skip_space(text_, at_);
      if (take(c == '[' ? ']' : '}')) return true;
      open += c;
      if (c == '{' && !take_key()) return false;
    }
  }

  /// Behind a value: brackets close, or a comma leads to the next one.
  bool close_or_go_on(std::string& open, size_t& end) {
    while (!open.empty()) {
      at_ = skip_space(text_, at_);
      if (take(',')) return open.back() == '[' || take_key();
      if (!take(open.back() == '[' ? ']' : '}')) return false;
      open.pop_back();
      end = at_;
    }
    return true;
  }

  bool take_key() {
    at_ = skip_space(text_, at_);
    if (!take_string()) return false;
    at_ = skip_space(text_, at_);
    return take(':');
  }

  bool take_scalar() {
    switch (peek()) {
      case '"':
        return take_string();
      case 't':
        return take_word("true");
      case 'f':
        return take_word("false");
      case 'n':
        return take_word("null");
      default:
        return take_number();
    }
  }

  bool take_word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  bool take_digits() {
    if (!is_digit(peek())) return false;
    while (is_digit(peek())) ++at_;
    return true;
  }

  bool take_number() {
    take('-');
    if (!take('0') && !take_digits()) return false;
    if (take('.') && !take_digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return take_digits();
    }
    return true;
  }

  bool take_string() {
    if (!take('"')) return false;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\' && !take_escape()) return false;
    }
    return false;
  }

  /// Stands at its last byte behind it.
  bool take_escape() {
    ++at_;
    if (peek() != 'u') {
      return at_ < text_.size() &&
             std::string_view("\"\\/bfnrt").find(peek()) != std::string_view::npos;
    }
    for (int i = 0; i < 4; ++i) {
      ++at_;
      const char c = peek();
      if (!is_digit(c) && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F')) return false;
    }
    return true;
  }

  std::string_view text_;
  size_t at_ = 0;
};

uint32_t hex4(std::string_view digits) {
  uint32_t value = 0;
  std::from_chars(digits.data(), digits.data() + 4, value, 16);
  return value;
}

void append_code_point(std::string& out, uint32_t code) {
  const auto byte = [&](uint32_t value) { out += static_cast<char>(value); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xC0U | code >> 6U);
  } else if (code < 0x10000) {
    byte(0xE0U | code >> 12U);
    byte(0x80U | (code >> 6U & 0x3FU));
  } else {
    byte(0xF0U | code >> 18U);
    byte(0x80U | (code >> 12U & 0x3FU));
    byte(0x80U | (code >> 6U & 0x3FU));
  }
  byte(0x80U | (code & 0x3FU));
}

/// Reads what stands behind `\u`; returns how many bytes that are.
size_t append_escaped_code(std::string& out, std::string_view text) {
  constexpr uint32_t kReplacement = 0xFFFD;
  const uint32_t first = hex4(text);
  if (first < 0xD800 || first > 0xDFFF) {
    append_code_point(out, first);
    return 4;
  }
  if (first < 0xDC00 && text.size() >= 10 && text[4] == '\\' && text[5] == 'u') {
    const uint32_t second = hex4(text.substr(6));
    if (second >= 0xDC00 && second <= 0xDFFF) {
      append_code_point(out, 0x10000 + ((first - 0xD800) << 10U) + (second - 0xDC00));
      return 10;
    }
  }
  append_code_point(out, kReplacement);
  return 4;
}

}  // namespace

std::optional<JsonValue> JsonValue::parse(std::string_view text) {
  const std::optional<std::string_view> raw = JsonChecker(text).check();
  if (!raw || !is_utf8(*raw)) return std::nullopt;
  return JsonValue(*raw);
}

JsonKind JsonValue::kind() const {
  switch (raw_.front()) {
    case 'n':
      return JsonKind::kNull;
    case 't':
    case 'f':
      return JsonKind::kBool;
    case '"':
      return JsonKind::kString;
    case '[':
      return JsonKind::kArray;
    case '{':
      return JsonKind::kObject;
    default:
      return JsonKind::kNumber;
  }
}

std::optional<JsonValue::Item> JsonValue::item_at(std::string_view rest, bool in_object) {
  Item item;
  size_t at = skip_space(rest, 0);
  if (in_object) {
    const size_t end = end_of_string(rest, at);
    item.key = rest.substr(at, end - at);
    at = skip_space(rest, skip_space(rest, end) + 1);
  }
  const size_t end = end_of_value(rest, at);
  item.value = rest.substr(at, end - at);
  item.rest = rest.substr(end);
  return item;
}

std::optional<JsonValue::Item> JsonValue::first() const {
  if (kind() != JsonKind::kArray && kind() != JsonKind::kObject) return std::nullopt;
  const size_t at = skip_space(raw_, 1);
  if (raw_[at] == ']' || raw_[at] == '}') return std::nullopt;
  return item_at(raw_.substr(at), kind() == JsonKind::kObject);
}

std::optional<JsonValue::Item> JsonValue::next(const Item& item) {
  const size_t at = skip_space(item.rest, 0);
  if (at >= item.rest.size() || item.rest[at] != ',') return std::nullopt;
  return item_at(item.rest.substr(at + 1), !item.key.empty());
}

size_t JsonValue::size() const {
  size_t count = 0;
  for (auto item = first(); item; item = next(*item)) ++count;
  return count;
}

std::optional<JsonValue> JsonValue::member(std::string_view name) const {
  if (kind() != JsonKind::kObject) return std::nullopt;
  for (auto item = first(); item; item = next(*item)) {
    const std::string_view inside = item->key.substr(1, item->key.size() - 2);
    const bool is_plain = inside.find('\\') == std::string_view::npos;
    if (is_plain ? inside == name : decode(item->key) == name) return item->as_value();
  }
  return std::nullopt;
}

std::optional<JsonValue> JsonValue::at(int64_t place) const {
  if (place < 0) place += static_cast<int64_t>(size()) + 1;
  if (place < 1) return std::nullopt;
  for (auto item = first(); item; item = next(*item)) {
    if (--place == 0) return item->as_value();
  }
  return std::nullopt;
}

std::string JsonValue::decode(std::string_view quoted) {
  const std::string_view text = quoted.substr(1, quoted.size() - 2);
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    const char code = text[++i];
    if (code == 'u') {
      i += append_escaped_code(out, text.substr(i + 1));
      continue;
    }
    constexpr std::string_view kCodes = "bfnrt";
    const size_t place = kCodes.find(code);
    out += place == std::string_view::npos ? code : "\b\f\n\r\t"[place];
  }
  return out;
}

double JsonValue::real() const {
  double number = 0;
  const auto [end, failed] = std::from_chars(raw_.data(), raw_.data() + raw_.size(), number);
  // Too large or too small for a double: from_chars leaves it as it was.
  if (failed == std::errc::result_out_of_range) {
    const bool is_small =
        raw_.find("e-") != std::string_view::npos || raw_.find("E-") != std::string_view::npos;
    return is_small ? 0.0 : raw_.front() == '-' ? -HUGE_VAL : HUGE_VAL;
  }
  return number;
}

std::optional<int64_t> JsonValue::integer() const {
  int64_t number = 0;
  const auto [end, failed] = std::from_chars(raw_.data(), raw_.data() + raw_.size(), number);
  if (failed != std::errc() || end != raw_.data() + raw_.size()) return std::nullopt;
  return number;
}

bool JsonValue::is_unsigned() const {
  uint64_t number = 0;
  const auto [end, failed] = std::from_chars(raw_.data(), raw_.data() + raw_.size(), number);
  return failed == std::errc() && end == raw_.data() + raw_.size();
}

void JsonValue::append_compact(std::string& out) const {
  for (size_t at = 0; at < raw_.size();) {
    const char c = raw_[at];
    if (c == '"') {
      const size_t end = end_of_string(raw_, at);
      const std::string_view quoted = raw_.substr(at, end - at);
      const bool is_plain = quoted.find('\\') == std::string_view::npos;
      is_plain ? out += quoted : (append_repaired_json_string(out, decode(quoted)), out);
      at = end;
    } else if (c == '-' || is_digit(c)) {
      const size_t end = end_of_value(raw_, at);
      const JsonValue number(raw_.substr(at, end - at));
      // What no double holds stays as it is written.
      const bool stays = number.raw_.find_first_of(".eE") == std::string_view::npos ||
                         !std::isfinite(number.real());
      stays ? out += number.raw_ : (append_plain_real(out, number.real()), out);
      at = end;
    } else {
      if (!is_space(c)) out += c;
      ++at;
    }
  }
}

}  // namespace sluice
