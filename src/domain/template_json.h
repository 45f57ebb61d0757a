#pragma once

#include <string_view>

#include "domain/template_value.h"

namespace sluice {

/// A text of JSON as lists, maps, texts, numbers, truth values and None. Numbers over 64 bits
/// become reals. Throws kInvalid where it is none, or nested more than kTemplateDepth deep.
TemplateValue read_template_json(std::string_view text);

}  // namespace sluice
