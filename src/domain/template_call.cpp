#include "domain/template_call.h"

#include <algorithm>

#include "base/error.h"
#include "base/nearest.h"
#include "domain/template_types.h"

namespace sluice {

std::optional<TemplateValue> TemplateCall::find(size_t place, std::string_view keyword) {
  if (place < call_.children.size()) return evaluator_.value(call_.children[place]);
  for (const auto& [name, expression] : call_.keywords) {
    if (!keyword.empty() && name == keyword) return evaluator_.value(expression);
  }
  return std::nullopt;
}

std::optional<std::string> TemplateCall::find_text(size_t place, std::string_view keyword) {
  std::optional<TemplateValue> found = find(place, keyword);
  if (!found || std::holds_alternative<std::monostate>(found->data)) return std::nullopt;
  if (auto* text = std::get_if<std::string>(&found->data)) return std::move(*text);
  throw Error(ErrorCode::kInvalid,
              function() + " takes a text here, not " + std::string(kind_of(*found)) + ".");
}

TemplateValue TemplateCall::get(size_t place, std::string_view what) {
  if (auto found = find(place)) return *std::move(found);
  throw Error(ErrorCode::kInvalid, function() + " lacks an argument: " + std::string(what) + ".");
}

std::string TemplateCall::get_text(size_t place, std::string_view what) {
  if (auto found = find_text(place)) return *std::move(found);
  throw Error(ErrorCode::kInvalid, function() + " lacks an argument: " + std::string(what) + ".");
}

std::optional<TemplateValue> TemplateCall::parameter() {
  if (call_.children.empty()) {
    throw Error(ErrorCode::kInvalid, function() + " lacks the name of a parameter.",
                "Write for example " + function() + "(name).");
  }
  const TemplateExpression& first = call_.children.front();
  if (first.kind == TemplateExpression::Kind::kName) return evaluator_.find(first.text);
  TemplateValue value = evaluator_.value(first);
  if (first.kind == TemplateExpression::Kind::kConstant) {
    if (const auto* text = std::get_if<std::string>(&value.data)) {
      if (auto found = evaluator_.find(*text)) return found;
    }
  }
  return value;
}

bool TemplateCall::is_given() const {
  const TemplateExpression& first = call_.children.front();
  if (first.kind == TemplateExpression::Kind::kName) return evaluator_.knows(first.text);
  const auto* text = std::get_if<std::string>(&first.constant.data);
  if (first.kind == TemplateExpression::Kind::kConstant && text != nullptr) {
    return evaluator_.knows(*text);
  }
  throw Error(ErrorCode::kInvalid, "defined takes the name of a parameter.");
}

bool TemplateCall::is_missing(const TemplateExpression& expression) const {
  using Kind = TemplateExpression::Kind;
  if (evaluator_.is_sample()) return false;
  if (expression.kind == Kind::kName) return !evaluator_.knows(expression.text);
  const bool is_array = expression.text == "Array";
  if (expression.kind != Kind::kCall || (!is_array && !is_template_type(expression.text))) {
    return false;
  }
  if (expression.children.empty() || expression.children.front().kind != Kind::kName) return false;
  if (expression.children.size() > (is_array ? 2U : 1U)) return false;
  for (const auto& [name, value] : expression.keywords) {
    if (name == "default" || name == "required") return false;
  }
  return !evaluator_.knows(expression.children.front().text);
}

std::string TemplateCall::parameter_name() const {
  const TemplateExpression& first = call_.children.front();
  return first.kind == TemplateExpression::Kind::kName ? "The parameter '" + first.text + "'"
                                                       : "A value";
}

void TemplateCall::check(size_t places, std::initializer_list<std::string_view> keywords) const {
  if (call_.children.size() > places) {
    throw Error(ErrorCode::kInvalid, function() + " takes at most " + std::to_string(places) +
                                         " arguments without a name.");
  }
  for (const auto& keyword : call_.keywords) {
    if (std::find(keywords.begin(), keywords.end(), keyword.name) != keywords.end()) continue;
    const std::vector<std::string> known(keywords.begin(), keywords.end());
    const auto nearest = nearest_of(keyword.name, known);
    throw Error(ErrorCode::kInvalid, function() + " has no argument '" + keyword.name + "'.",
                nearest ? "Did you mean '" + *nearest + "'?" : "");
  }
}

}  // namespace sluice
