#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "domain/firing.h"
#include "domain/job.h"
#include "domain/schedule.h"
#include "state/state_database.h"

namespace sluice {

/// A schedule that is due, as it was read.
struct DueSchedule {
  std::string pipe_id;
  Schedule schedule;
};

/// What a due schedule leads to.
struct Firing {
  DueSchedule due;
  FiringPlan plan;
  std::optional<Timestamp> fires_at;  ///< Of the next run.
  std::string pipe_name;
  std::vector<Job> jobs;  ///< One for each run of the plan, in its order.
};

struct Fired {
  size_t schedules = 0;           ///< That were still due, and have moved on.
  size_t jobs = 0;                ///< That were made.
  std::vector<std::string> stop;  ///< Jobs at work that are replaced: `cancelling` now.
};

/// Times of a schedule that brought no run of their own, as the history keeps them.
struct MissedRow {
  std::string pipe_id;
  std::string pipe_name;
  MissedRuns runs;
  std::string covered_by;  ///< The job whose interval covers them; empty if none does.
  Timestamp noted_at;
};

/// When sinks run by themselves. Thread-safe; every call is one transaction.
class ScheduleStore {
 public:
  explicit ScheduleStore(StateDatabase& database) : database_(database) {}

  /// Those that fire at `now` or before, the longest due first.
  std::vector<DueSchedule> due(Timestamp now, int limit);
  /// When the next one fires.
  std::optional<Timestamp> next_due();
  /// Moves schedules on and makes their jobs, as far as each one's overlap policy allows beside the
  /// jobs there are: all in one transaction, so a crash neither loses nor doubles a run. What
  /// another tick has moved on, or somebody has changed, is left alone.
  Fired fire(std::vector<Firing> firings, Timestamp now);

  /// Changes the pipe's schedule as it stands at that moment, whatever fires beside it, and notes
  /// what `change` says is left out by it. Throws kNotFound when it has none.
  using Change = std::function<std::optional<MissedRuns>(Schedule&)>;
  void change(const PipeName& pipe, const Change& change, Timestamp now);
  /// Newest first.
  std::vector<MissedRow> missed(const std::string& pipe_id, int limit);

 private:
  StateDatabase& database_;
};

}  // namespace sluice
