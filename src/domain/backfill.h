#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "domain/firing.h"
#include "domain/schedule_times.h"

namespace sluice {

/// How many jobs of a backfill are where.
struct BackfillFigures {
  int64_t waiting = 0;
  int64_t working = 0;
  int64_t done = 0;
  int64_t error = 0;
  int64_t cancelled = 0;

  int64_t all() const { return waiting + working + done + error + cancelled; }
};

/// A range of time that is run interval by interval.
struct Backfill {
  std::string id;
  std::string pipe_id;
  std::string pipe_name;
  std::string token_name;
  Interval range;
  std::string step;  ///< As it was given; empty: the times of the schedule.
  int concurrency = 1;
  Timestamp created_at;
  std::optional<Timestamp> cancelled_at;
  BackfillFigures figures;
};

/// `waiting`, `working`, `done`, or, where one of its jobs ended so, `error` or `cancelled`.
std::string_view backfill_status(const Backfill& backfill);

/// A length of time as text: `30m`, `6h`, `1d`, `2w`; a day is 24 hours. Throws kInvalid.
std::chrono::seconds parse_step(std::string_view text);

/// The intervals of `range`, oldest first; the last one ends with the range. Throws kInvalid where
/// there are more than `most`.
std::vector<Interval> intervals_of(const Interval& range, std::chrono::seconds step, size_t most);
/// The same between the times of a schedule; what lies before its first and behind its last time in
/// the range is an interval, too.
std::vector<Interval> intervals_of(const Interval& range, const ScheduleTimes& times, size_t most);

}  // namespace sluice
