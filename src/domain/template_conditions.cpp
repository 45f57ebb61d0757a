#include "domain/template_conditions.h"

#include <array>

#include "base/error.h"

namespace sluice {
namespace {

struct Operation {
  std::string_view name;
  std::string_view sign;
};
constexpr std::array<Operation, 6> kOperations = {{{"gt", " > "},
                                                   {"lt", " < "},
                                                   {"gte", " >= "},
                                                   {"lte", " <= "},
                                                   {"in", " IN "},
                                                   {"not_in", " NOT IN "}}};

std::string condition(const std::string& keyword, const TemplateValue& value) {
  const size_t cut = keyword.find("__");
  std::string_view sign = " = ";
  if (cut != std::string::npos) {
    const std::string operation = keyword.substr(cut + 2);
    sign = {};
    for (const Operation& known : kOperations) {
      if (known.name == operation) sign = known.sign;
    }
    if (sign.empty()) {
      throw Error(ErrorCode::kInvalid,
                  "sql_and has no operation '" + operation.substr(0, 100) + "'.",
                  "There are gt, lt, gte, lte, in and not_in; with none it is equality.");
    }
  }
  const bool takes_list = sign.find("IN") != std::string_view::npos;
  TemplateValue operand = value;
  const bool is_list = std::holds_alternative<TemplateList>(value.data);
  if (takes_list && !is_list) operand = {TemplateList{value}};
  if (!takes_list && is_list) {
    throw Error(ErrorCode::kInvalid, "'" + keyword.substr(0, 100) + "' is compared with a list.",
                "Write " + keyword.substr(0, cut) + "__in.");
  }
  return sql_name(keyword.substr(0, cut)).sql + std::string(sign) + sql_literal(operand);
}

}  // namespace

TemplateValue sql_and(TemplateCall& call) {
  SqlFragment out;
  for (const auto& [keyword, expression] : call.keywords()) {
    if (call.is_missing(expression)) continue;
    const TemplateValue value = call.value(expression);
    if (std::holds_alternative<std::monostate>(value.data)) continue;
    if (!out.sql.empty()) out.sql += " AND ";
    out.sql += condition(keyword, value);
  }
  if (call.count() > 0) {
    throw Error(ErrorCode::kInvalid, "sql_and takes column=value only.",
                "For example sql_and(carrier=String(carrier), delay__gte=Int32(delay)).");
  }
  return {out.sql.empty() ? SqlFragment{"1"} : std::move(out)};
}

}  // namespace sluice
