#pragma once

#include <string>
#include <string_view>

namespace sluice {

enum class LogLevel { kDebug, kInfo, kWarn, kError, kOff };

/// Sends log lines to standard error as `2026-11-23T08:30:00.000Z level message`. Call once, before
/// threads start; without it nothing below kWarn is written.
void start_log(LogLevel level);

/// One line; thread-safe. Control characters in `message` are escaped, so user text can't forge a
/// line. Never pass a secret.
void log_debug(std::string_view message);
void log_info(std::string_view message);
void log_warn(std::string_view message);
void log_error(std::string_view message);

}  // namespace sluice
