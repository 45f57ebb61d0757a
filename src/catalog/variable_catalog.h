#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"
#include "domain/token.h"
#include "domain/variable.h"
#include "state/variable_store.h"

namespace sluice {

/// Variables as their owners make them. No one reads a value again but statements
/// (engine/secret_function.h). Thread-safe. Throws kInvalid, kNotFound, kConflict (the name is
/// taken), kForbidden (there are limits::kVariables), kTooLarge.
class VariableCatalog {
 public:
  VariableCatalog(VariableStore& variables, Clock& clock) : variables_(variables), clock_(clock) {}

  std::vector<Variable> all() { return variables_.all(); }
  Variable get(std::string_view name);
  Variable create(const Token& by, const std::string& name, const Secret& value);
  Variable change(const Token& by, std::string_view name, const Secret& value);
  void remove(std::string_view name);

 private:
  VariableStore& variables_;
  Clock& clock_;
};

}  // namespace sluice
