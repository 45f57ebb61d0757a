#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace sluice {

/// Wall-clock time in UTC, microseconds.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// Owns "now" and waiting, so that tests decide what time it is. Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;
  /// Monotonic time for measuring durations and deadlines; its epoch means nothing.
  virtual std::chrono::nanoseconds ticks() const = 0;
  /// Returns after `duration`, or as soon as `stop` is requested (then true).
  virtual bool sleep(std::chrono::nanoseconds duration, std::stop_token stop) = 0;
};

/// The machine's own clock.
std::unique_ptr<Clock> make_system_clock();

/// `2026-11-23 08:30:00.000000`, UTC: the form of the API and of the state database.
std::string format_timestamp(Timestamp time);
/// Reads that form, also with `T`, with fewer fraction digits or none, and with a trailing `Z`.
/// Anything else, or a date that does not exist, is nothing.
std::optional<Timestamp> parse_timestamp(std::string_view text);

}  // namespace sluice
