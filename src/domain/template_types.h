#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/template_value.h"

namespace sluice {

/// Whether a parameter can be of the type: one of `template_types()`.
bool is_template_type(std::string_view type);

/// String, Boolean, Int8, ...
const std::vector<std::string>& template_types();

/// `value` as that type. Whole numbers have to fit the type and, as SQLite has no others, 64 bits.
/// Dates become `2026-11-24`, times `2026-11-24 08:30:00` (DateTime64 with milliseconds, or
/// microseconds where there are some), in UTC, from all forms that `read_date_text` reads. Nothing
/// for what is none of the type.
std::optional<TemplateValue> to_template_type(std::string_view type, const TemplateValue& value);

/// What the type takes, for messages: "a whole number from -128 to 127".
std::string template_type_takes(std::string_view type);
/// A value of the type for a statement that is only checked.
TemplateValue template_type_sample(std::string_view type);

}  // namespace sluice
