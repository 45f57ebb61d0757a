#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/sink_catalog.h"
#include "domain/pipe.h"
#include "state/pipe_store.h"
#include "state/schedule_store.h"

namespace sluice {

/// The schedules of sinks, as their owners change them. Thread-safe. Throws kInvalid (a pipe that
/// is no sink, an expression, a zone), kConflict (no schedule to pause).
class ScheduleCatalog {
 public:
  ScheduleCatalog(PipeStore& pipes, ScheduleStore& schedules, SinkCatalog& sinks, Clock& clock)
      : pipes_(pipes), schedules_(schedules), sinks_(sinks), clock_(clock) {}

  /// Sets, changes or, with `@on-demand`, removes it; what is not said stays as it is. Also what
  /// the sink runs after instead.
  void change(const Pipe& pipe, const SinkParameters& parameters);
  /// Nothing fires until it is resumed.
  void pause(const Pipe& pipe);
  /// Goes on with the next time from now. The times that passed meanwhile are treated by its
  /// catch-up policy: under `all` they fire at once, under `latest` the next run covers them.
  void resume(const Pipe& pipe);
  /// What it has left out, newest first.
  std::vector<MissedRow> missed(const Pipe& pipe, int limit) {
    return schedules_.missed(pipe.id, limit);
  }

 private:
  PipeStore& pipes_;
  ScheduleStore& schedules_;
  SinkCatalog& sinks_;
  Clock& clock_;
};

}  // namespace sluice
