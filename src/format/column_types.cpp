#include "format/column_types.h"

#include <charconv>
#include <string>

#include "base/encoding.h"

namespace sluice {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// A number at the start of `text`, which it is taken from; nothing if there is none.
std::optional<int> take_number(std::string_view& text) {
  text = trim(text);
  int number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  text = trim(text);
  return number;
}

/// `decimal(10, 2)`: nothing where a double has to do, without figures or with too many digits.
std::optional<ColumnType> decimal_type(std::string_view name) {
  const size_t open = name.find('(');
  if (open == std::string_view::npos) return std::nullopt;
  name.remove_prefix(open + 1);
  const std::optional<int> precision = take_number(name);
  std::optional<int> scale = 0;
  if (name.starts_with(',')) {
    name.remove_prefix(1);
    scale = take_number(name);
  }
  if (!precision || !scale || !name.starts_with(')')) return std::nullopt;
  if (*precision < 1 || *precision > kDecimalDigits || *scale < 0 || *scale > *precision) {
    return std::nullopt;
  }
  return ColumnType{ColumnKind::kDecimal, *precision, *scale};
}

bool is_exact_in_double(int64_t value) {
  const auto real = static_cast<double>(value);
  return real < 0x1p63 && static_cast<int64_t>(real) == value;
}

}  // namespace

std::optional<ColumnType> declared_type(std::string_view declaration) {
  const std::string name = ascii_lower(trim(declaration));
  const std::string_view word(name.data(), std::min(name.find_first_of(" ("), name.size()));
  if (word == "bool" || word == "boolean") return ColumnType{ColumnKind::kBoolean};
  if (word == "date") return ColumnType{ColumnKind::kDate};
  if (word == "datetime" || word.starts_with("timestamp")) {
    return ColumnType{ColumnKind::kTimestamp};
  }
  if (word == "decimal" || word == "numeric" || word == "dec") return decimal_type(name);
  if (contains(name, "int")) return ColumnType{ColumnKind::kInteger};
  if (contains(name, "char") || contains(name, "clob") || contains(name, "text")) {
    return ColumnType{ColumnKind::kText};
  }
  if (contains(name, "blob")) return ColumnType{ColumnKind::kBytes};
  if (contains(name, "real") || contains(name, "floa") || contains(name, "doub")) {
    return ColumnType{ColumnKind::kReal};
  }
  return std::nullopt;
}

void ValueSurvey::look_at(const Batch& batch) {
  for (size_t column = 0; column < seen_.size(); ++column) {
    Seen& seen = seen_[column];
    for (size_t row = 0; row < batch.rows(); ++row) {
      switch (batch.at(column, row).type) {
        case ValueType::kNull:
          break;
        case ValueType::kInteger:
          seen.integer = true;
          seen.big_integer |= !is_exact_in_double(batch.at(column, row).integer);
          break;
        case ValueType::kReal:
          seen.real = true;
          break;
        case ValueType::kText:
          seen.text = true;
          break;
        case ValueType::kBlob:
          seen.blob = true;
          break;
        // The engine says the types of columns that hold these.
        case ValueType::kBoolean:
        case ValueType::kSingle:
        case ValueType::kDate:
        case ValueType::kTimestamp:
        case ValueType::kNumber:
        case ValueType::kNested:
          break;
      }
    }
  }
}

bool ValueSurvey::mixes_big_integers(size_t column) const {
  return seen_[column].real && seen_[column].big_integer;
}

ColumnType ValueSurvey::type_of(size_t column) const {
  const Seen& seen = seen_[column];
  if (seen.text) return {ColumnKind::kText};
  if (seen.blob) return {seen.integer || seen.real ? ColumnKind::kText : ColumnKind::kBytes};
  if (seen.real) return {ColumnKind::kReal};
  return {seen.integer ? ColumnKind::kInteger : ColumnKind::kText};
}

}  // namespace sluice
