#pragma once

#include <string>

#include "domain/sql_template.h"
#include "support/caught.h"

namespace sluice {

/// What a template makes of parameters, less the `%` in front.
inline std::string rendered(const std::string& text, const RunVariables& parameters = {}) {
  return SqlTemplate::parse("%" + text).render(parameters);
}

/// The error's message and hint. Places count the `%`.
inline std::string refused(const std::string& text, const RunVariables& parameters = {}) {
  const Error error = caught([&] { rendered(text, parameters); });
  return error.message() + " | " + error.hint();
}

}  // namespace sluice
