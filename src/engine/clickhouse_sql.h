#pragma once

#include <string>

#include "domain/job.h"

namespace sluice {

/// The statement with its views as common table expressions in front. Throws kInvalid (empty, a
/// NUL), kForbidden (it begins with neither SELECT nor WITH), kTooLarge.
std::string compose_clickhouse(const Query& query);

}  // namespace sluice
