#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"
#include "domain/template_call.h"

namespace sluice {

/// Reads a time as a format says, with the codes of Python's strptime: %Y %m %d %H %M %S, %f (1 to
/// 6 digits of a fraction), %z (`Z` or an offset, which is taken off), %%. Other signs stand for
/// themselves, letters in any case. Nothing where the text is not of this form, or no time. Throws
/// kInvalid for another code.
std::optional<Timestamp> read_date_as(std::string_view text, std::string_view format);

// The time between two dates in whole units, without its sign. Dates are read as `date_format`, or
// else as `backup_date_format`, says; without these, in all forms that `read_date_text` reads.

TemplateValue seconds_between(TemplateCall& call);
TemplateValue minutes_between(TemplateCall& call);
TemplateValue hours_between(TemplateCall& call);
TemplateValue days_between(TemplateCall& call);

}  // namespace sluice
