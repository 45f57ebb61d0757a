#include "domain/data_type.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/time_zone.h"
#include "domain/type_names.h"

namespace sluice {
namespace {

using Shape = TypeShape;

/// Deeper than anyone writes, shallow for the stack.
constexpr int kDeepest = 32;

Error bad_type(std::string message, std::string hint = {}) {
  return {ErrorCode::kInvalid, std::move(message), std::move(hint)};
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Takes types from the front of a text.
class TypeReader {
 public:
  explicit TypeReader(std::string_view& text) : text_(text) {}

  DataType read(int depth) {
    if (depth > kDeepest) {
      throw bad_type("types are nested more than " + std::to_string(kDeepest) + " deep.");
    }
    const std::string_view word = take_word();
    if (word.empty()) {
      throw bad_type(text_.empty()
                         ? "a type is missing."
                         : "a type is missing before '" + std::string(text_.substr(0, 20)) + "'.",
                     "Write the type behind the name: `price` Float64.");
    }
    const KnownType& known = find_type(word);
    DataType type;
    type.text = type.name = known.name;
    type.kind = known.kind;
    type.bits = known.bits;
    type.is_unsigned = known.is_unsigned;
    read_arguments(type, known, depth);
    return type;
  }

 private:
  void read_arguments(DataType& type, const KnownType& known, int depth) {
    const bool open = take('(');
    const bool can_do_without = known.shape == Shape::kNothing || known.shape == Shape::kZone ||
                                known.shape == Shape::kDigits || known.shape == Shape::kDecimal ||
                                known.shape == Shape::kAnything;
    if (!open && !can_do_without) {
      throw bad_type("the type " + type.name + " needs parentheses with what it is of.",
                     "For example " + type_example(known) + ".");
    }
    switch (known.shape) {
      case Shape::kNothing:
        if (open) throw bad_type("the type " + type.name + " takes nothing in parentheses.");
        return;
      case Shape::kType:
      case Shape::kFunction:
        return read_wrapped(type, known, depth);
      case Shape::kTypes:
        return read_inner_types(type, depth);
      case Shape::kEnum:
        return read_enum(type);
      case Shape::kAnything:
        if (open) type.text += "(" + take_balanced() + ")";
        return;
      default:
        return read_numbers(type, known, open);
    }
  }

  void read_wrapped(DataType& type, const KnownType& known, int depth) {
    const std::string wrapper = known.name;
    std::string begin = wrapper + "(";
    if (known.shape == Shape::kFunction) {
      const std::string_view function = take_word();
      if (function.empty() || !take(',')) throw incomplete(known);
      begin += std::string(function) + ", ";
    }
    DataType inner = read(depth + 1);
    if (wrapper == "Nullable" && inner.nullable) {
      throw bad_type("Nullable stands inside of Nullable.", "Write it once.");
    }
    close(known);
    inner.nullable = inner.nullable || wrapper == "Nullable";
    inner.text = begin + inner.text + ")";
    type = std::move(inner);
  }

  void read_inner_types(DataType& type, int depth) {
    type.text += "(";
    size_t count = 0;
    do {
      const std::string_view before = text_;
      std::string name(take_name());
      skip_space();
      if (name.empty() || text_.empty() || !(is_word(text_.front()) || text_.front() == '`')) {
        name.clear();
        text_ = before;  // It was the type.
      }
      if (count++ > 0) type.text += ", ";
      if (!name.empty()) type.text += name + " ";
      type.text += read(depth + 1).text;
    } while (take(','));
    const bool fits = type.name == "Tuple" || (type.name == "Array" && count == 1) ||
                      (type.name == "Map" && count == 2);
    if (!fits) throw incomplete(find_type(type.name));
    close(find_type(type.name));
    type.text += ")";
  }

  void read_enum(DataType& type) {
    const KnownType& known = find_type(type.name);
    const int most = 1 << (type.bits - 1);
    std::string list;
    int next = 1;
    do {
      std::optional<std::string> name = take_quoted();
      if (!name) throw incomplete(known);
      if (take('=')) next = number(known);
      if (next < -most || next >= most) {
        throw bad_type("the value '" + *name + "' of " + type.name + " has the number " +
                       std::to_string(next) + ", which it can't hold.");
      }
      for (const DataType::EnumValue& value : type.values) {
        if (value.name != *name && value.number != next) continue;
        throw bad_type("the value '" + *name + "' of " + type.name + " or its number " +
                       std::to_string(next) + " is there twice.");
      }
      list += (list.empty() ? "" : ", ") + quoted(*name) + " = " + std::to_string(next);
      type.values.push_back({std::move(*name), next});
      if (type.values.size() > limits::kEnumValues) {
        throw bad_type("the type " + type.name + " has more than " +
                           std::to_string(limits::kEnumValues) + " values.",
                       "Use LowCardinality(String).");
      }
      ++next;
    } while (take(','));
    close(known);
    type.text += "(" + list + ")";
  }

  /// FixedString, DateTime, DateTime64, Decimal and Decimal32..256.
  void read_numbers(DataType& type, const KnownType& known, bool open) {
    if (known.shape == Shape::kDigits) type.scale = 3;
    if (known.shape == Shape::kDecimal) type.precision = 10;
    if (known.shape == Shape::kScale) type.precision = known.bits;
    if (!open) return;
    if (known.shape == Shape::kZone) {
      read_zone(type);
      type.text += "(" + quoted(type.time_zone) + ")";
    } else {
      const int first = number(known);
      type.text += "(" + std::to_string(first);
      if (known.shape == Shape::kLength) type.length = static_cast<size_t>(std::max(first, 0));
      (known.shape == Shape::kDecimal ? type.precision : type.scale) = first;
      if (known.shape == Shape::kDecimal && take(',')) type.scale = number(known);
      if (known.shape == Shape::kDecimal) type.text += ", " + std::to_string(type.scale);
      if (known.shape == Shape::kDigits && take(',')) {
        read_zone(type);
        type.text += ", " + quoted(type.time_zone);
      }
      type.text += ")";
    }
    close(known);
    check_numbers(type, known);
  }

  static void check_numbers(const DataType& type, const KnownType& known) {
    if (known.shape == Shape::kLength && type.length == 0) {
      throw bad_type("FixedString needs a length of at least 1 byte.");
    }
    if (known.shape == Shape::kDigits && (type.scale < 0 || type.scale > 9)) {
      throw bad_type("DateTime64 has 0 to 9 digits of a second's fraction, not " +
                     std::to_string(type.scale) + ".");
    }
    const bool decimal = type.kind == DataKind::kDecimal;
    if (decimal && (type.precision < 1 || type.precision > kMostDecimalDigits || type.scale < 0 ||
                    type.scale > type.precision)) {
      throw bad_type("the type " + type.text + " can't be.",
                     "Decimal(precision, scale): 1 to " + std::to_string(kMostDecimalDigits) +
                         " digits, of them 0 to precision behind the point.");
    }
  }

  void read_zone(DataType& type) {
    const std::optional<std::string> zone = take_quoted();
    if (!zone) throw incomplete(find_type(type.name));
    TimeZone::find(*zone);  // Throws, with the nearest name.
    type.time_zone = *zone;
  }

  int number(const KnownType& known) {
    skip_space();
    int value = 0;
    const auto [end, failed] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (failed != std::errc()) throw incomplete(known);
    text_.remove_prefix(static_cast<size_t>(end - text_.data()));
    return value;
  }

  void close(const KnownType& known) {
    if (!take(')')) throw incomplete(known);
  }

  Error incomplete(const KnownType& known) const {
    const std::string at = text_.empty() ? "its end" : "'" + std::string(text_.substr(0, 20)) + "'";
    return bad_type("the type " + std::string(known.name) + " can't be read at " + at + ".",
                    "It is written like " + type_example(known) + ".");
  }

  void skip_space() {
    while (!text_.empty() && trim(text_.substr(0, 1)).empty()) text_.remove_prefix(1);
  }
  bool take(char c) {
    skip_space();
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  std::string_view take_word() {
    skip_space();
    size_t size = 0;
    while (size < text_.size() && is_word(text_[size])) ++size;
    const std::string_view word = text_.substr(0, size);
    text_.remove_prefix(size);
    return word;
  }
  /// A word, or one in backquotes, which it keeps.
  std::string_view take_name() {
    skip_space();
    if (text_.empty() || text_.front() != '`') return take_word();
    const size_t end = text_.find('`', 1);
    if (end == std::string_view::npos) return {};
    const std::string_view name = text_.substr(0, end + 1);
    text_.remove_prefix(end + 1);
    return name;
  }
  /// `'it''s'` or `'it\'s'`, without the quotes.
  std::optional<std::string> take_quoted() {
    if (!take('\'')) return std::nullopt;
    std::string value;
    while (!text_.empty()) {
      const char c = text_.front();
      text_.remove_prefix(1);
      const bool doubled = c == '\'' && text_.starts_with('\'');
      if (c == '\'' && !doubled) return value;
      if ((c == '\\' || doubled) && !text_.empty()) {
        value += text_.front();
        text_.remove_prefix(1);
      } else {
        value += c;
      }
    }
    throw bad_type("a quote of the type is not closed.", "Close it with '.");
  }
  static std::string quoted(std::string_view value) {
    std::string out = "'";
    for (const char c : value) {
      if (c == '\'' || c == '\\') out += '\\';
      out += c;
    }
    return out + "'";
  }
  /// Up to the parenthesis that closes the open one, which is taken too.
  std::string take_balanced() {
    int depth = 1;
    for (size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == '(') ++depth;
      if (text_[i] == ')' && --depth == 0) {
        std::string inside(text_.substr(0, i));
        text_.remove_prefix(i + 1);
        return inside;
      }
    }
    throw bad_type("a parenthesis of the type is not closed.", "Close it with ).");
  }

  std::string_view& text_;
};

}  // namespace

DataType take_data_type(std::string_view& text) { return TypeReader(text).read(0); }

DataType parse_data_type(std::string_view text) {
  DataType type = take_data_type(text);
  text = trim(text);
  if (!text.empty()) {
    throw bad_type("there is something behind the type " + type.text + ": '" +
                   std::string(text.substr(0, 20)) + "'.");
  }
  return type;
}

}  // namespace sluice
