#pragma once

#include "config.h"

namespace sluice {

/// Runs the server until SIGTERM or SIGINT; returns the exit status. Throws `Error` when it can't
/// start. A second signal ends the process at once.
int serve(const Config& config);

}  // namespace sluice
