#include "domain/firing.h"

#include <algorithm>

namespace sluice {
namespace {

constexpr std::chrono::microseconds kInstant{1};

/// The latest `most` times of the schedule from its next one up to `now`, oldest first. There is at
/// least one.
std::vector<Timestamp> latest_due(const ScheduleTimes& times, Timestamp next, Timestamp now,
                                  size_t most) {
  std::vector<Timestamp> due;
  std::optional<Timestamp> time = times.last_before(now + kInstant, next);
  for (; time && due.size() < most; time = times.last_before(*time, next)) due.push_back(*time);
  // What was due by an expression that has changed since still counts once.
  if (due.empty()) due.push_back(next);
  std::reverse(due.begin(), due.end());
  return due;
}

/// Those from `first` on, without `end`.
std::optional<MissedRuns> missed_between(const ScheduleTimes& times, Timestamp first,
                                         Timestamp end) {
  if (first >= end) return std::nullopt;
  MissedRuns missed{first, times.last_before(end, first).value_or(first), 1};
  for (std::optional<Timestamp> time = times.next_after(first);
       time && *time < end && missed.count < MissedRuns::kMostCounted;
       time = times.next_after(*time)) {
    ++missed.count;
  }
  return missed;
}

}  // namespace

FiringPlan plan_firing(const Schedule& schedule, Timestamp now) {
  const ScheduleTimes times = schedule.times();
  const Timestamp first = *schedule.next_run_at;
  const bool all = schedule.catchup == CatchupPolicy::kAll;
  std::vector<Timestamp> due = latest_due(times, first, now, all ? schedule.catchup_limit : 1);
  FiringPlan plan;
  plan.next_run_at = times.next_after(now);
  plan.missed = missed_between(times, first, due.front());
  const Timestamp late = now - kLateAfter - schedule.jitter;
  if (schedule.catchup == CatchupPolicy::kNone && due.back() < late) {
    plan.missed = missed_between(times, first, now + kInstant);
    return plan;
  }
  // Before the first of them: the end of what is covered, or the time of the schedule before.
  std::optional<Timestamp> begin;
  if (schedule.catchup == CatchupPolicy::kLatest) begin = schedule.covered_until;
  if (plan.missed && schedule.catchup == CatchupPolicy::kLatest) {
    plan.missed->covered = true;
    if (!begin) begin = times.last_before(first, Timestamp::min());
  }
  for (const Timestamp time : due) {
    if (!begin || *begin >= time) begin = times.last_before(time, Timestamp::min());
    plan.runs.push_back({time, {begin.value_or(time), time}});
    begin = time;
  }
  return plan;
}

std::optional<MissedRuns> missed_up_to(const Schedule& schedule, Timestamp now) {
  if (!schedule.next_run_at) return std::nullopt;
  return missed_between(schedule.times(), *schedule.next_run_at, now + kInstant);
}

std::string_view missed_reason_name(MissedReason reason) {
  return reason == MissedReason::kDowntime ? "downtime" : "overlap";
}

MissedReason parse_missed_reason(std::string_view name) {
  return name == "overlap" ? MissedReason::kOverlap : MissedReason::kDowntime;
}

}  // namespace sluice
