#include "catalog/variable_catalog.h"

#include "base/error.h"
#include "base/limits.h"
#include "domain/name.h"

namespace sluice {
namespace {

void check_value(const Secret& value) {
  if (value.empty() || value.reveal().find('\0') != std::string::npos) {
    throw Error(ErrorCode::kInvalid, "The value of a variable is empty or has a zero byte.",
                "Give it as 'value'.");
  }
  if (value.reveal().size() <= limits::kVariableBytes) return;
  throw Error(ErrorCode::kTooLarge, "The value of a variable has " +
                                        std::to_string(value.reveal().size()) + " bytes; at most " +
                                        std::to_string(limits::kVariableBytes) + " are allowed.");
}

Error no_variable(std::string_view name) {
  return {ErrorCode::kNotFound,
          "There is no variable '" + std::string(name.substr(0, limits::kNameBytes)) + "'.",
          "GET /v0/variables lists the variables there are."};
}

std::string author(const Token& token) { return "token: '" + token.name + "'"; }

}  // namespace

Variable VariableCatalog::get(std::string_view name) {
  std::optional<Variable> variable = variables_.find(name);
  if (!variable) throw no_variable(name);
  return *std::move(variable);
}

Variable VariableCatalog::create(const Token& by, const std::string& name, const Secret& value) {
  check_name("variable", name);
  check_value(value);
  const Timestamp now = clock_.now();
  Variable variable{name, now, now, author(by)};
  variables_.insert(variable, value, limits::kVariables);
  return variable;
}

Variable VariableCatalog::change(const Token& by, std::string_view name, const Secret& value) {
  check_value(value);
  Variable variable = get(name);
  variable.updated_at = clock_.now();
  variable.edited_by = author(by);
  if (!variables_.change(variable, value)) throw no_variable(name);
  return variable;
}

void VariableCatalog::remove(std::string_view name) {
  if (!variables_.remove(name)) throw no_variable(name);
}

}  // namespace sluice
