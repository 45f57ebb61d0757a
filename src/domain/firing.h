#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "domain/schedule.h"

namespace sluice {

/// From `begin` up to `end`, without `end`.
struct Interval {
  Timestamp begin;
  Timestamp end;
};

/// Why a time of a schedule brought no run of its own.
enum class MissedReason {
  kDowntime,  ///< Sluice was down, or the schedule paused.
  kOverlap,   ///< The run before had not ended.
};

/// Times of a schedule, one after the other, that brought no run of their own.
struct MissedRuns {
  Timestamp first;
  Timestamp last;
  uint64_t count = 0;  ///< Counted up to kMostCounted.
  MissedReason reason = MissedReason::kDowntime;
  /// Whether the interval of a later run covers theirs.
  bool covered = false;

  static constexpr uint64_t kMostCounted = 100'000;
};

/// What a schedule that is due leads to, by its catch-up policy. Whether a run may start beside
/// another is decided where jobs are known (state/job_store.h).
struct FiringPlan {
  struct Run {
    Timestamp scheduled_at;
    /// From the firing before to this one.
    Interval interval;
  };
  std::vector<Run> runs;  ///< Oldest first; may be empty.
  std::optional<MissedRuns> missed;
  std::optional<Timestamp> next_run_at;
};

/// A firing counts as late, and so as missed, from here on: less is the loop's own delay.
inline constexpr std::chrono::seconds kLateAfter{60};

/// `schedule.next_run_at` must be there and not after `now`. Throws kInvalid for an expression that
/// can't be read.
FiringPlan plan_firing(const Schedule& schedule, Timestamp now);

/// The times from its next one up to `now`, where it is to go on after them; nothing if none
/// passed.
std::optional<MissedRuns> missed_up_to(const Schedule& schedule, Timestamp now);

std::string_view missed_reason_name(MissedReason reason);
/// Of a stored name.
MissedReason parse_missed_reason(std::string_view name);

}  // namespace sluice
