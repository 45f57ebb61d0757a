#include "intake/type_guess.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "base/encoding.h"
#include "base/json_reader.h"
#include "base/limits.h"
#include "domain/date_format.h"

namespace sluice {
namespace {

bool is_int64(std::string_view text) {
  int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failed == std::errc() && end == text.data() + text.size();
}

/// Whether the text is a number as JSON writes it; sets `whole`.
bool is_number(std::string_view text, bool& whole) {
  JsonReader reader(text);
  std::string_view number;
  return !text.empty() && reader.number(number, whole) && number.size() == text.size();
}

}  // namespace

void TypeGuess::see_json(std::string_view value) {
  JsonReader reader(value);
  std::string_view text;
  bool flag = false;
  switch (reader.next()) {
    case 'n':
      return see_null();
    case '"':
      scalar_ = true;
      if (reader.string(text, flag)) see_text(flag ? "\\" : text);
      return;
    case 't':
    case 'f':
      scalar_ = boolean_ = true;
      return;
    case '{':
      scalar_ = object_ = true;
      return;
    case '[':
      list_ = true;
      if (!elements_) elements_ = std::make_unique<TypeGuess>();
      reader.take('[');
      if (reader.take(']')) return;
      do {
        std::string_view element;
        if (!reader.value(element, limits::kJsonDepth)) return;
        elements_->see_json(element);
      } while (reader.take(','));
      return;
    default:
      scalar_ = true;
      if (!reader.number(text, flag)) return;
      (flag && is_int64(text) ? integer_ : real_) = true;
  }
}

void TypeGuess::see_csv(std::string_view field) {
  scalar_ = true;
  const std::string_view text = trim(field);
  const std::string lower = ascii_lower(text.substr(0, 8));
  bool whole = false;
  if (lower == "true" || lower == "false") {
    boolean_ = true;
  } else if (is_number(text, whole)) {
    (whole && is_int64(text) ? integer_ : real_) = true;
  } else {
    see_text(text);
  }
}

void TypeGuess::see_text(std::string_view text) {
  constexpr size_t kDateBytes = 10;
  if (!read_date_text(text)) {
    text_ = true;
  } else if (text.size() == kDateBytes) {
    date_ = true;
  } else {
    time_ = true;
    const size_t point = text.find('.');
    if (point == std::string_view::npos) return;
    const size_t end = std::min(text.find_first_not_of("0123456789", point + 1), text.size());
    fraction_ = std::max(fraction_, end - point - 1);
  }
}

std::string TypeGuess::plain_type() const {
  if (list_ && !scalar_) {
    TypeGuess none;
    const TypeGuess& elements = elements_ ? *elements_ : none;
    return "Array(" + (elements.is_list() ? "JSON" : elements.type()) + ")";
  }
  const bool number = integer_ || real_;
  const bool moment = date_ || time_;
  const int kinds = (boolean_ ? 1 : 0) + (number ? 1 : 0) + (moment ? 1 : 0) + (text_ ? 1 : 0) +
                    (object_ ? 1 : 0) + (list_ ? 1 : 0);
  if (kinds != 1 || text_) return "String";
  if (boolean_) return "Bool";
  if (object_) return "JSON";
  if (real_) return "Float64";
  if (integer_) return "Int64";
  if (!time_) return "Date";
  if (fraction_ == 0) return "DateTime";
  return fraction_ <= 3 ? "DateTime64(3)" : "DateTime64(6)";
}

std::string TypeGuess::type() const {
  const bool nothing = !scalar_ && !list_;
  const std::string plain = nothing ? "String" : plain_type();
  const bool nullable = (nulls_ || nothing) && !is_list();
  return nullable ? "Nullable(" + plain + ")" : plain;
}

}  // namespace sluice
