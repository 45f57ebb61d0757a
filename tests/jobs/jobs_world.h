#pragma once

#include <algorithm>
#include <memory>
#include <string>

#include "engine/sqlite_engine.h"
#include "jobs/job_runner.h"
#include "jobs/job_service.h"
#include "jobs/worker_pool.h"
#include "state/connection_store.h"
#include "state/job_store.h"
#include "state/pipe_store.h"
#include "state/schedule_store.h"
#include "support/export_limits.h"
#include "support/fake_clock.h"
#include "support/fake_random.h"
#include "support/fake_store.h"
#include "support/samples.h"
#include "support/temp_folder.h"

namespace sluice {

/// A statement that never ends.
inline const std::string kEndlessSql =
    "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r) SELECT n FROM r";

/// Two files: out/a.csv and out/b.csv.
inline const std::string kTwoFilesSql = "SELECT 'a' AS k UNION ALL SELECT 'b'";

/// Workers over a real state database and engine, with a store in memory and a connection `disk`.
struct JobsWorld {
  JobsWorld() { connections.insert(sample_connection("disk")); }

  /// Puts a job into the queue.
  void enqueue(const std::string& id, const std::string& sql,
               const std::string& file_template = "all") {
    Job job = sample_job(id, clock.now());
    job.plan.query.sql = sql;
    job.plan.settings.file_template = file_template;
    jobs.enqueue(job, 1000);
  }
  Job job(const std::string& id) { return *jobs.find(id); }
  /// Takes the next job, as soon as it may be tried, and works on it as a worker would.
  void run_next(std::stop_token stop = {}) {
    if (const auto retry = jobs.next_retry()) clock.set_now(std::max(clock.now(), *retry));
    const auto share = budget.take({});
    runner.run(*jobs.claim(clock.now()), stop, *share);
  }

  TestFolder folder;
  FakeClock clock;
  FakeRandom random;
  std::unique_ptr<Engine> engine = make_sqlite_engine({folder / "warehouse.db", {}}, clock);
  FakeBucket bucket;
  FakeStoreOpener stores{bucket};
  StateDatabase database{folder / "state.db"};
  PipeStore pipes{database};
  ConnectionStore connections{database, Secret(std::string(32, 'k')), random};
  JobStore jobs{database};
  WorkBudget budget{{2, 1, 64ULL << 20}, clock};
  JobRunner runner{{jobs, connections, *engine, stores, clock, random, test_limits()}};
  ScheduleStore schedules{database};
  WorkerPool workers{jobs, runner, budget, clock};
};

}  // namespace sluice
