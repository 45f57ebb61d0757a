#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sluice {

struct TemplateValue;

/// SQL that was put together from quoted names and values only.
struct SqlFragment {
  std::string sql;
};
using TemplateList = std::vector<TemplateValue>;
/// `{'a': 1}`: as many keys as values.
struct TemplateMap {
  TemplateList keys;
  TemplateList values;
};

/// What an expression of a SQL template comes to. `monostate` is None.
struct TemplateValue {
  TemplateValue();
  TemplateValue(bool value);
  TemplateValue(int64_t value);
  TemplateValue(double value);
  TemplateValue(std::string value);
  TemplateValue(TemplateList value);
  TemplateValue(TemplateMap value);
  TemplateValue(SqlFragment value);
  TemplateValue(const char*) = delete;  ///< It would be a truth value.
  TemplateValue(const TemplateValue& other);
  TemplateValue(TemplateValue&& other) noexcept;
  TemplateValue& operator=(const TemplateValue& other);
  TemplateValue& operator=(TemplateValue&& other) noexcept;
  ~TemplateValue();

  std::variant<std::monostate, bool, int64_t, double, std::string, TemplateList, TemplateMap,
               SqlFragment>
      data;
};

/// What a value is, for messages: "a text", "a whole number", ...
std::string_view kind_of(const TemplateValue& value);
/// Python's rule: None, false, 0, and what is empty are not.
bool is_true(const TemplateValue& value);
/// Numbers by their value, texts by their bytes, lists by their items; others are unequal.
/// Throws kInvalid for SQL.
bool equals(const TemplateValue& a, const TemplateValue& b);
/// Below 0, 0 or above it. Throws kInvalid where the two can't be put in order.
int compare(const TemplateValue& a, const TemplateValue& b);
/// The value of `a op b` for + - * / // %. Throws kInvalid for other operands, for overflow,
/// division by zero and texts over limits::kSqlBytes.
TemplateValue arithmetic(std::string_view op, const TemplateValue& a, const TemplateValue& b);

/// As a text holds it: `5`, `abc`, `1,2`; nothing for None.
std::string plain_text(const TemplateValue& value);
/// As a statement holds it: a literal, `NULL`, or a list in brackets. Throws kInvalid for maps, for
/// texts that are not UTF-8 or have a zero byte, and for numbers without end.
std::string sql_literal(const TemplateValue& value);
/// `name` as an identifier that is never taken for a text; dots separate its parts. Throws kInvalid
/// for an empty part, a zero byte or what is not UTF-8; kForbidden for kSecretFunction.
/// `most`: how many parts it may have; a column has three, with its file and table.
SqlFragment sql_name(std::string_view name, size_t most = 3);

}  // namespace sluice
