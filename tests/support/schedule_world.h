#pragma once

#include <string>

#include "state/connection_store.h"
#include "state/job_store.h"
#include "state/pipe_store.h"
#include "state/schedule_store.h"
#include "support/fake_random.h"
#include "support/samples.h"
#include "support/temp_folder.h"

namespace sluice {

/// Stores of one state database, and pipes with a schedule.
struct ScheduleWorld {
  ScheduleWorld() { connections.insert(disk); }

  Pipe scheduled(const std::string& name, Timestamp next_run_at, bool paused = false) {
    const Pipe pipe = sample_pipe(name);
    pipes.insert(pipe);
    Sink sink = sample_sink(pipe, disk);
    sink.schedule = sample_schedule(next_run_at);
    sink.schedule->paused = paused;
    pipes.set_sink(pipe.id, sink, kMorning);
    return pipe;
  }
  Schedule schedule_of_pipe(const Pipe& pipe) { return *pipes.find(pipe.id)->sink->schedule; }

  TestFolder folder;
  FakeRandom random;
  StateDatabase database{folder / "state.db"};
  ConnectionStore connections{database, Secret(std::string(32, 'k')), random};
  PipeStore pipes{database};
  ScheduleStore schedules{database};
  JobStore jobs{database};
  const Connection disk = sample_connection("disk");
};

}  // namespace sluice
