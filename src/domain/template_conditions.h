#pragma once

#include "domain/template_call.h"

namespace sluice {

/// sql_and(a=1, b__gte=2, c__in=[1, 2]): conditions on columns, joined by AND. Operations are gt,
/// lt, gte, lte, in and not_in. A parameter that was not given (None) leaves its condition out;
/// with none left the whole is 1, which is true.
TemplateValue sql_and(TemplateCall& call);

}  // namespace sluice
