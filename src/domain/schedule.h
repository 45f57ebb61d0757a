#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "domain/schedule_times.h"

namespace sluice {

/// When the next run of a schedule is due and the run before is still waiting or working.
enum class OverlapPolicy {
  kSkip,     ///< The run is left out.
  kQueue,    ///< It waits until the other has ended; while one waits, more are left out.
  kAllow,    ///< Both run beside each other.
  kReplace,  ///< The other is cancelled.
};

/// What becomes of the times that passed while Sluice was down, or the schedule paused.
enum class CatchupPolicy {
  kNone,    ///< They are left out.
  kLatest,  ///< One run, for the latest of them, whose interval covers all that was missed.
  kAll,     ///< A run each, up to the schedule's limit.
};

/// When a sink runs by itself, and how far it has come (docs/scheduling.md).
struct Schedule {
  static constexpr unsigned kCatchupLimit = 100;

  std::string cron;  ///< As given; five fields or a macro.
  std::string timezone = "Etc/UTC";
  bool paused = false;
  OverlapPolicy overlap = OverlapPolicy::kQueue;
  CatchupPolicy catchup = CatchupPolicy::kLatest;
  unsigned catchup_limit = kCatchupLimit;  ///< Runs that kAll makes up for at most.
  std::chrono::seconds jitter{};           ///< Each run fires up to that much later.
  std::optional<Timestamp> next_run_at;    ///< By the expression, without jitter.
  std::optional<Timestamp> fires_at;       ///< `next_run_at` and its jitter.
  std::optional<Timestamp> last_run_at;
  /// The end of the last interval that a job was made for.
  std::optional<Timestamp> covered_until;

  ScheduleTimes times() const;
};

std::string_view overlap_policy_name(OverlapPolicy policy);
/// Throws kInvalid that lists what can be.
OverlapPolicy parse_overlap_policy(std::string_view text);
std::string_view catchup_policy_name(CatchupPolicy policy);
CatchupPolicy parse_catchup_policy(std::string_view text);
/// A whole number from 1 to 10,000.
unsigned parse_catchup_limit(std::string_view text);
/// `90`, `90s`, `15m`, `1h`, at most a day. Throws kInvalid.
std::chrono::seconds parse_jitter(std::string_view text);

}  // namespace sluice
