#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "domain/backfill.h"
#include "domain/job.h"
#include "jobs/run_planner.h"
#include "jobs/worker_pool.h"
#include "state/backfill_store.h"

namespace sluice {

/// What a caller says of a backfill.
struct BackfillRequest {
  Interval range;
  std::string step;  ///< Empty: the times of the sink's schedule.
  int concurrency = 1;
};

/// Runs a sink for a range of time, one job an interval (docs/scheduling.md). Its jobs come after
/// all others and replace just the files of their interval. Thread-safe.
class BackfillService {
 public:
  BackfillService(BackfillStore& backfills, WorkerPool& workers, RunsPlanner planner, Clock& clock,
                  Random& random)
      : backfills_(backfills),
        workers_(workers),
        planner_(std::move(planner)),
        clock_(clock),
        random_(random) {}

  /// Accepts it: backfill and jobs are durable when this returns. Throws kInvalid where the range
  /// is empty, reaches into the future, has too many intervals, or where two intervals would write
  /// files of the same names; and what the planner throws.
  Backfill start(const Pipe& pipe, const BackfillRequest& request, const std::string& token_name);
  /// Throws kNotFound.
  Backfill get(std::string_view id);
  std::vector<Backfill> list(const std::string& pipe_id);
  /// Ends what has not begun and stops what is at work. Throws kNotFound, and kConflict where it
  /// has ended.
  Backfill cancel(std::string_view id);

 private:
  std::vector<Interval> intervals_of(const Pipe& pipe, const BackfillRequest& request) const;
  Job job_of(const Pipe& pipe, const Backfill& backfill, const Interval& interval);

  BackfillStore& backfills_;
  WorkerPool& workers_;
  RunsPlanner planner_;
  Clock& clock_;
  Random& random_;
};

}  // namespace sluice
