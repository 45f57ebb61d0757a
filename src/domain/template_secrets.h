#pragma once

#include <string_view>
#include <vector>

#include "domain/template_syntax.h"
#include "domain/variable.h"

namespace sluice {

/// The secrets that a template names anywhere, taken branch or not. Throws kInvalid, with line and
/// column, where a name or a default is no text in quotes: who gives a parameter must not choose
/// the secret.
SecretNames secrets_in(std::string_view whole, const std::vector<TemplateBlock>& blocks);

}  // namespace sluice
