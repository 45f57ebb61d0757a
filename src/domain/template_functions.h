#pragma once

#include <string>

#include "base/error.h"
#include "domain/template_evaluator.h"

namespace sluice {

/// Calls a function by its name. Throws kInvalid for an unknown one, with the nearest, and for
/// arguments that do not fit; TemplateRefusal where it is `error` or `custom_error`.
TemplateValue call_template_function(TemplateEvaluator& evaluator, const TemplateExpression& call);
/// Calls a method of the first argument, for example `split` of a text.
TemplateValue call_template_method(const std::string& name, const TemplateList& arguments);

/// The parts between separators; an empty text is one empty part. Throws kInvalid for an empty
/// separator.
TemplateList split_text(const std::string& text, const std::string& separator);

Error missing_parameter(const std::string& name);

}  // namespace sluice
