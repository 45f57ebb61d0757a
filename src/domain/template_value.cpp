#include "domain/template_value.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "domain/sql_text.h"
#include "domain/variable.h"

namespace sluice {
namespace {

std::string real_text(double value) {
  // 17 digits read back as the same double; an exponent makes sure that it stays one.
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", value);
  std::string out = text;
  if (out.find_first_of(".en") == std::string::npos) out += ".0";
  return out;
}

void check_text(std::string_view text) {
  if (text.find('\0') == std::string_view::npos && is_utf8(text)) return;
  throw Error(ErrorCode::kInvalid, "A value has a zero byte or is not UTF-8.",
              "Texts in SQL are UTF-8 without zero bytes.");
}

std::optional<double> number_of(const TemplateValue& value) {
  if (const auto* flag = std::get_if<bool>(&value.data)) return *flag ? 1.0 : 0.0;
  if (const auto* whole = std::get_if<int64_t>(&value.data)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value.data)) return *real;
  return std::nullopt;
}

std::optional<int64_t> whole_of(const TemplateValue& value) {
  if (const auto* flag = std::get_if<bool>(&value.data)) return *flag ? 1 : 0;
  if (const auto* whole = std::get_if<int64_t>(&value.data)) return *whole;
  return std::nullopt;
}

template <typename Number>
int order(const Number& a, const Number& b) {
  if (a < b) return -1;
  return b < a ? 1 : 0;
}

[[noreturn]] void refuse_operands(std::string_view op, const TemplateValue& a,
                                  const TemplateValue& b) {
  throw Error(ErrorCode::kInvalid,
              std::string(op) + " can't be used on " + std::string(kind_of(a)) + " and " +
                  std::string(kind_of(b)) + ".",
              "A parameter is a text until it has a type, for example Int32(x).");
}

int64_t floor_division(int64_t a, int64_t b) {
  const int64_t quotient = a / b;
  return (a % b != 0 && (a < 0) != (b < 0)) ? quotient - 1 : quotient;
}

void check_divisor(bool is_zero) {
  if (is_zero) throw Error(ErrorCode::kInvalid, "Division by zero.");
}

TemplateValue whole_arithmetic(std::string_view op, int64_t a, int64_t b) {
  int64_t out = 0;
  bool over = false;
  if (op == "+") over = __builtin_add_overflow(a, b, &out);
  if (op == "-") over = __builtin_sub_overflow(a, b, &out);
  if (op == "*") over = __builtin_mul_overflow(a, b, &out);
  if (op == "//" || op == "%") {
    check_divisor(b == 0);
    // The one quotient that does not fit, and whose remainder the processor can't find.
    if (b == -1) {
      over = op == "//" && __builtin_sub_overflow(int64_t{0}, a, &out);
    } else {
      out = op == "//" ? floor_division(a, b) : a - floor_division(a, b) * b;
    }
  }
  if (over) {
    throw Error(ErrorCode::kInvalid, "The result of " + std::to_string(a) + " " + std::string(op) +
                                         " " + std::to_string(b) + " does not fit 64 bits.");
  }
  return {out};
}

TemplateValue real_arithmetic(std::string_view op, double a, double b) {
  if (op == "+") return {a + b};
  if (op == "-") return {a - b};
  if (op == "*") return {a * b};
  check_divisor(b == 0);
  if (op == "/") return {a / b};
  const double quotient = std::floor(a / b);
  return {op == "//" ? quotient : a - quotient * b};
}

}  // namespace

TemplateValue::TemplateValue() = default;
TemplateValue::TemplateValue(bool value) : data(value) {}
TemplateValue::TemplateValue(int64_t value) : data(value) {}
TemplateValue::TemplateValue(double value) : data(value) {}
TemplateValue::TemplateValue(std::string value) : data(std::move(value)) {}
TemplateValue::TemplateValue(TemplateList value) : data(std::move(value)) {}
TemplateValue::TemplateValue(TemplateMap value) : data(std::move(value)) {}
TemplateValue::TemplateValue(SqlFragment value) : data(std::move(value)) {}
TemplateValue::TemplateValue(const TemplateValue& other) = default;
TemplateValue::TemplateValue(TemplateValue&& other) noexcept = default;
TemplateValue& TemplateValue::operator=(const TemplateValue& other) = default;
TemplateValue& TemplateValue::operator=(TemplateValue&& other) noexcept = default;
TemplateValue::~TemplateValue() = default;

std::string_view kind_of(const TemplateValue& value) {
  static constexpr std::string_view kKinds[] = {
      "None", "a truth value", "a whole number", "a number", "a text", "a list", "a map", "SQL"};
  return kKinds[value.data.index()];
}

bool is_true(const TemplateValue& value) {
  if (const auto number = number_of(value)) return *number != 0;
  if (const auto* text = std::get_if<std::string>(&value.data)) return !text->empty();
  if (const auto* list = std::get_if<TemplateList>(&value.data)) return !list->empty();
  if (const auto* map = std::get_if<TemplateMap>(&value.data)) return !map->keys.empty();
  return std::holds_alternative<SqlFragment>(value.data);
}

bool equals(const TemplateValue& a, const TemplateValue& b) {
  const auto whole_a = whole_of(a);
  const auto whole_b = whole_of(b);
  if (whole_a && whole_b) return *whole_a == *whole_b;
  const auto number_a = number_of(a);
  const auto number_b = number_of(b);
  if (number_a && number_b) return *number_a == *number_b;
  for (const TemplateValue* one : {&a, &b}) {
    // What the engine makes of it is not known here.
    if (std::holds_alternative<SqlFragment>(one->data)) refuse_operands("A comparison", a, b);
  }
  if (a.data.index() != b.data.index()) return false;
  if (std::holds_alternative<std::monostate>(a.data)) return true;
  if (const auto* text = std::get_if<std::string>(&a.data)) {
    return *text == std::get<std::string>(b.data);
  }
  if (const auto* list = std::get_if<TemplateList>(&a.data)) {
    const auto& other = std::get<TemplateList>(b.data);
    return std::equal(list->begin(), list->end(), other.begin(), other.end(), equals);
  }
  return false;
}

int compare(const TemplateValue& a, const TemplateValue& b) {
  const auto whole_a = whole_of(a);
  const auto whole_b = whole_of(b);
  if (whole_a && whole_b) return order(*whole_a, *whole_b);
  const auto number_a = number_of(a);
  const auto number_b = number_of(b);
  if (number_a && number_b) return order(*number_a, *number_b);
  const auto* text_a = std::get_if<std::string>(&a.data);
  const auto* text_b = std::get_if<std::string>(&b.data);
  if (text_a == nullptr || text_b == nullptr) refuse_operands("A comparison", a, b);
  return order(*text_a, *text_b);
}

TemplateValue arithmetic(std::string_view op, const TemplateValue& a, const TemplateValue& b) {
  const auto whole_a = whole_of(a);
  const auto whole_b = whole_of(b);
  if (whole_a && whole_b && op != "/") return whole_arithmetic(op, *whole_a, *whole_b);
  const auto number_a = number_of(a);
  const auto number_b = number_of(b);
  if (number_a && number_b) return real_arithmetic(op, *number_a, *number_b);
  const auto* text_a = std::get_if<std::string>(&a.data);
  const auto* text_b = std::get_if<std::string>(&b.data);
  if (op != "+" || text_a == nullptr || text_b == nullptr) refuse_operands(op, a, b);
  if (text_a->size() + text_b->size() > limits::kSqlBytes) {
    throw Error(ErrorCode::kTooLarge,
                "A text has more than " + std::to_string(limits::kSqlBytes) + " bytes.");
  }
  return {*text_a + *text_b};
}

std::string plain_text(const TemplateValue& value) {
  if (const auto* flag = std::get_if<bool>(&value.data)) return *flag ? "1" : "0";
  if (const auto* whole = std::get_if<int64_t>(&value.data)) return std::to_string(*whole);
  if (const auto* real = std::get_if<double>(&value.data)) return real_text(*real);
  if (const auto* text = std::get_if<std::string>(&value.data)) return *text;
  if (const auto* sql = std::get_if<SqlFragment>(&value.data)) return sql->sql;
  std::string out;
  if (const auto* list = std::get_if<TemplateList>(&value.data)) {
    for (const TemplateValue& item : *list) out += (out.empty() ? "" : ",") + plain_text(item);
  }
  return out;
}

std::string sql_literal(const TemplateValue& value) {
  if (const auto* text = std::get_if<std::string>(&value.data)) {
    check_text(*text);
    return quote_text(*text);
  }
  if (const auto* list = std::get_if<TemplateList>(&value.data)) {
    std::string out;
    for (const TemplateValue& item : *list) out += (out.empty() ? "" : ", ") + sql_literal(item);
    return "(" + out + ")";
  }
  if (const auto* real = std::get_if<double>(&value.data); real && !std::isfinite(*real)) {
    throw Error(ErrorCode::kInvalid, "A number without end can't stand in a statement.");
  }
  if (std::holds_alternative<TemplateMap>(value.data)) {
    throw Error(ErrorCode::kInvalid, "A map can't stand in a statement.");
  }
  return std::holds_alternative<std::monostate>(value.data) ? "NULL" : plain_text(value);
}

SqlFragment sql_name(std::string_view name, size_t most) {
  check_text(name);
  if (static_cast<size_t>(std::count(name.begin(), name.end(), '.')) >= most) {
    throw Error(ErrorCode::kInvalid,
                "'" + std::string(name.substr(0, 200)) + "' has more than " + std::to_string(most) +
                    " parts.",
                "A column is file.table.column at most, a table file.table.");
  }
  std::string out;
  for (size_t at = 0; at <= name.size();) {
    const size_t end = std::min(name.find('.', at), name.size());
    if (end == at) {
      throw Error(ErrorCode::kInvalid,
                  "'" + std::string(name.substr(0, 200)) + "' is no name of a column or table.",
                  "Give a name, or names with dots between them.");
    }
    if (!out.empty()) out += '.';
    if (ascii_lower(name.substr(at, end - at)) == kSecretFunction) {
      throw Error(ErrorCode::kForbidden, "'tb_secret' is no name of a column or table.",
                  "Write {{tb_secret('name')}} for a secret.");
    }
    // In backquotes: what stands in double quotes SQLite takes for a text where no such name is.
    out += '`';
    for (const char c : name.substr(at, end - at)) out += c == '`' ? "``" : std::string(1, c);
    out += '`';
    at = end + 1;
  }
  return {out};
}

}  // namespace sluice
