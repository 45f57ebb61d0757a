#include "domain/template_functions.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/nearest.h"
#include "domain/date_format.h"
#include "domain/template_call.h"
#include "domain/template_conditions.h"
#include "domain/template_types.h"

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

TemplateValue typed(TemplateCall& call) {
  call.check(4, {"default", "description", "required", "format", "example", "enum"});
  const std::string& type = call.function();
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

/// Array(name, 'Int32', default='1,2').
TemplateValue array(TemplateCall& call) {
  call.check(4, {"default", "description", "required", "format", "example", "enum"});
  const std::string type = call.count() > 1 ? call.get_text(1, "the type of the items") : "String";
  if (!is_template_type(type)) {
    throw Error(ErrorCode::kInvalid,
                "Array has no items of the type '" + type.substr(0, 100) + "'.",
                "Types are String, Boolean, Int32, Float64, Date, DateTime and the like.");
  }
  const std::optional<TemplateValue> value = given_or_default(call, 2);
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
    const SqlFragment name = sql_name(trim(plain_text(part)));
    if (!out.sql.empty()) out.sql += ", ";
    if (!function.empty()) out.sql += sql_name(function).sql + "(";
    out.sql += name.sql;
    if (!function.empty()) out.sql += ") AS " + name.sql;
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
  return {sql_name(text)};
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

/// The time between two dates in so many seconds, without its sign, whole ones only.
TemplateValue date_difference(TemplateCall& call, int64_t unit) {
  call.check(5, {"date_format", "backup_date_format", "none_if_error"});
  Timestamp times[2];
  for (size_t i = 0; i < 2; ++i) {
    const TemplateValue value = call.get(i, "a date");
    const std::optional<Timestamp> time = read_date_text(plain_text(value));
    if (!time) {
      const std::optional<TemplateValue> none = call.find(4, "none_if_error");
      if (call.is_sample()) return {int64_t{0}};
      if (none && is_true(*none)) return {};
      throw Error(ErrorCode::kInvalid, "'" + plain_text(value).substr(0, 100) + "' is no date.",
                  "Write dates like 2026-11-24 or 2026-11-24 08:30:00.");
    }
    times[i] = *time;
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(times[1] - times[0]);
  return {std::abs(int64_t{seconds.count()}) / unit};
}
TemplateValue seconds_between(TemplateCall& call) { return date_difference(call, 1); }
TemplateValue minutes_between(TemplateCall& call) { return date_difference(call, 60); }
TemplateValue hours_between(TemplateCall& call) { return date_difference(call, 3600); }
TemplateValue days_between(TemplateCall& call) { return date_difference(call, 86400); }

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
    Function{"range", range},
    Function{"split_to_array", split_to_array},
    Function{"sql_and", sql_and},
    Function{"symbol", name},
    Function{"table", name},
};

Error unknown_function(const std::string& name) {
  std::vector<std::string> known = {"String",  "Boolean", "Int8",     "Int16",     "Int32",
                                    "Int64",   "Int128",  "Int256",   "UInt8",     "UInt16",
                                    "UInt32",  "UInt64",  "UInt128",  "UInt256",   "Float32",
                                    "Float64", "Date",    "DateTime", "DateTime64"};
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
