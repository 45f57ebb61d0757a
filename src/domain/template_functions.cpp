#include "domain/template_functions.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/nearest.h"
#include "domain/template_call.h"
#include "domain/template_conditions.h"
#include "domain/template_dates.h"
#include "domain/template_json.h"
#include "domain/template_types.h"
#include "domain/variable.h"

namespace sluice {
namespace {

Error wrong_value(TemplateCall& call, const TemplateValue& value, const std::string& type) {
  return {ErrorCode::kInvalid,
          call.parameter_name() + " is '" + plain_text(value).substr(0, 100) + "', which is no " +
              type + ".",
          "Give " + template_type_takes(type) + "."};
}

void check_choice(TemplateCall& call, const TemplateValue& value) {
  const std::optional<TemplateValue> choices = call.find(SIZE_MAX, "enum");
  const auto* list = choices ? std::get_if<TemplateList>(&choices->data) : nullptr;
  if (list == nullptr) return;
  for (const TemplateValue& choice : *list) {
    if (plain_text(choice) == plain_text(value)) return;
  }
  throw Error(ErrorCode::kInvalid,
              call.parameter_name() + " is '" + plain_text(value).substr(0, 100) +
                  "', which is not one of its values.",
              "Give one of " + plain_text(*choices) + ".");
}

/// What was given for the call's parameter, or its default. Nothing where neither is there and a
/// sample is to take its place.
std::optional<TemplateValue> given_or_default(TemplateCall& call, size_t default_place) {
  if (auto given = call.parameter()) return given;
  const std::optional<TemplateValue> required = call.find(SIZE_MAX, "required");
  const bool is_required = required && is_true(*required);
  auto fallback = call.find(default_place, "default");
  if (fallback && (!is_required || call.is_sample())) return fallback;
  if (call.is_sample()) return std::nullopt;
  throw Error(ErrorCode::kInvalid, call.parameter_name() + " is missing.",
              "Give it with the call as name=value.");
}

/// `defined=False`: without a value it is None, which sql_and leaves out.
bool may_be_undefined(TemplateCall& call) {
  const std::optional<TemplateValue> defined = call.find(SIZE_MAX, "defined");
  return defined && !is_true(*defined) && !call.is_sample() && !call.parameter();
}

TemplateValue typed(TemplateCall& call) {
  call.check(4, {"default", "defined", "description", "required", "format", "example", "enum"});
  const std::string& type = call.function();
  if (may_be_undefined(call)) return {};
  const std::optional<TemplateValue> value = given_or_default(call, 1);
  if (!value) return template_type_sample(type);
  if (std::holds_alternative<std::monostate>(value->data)) return {};
  std::optional<TemplateValue> out = to_template_type(type, *value);
  if (!out) throw wrong_value(call, *value, type);
  check_choice(call, *out);
  return *std::move(out);
}

/// A text's parts, or a list as it is.
TemplateList parts_of(const TemplateValue& value, const std::string& separator) {
  if (const auto* list = std::get_if<TemplateList>(&value.data)) return *list;
  const std::string text = plain_text(value);
  return text.empty() ? TemplateList() : split_text(text, separator);
}

void refuse_sql(TemplateCall& call, const TemplateValue& value) {
  if (!std::holds_alternative<SqlFragment>(value.data)) return;
  throw Error(ErrorCode::kInvalid, call.function() + " can't take SQL apart.");
}

/// Of what an Array is, and where its default stands.
struct ArrayArguments {
  std::string type = "String";
  size_t default_place = 2;
};

/// `Array(name, 'Int32', '1,2')`; in `Array(name, 'a,b')` it is a default that stands in the type's
/// place, unless it looks like a type that was mistyped.
ArrayArguments array_arguments(TemplateCall& call) {
  if (call.count() < 2) return {};
  const TemplateValue second = call.get(1, "the type of the items");
  const auto* text = std::get_if<std::string>(&second.data);
  if (text != nullptr && is_template_type(*text)) return {*text, 2};
  const auto nearest = text == nullptr ? std::nullopt : nearest_of(*text, template_types());
  if (call.count() == 2 && !nearest) return {"String", 1};
  throw Error(ErrorCode::kInvalid,
              "Array has no items of the type '" + plain_text(second).substr(0, 100) + "'.",
              nearest ? "Did you mean '" + *nearest + "'?"
                      : "Types are String, Boolean, Int32, Float64, Date, DateTime and the like.");
}

/// Array(name, 'Int32', default='1,2').
TemplateValue array(TemplateCall& call) {
  call.check(4, {"default", "defined", "description", "required", "format", "example", "enum"});
  const ArrayArguments where = array_arguments(call);
  const std::string& type = where.type;
  if (may_be_undefined(call)) return {};
  const std::optional<TemplateValue> value = given_or_default(call, where.default_place);
  if (!value) return {TemplateList{template_type_sample(type)}};
  refuse_sql(call, *value);
  TemplateList out;
  for (const TemplateValue& item : parts_of(*value, ",")) {
    std::optional<TemplateValue> one = to_template_type(type, item);
    if (!one) throw wrong_value(call, item, type);
    check_choice(call, *one);
    out.push_back(*std::move(one));
  }
  return {std::move(out)};
}

/// JSON(name, '[]'): what a text of JSON holds.
TemplateValue json(TemplateCall& call) {
  call.check(2, {"default", "description", "required", "example"});
  const std::optional<TemplateValue> value = given_or_default(call, 1);
  if (!value) throw TemplateRefusal(ErrorCode::kInvalid, call.parameter_name() + " is JSON.");
  const auto* text = std::get_if<std::string>(&value->data);
  if (text == nullptr) return *value;
  try {
    return read_template_json(*text);
  } catch (const Error& error) {
    throw error.within(call.parameter_name());
  }
}

TemplateValue defined(TemplateCall& call) {
  call.check(1, {});
  if (call.count() == 0) throw Error(ErrorCode::kInvalid, "defined lacks a name.");
  return {call.is_given()};
}

/// column(name, 'default'): the column that the parameter names.
TemplateValue column(TemplateCall& call) {
  call.check(2, {"default", "description", "required", "example", "enum"});
  const std::optional<TemplateValue> value = given_or_default(call, 1);
  if (!value) {
    throw TemplateRefusal(ErrorCode::kInvalid, call.parameter_name() + " names a column.");
  }
  refuse_sql(call, *value);
  check_choice(call, *value);
  return {sql_name(plain_text(*value))};
}

/// columns(name, 'a,b', fn='sum'): those that the parameter names, in commas, each in the function.
TemplateValue columns(TemplateCall& call) {
  call.check(3, {"default", "fn", "description", "required", "example"});
  const std::optional<TemplateValue> value = given_or_default(call, 1);
  const std::string function = call.find_text(2, "fn").value_or("");
  if (!value) {
    throw TemplateRefusal(ErrorCode::kInvalid, call.parameter_name() + " names columns.");
  }
  refuse_sql(call, *value);
  SqlFragment out;
  for (const TemplateValue& part : parts_of(*value, ",")) {
    const std::string text(trim(plain_text(part)));
    const SqlFragment name = sql_name(text);
    if (!out.sql.empty()) out.sql += ", ";
    if (!function.empty()) out.sql += sql_name(function).sql + "(";
    out.sql += name.sql;
    // A result's name is one part, also of `t.a`.
    if (!function.empty()) out.sql += ") AS " + sql_name(text.substr(text.rfind('.') + 1)).sql;
  }
  if (out.sql.empty()) {
    throw Error(ErrorCode::kInvalid, call.parameter_name() + " names no column.",
                "Give names of columns with commas between them.");
  }
  return {std::move(out)};
}

/// symbol('name'), table('name'): any expression that is a name.
TemplateValue name(TemplateCall& call) {
  call.check(2, {"quote"});
  const std::string text = call.get_text(0, "a name");
  if (text.empty() && call.is_sample()) {
    throw TemplateRefusal(ErrorCode::kInvalid, call.parameter_name() + " is a name.");
  }
  return {sql_name(text, call.function() == "table" ? 2 : 3)};
}

TemplateValue refuse(TemplateCall& call) {
  call.check(2, {"status_code"});
  const TemplateValue said = call.get(0, "what is wrong");
  std::string message;
  if (const auto* map = std::get_if<TemplateMap>(&said.data)) {
    for (size_t i = 0; i < map->keys.size(); ++i) {
      message += (message.empty() ? "" : ", ") + plain_text(map->keys[i]) + ": " +
                 plain_text(map->values[i]);
    }
  } else {
    message = plain_text(said);
  }
  throw TemplateRefusal(ErrorCode::kInvalid, message);
}

/// tb_secret('name', 'default'): a call, which the engine answers (domain/variable.h). Its
/// arguments are known to be texts in quotes.
TemplateValue secret(TemplateCall& call) {
  call.check(2, {"default"});
  std::string sql = std::string(kSecretFunction) + "(" + sql_literal(call.get(0, "a name"));
  if (const auto fallback = call.find(1, "default")) sql += ", " + sql_literal(*fallback);
  return {SqlFragment{sql + ")"}};
}

/// What tells the public API's own engine how to run a statement, and has no meaning here.
TemplateValue nothing(TemplateCall& call) {
  call.check(1, {});
  (void)call.get(0, "a value");
  return {SqlFragment{}};
}

TemplateValue split_to_array(TemplateCall& call) {
  call.check(3, {"default", "separator", "description", "required", "example"});
  const std::string separator = call.find_text(2, "separator").value_or(",");
  const std::optional<TemplateValue> value = given_or_default(call, 1);
  if (!value) return {TemplateList{{std::string()}}};
  refuse_sql(call, *value);
  return {parts_of(*value, separator)};
}

/// Pairs of "is the last" and the item.
TemplateValue enumerate_with_last(TemplateCall& call) {
  call.check(1, {});
  const TemplateValue all = call.get(0, "a list");
  const auto* list = std::get_if<TemplateList>(&all.data);
  if (list == nullptr) {
    throw Error(ErrorCode::kInvalid,
                "enumerate_with_last takes a list, not " + std::string(kind_of(all)) + ".");
  }
  TemplateList out;
  for (size_t i = 0; i < list->size(); ++i) {
    out.push_back({TemplateList{{i + 1 == list->size()}, (*list)[i]}});
  }
  return {std::move(out)};
}

TemplateValue length(TemplateCall& call) {
  call.check(1, {});
  const TemplateValue value = call.get(0, "a text or a list");
  if (const auto* list = std::get_if<TemplateList>(&value.data)) {
    return {static_cast<int64_t>(list->size())};
  }
  if (const auto* text = std::get_if<std::string>(&value.data)) {
    return {static_cast<int64_t>(text->size())};
  }
  throw Error(ErrorCode::kInvalid, "len takes a text or a list.");
}

TemplateValue range(TemplateCall& call) {
  call.check(2, {});
  constexpr int64_t kMost = 10000;
  const TemplateValue first = call.get(0, "a whole number");
  const std::optional<TemplateValue> second = call.find(1);
  const auto begin = to_template_type("Int64", second ? first : TemplateValue{int64_t{0}});
  const auto end = to_template_type("Int64", second ? *second : first);
  if (!begin || !end) throw Error(ErrorCode::kInvalid, "range takes whole numbers.");
  const int64_t from = std::get<int64_t>(begin->data);
  const int64_t to = std::get<int64_t>(end->data);
  if (to > from && static_cast<uint64_t>(to) - static_cast<uint64_t>(from) > kMost) {
    throw Error(ErrorCode::kInvalid, "range gives at most " + std::to_string(kMost) + " numbers.");
  }
  TemplateList out;
  for (int64_t i = from; i < to; ++i) out.push_back({i});
  return {std::move(out)};
}

struct Function {
  std::string_view name;
  TemplateValue (*call)(TemplateCall&);
};

constexpr std::array kFunctions = {
    Function{"Array", array},
    Function{"JSON", json},
    Function{"backend_hint", nothing},
    Function{"cache_ttl", nothing},
    Function{"column", column},
    Function{"columns", columns},
    Function{"custom_error", refuse},
    Function{"date_diff_in_days", days_between},
    Function{"date_diff_in_hours", hours_between},
    Function{"date_diff_in_minutes", minutes_between},
    Function{"date_diff_in_seconds", seconds_between},
    Function{"day_diff", days_between},
    Function{"defined", defined},
    Function{"enumerate_with_last", enumerate_with_last},
    Function{"error", refuse},
    Function{"len", length},
    Function{"max_threads", nothing},
    Function{"range", range},
    Function{"split_to_array", split_to_array},
    Function{"sql_and", sql_and},
    Function{"symbol", name},
    Function{"table", name},
    Function{"tb_secret", secret},
};

Error unknown_function(const std::string& name) {
  std::vector<std::string> known = template_types();
  for (const Function& function : kFunctions) known.emplace_back(function.name);
  const auto nearest = nearest_of(name, known);
  return {ErrorCode::kInvalid, "Templates have no function '" + name.substr(0, 100) + "'.",
          nearest ? "Did you mean '" + *nearest + "'?"
                  : "docs/sql-templates.md lists the functions there are."};
}

}  // namespace

Error missing_parameter(const std::string& name) {
  return {ErrorCode::kInvalid, "The parameter '" + name + "' is missing.",
          "Give it with the call as " + name +
              "=value, or give it a type and a default in the "
              "template: String(" +
              name + ", 'value')."};
}

TemplateValue call_template_function(TemplateEvaluator& evaluator,
                                     const TemplateExpression& expression) {
  TemplateCall call(evaluator, expression);
  if (is_template_type(expression.text)) return typed(call);
  for (const Function& function : kFunctions) {
    if (function.name == expression.text) return function.call(call);
  }
  throw unknown_function(expression.text);
}

}  // namespace sluice
