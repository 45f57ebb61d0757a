#include "jobs/cron_loop.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "domain/cron.h"

namespace sluice {
namespace {

constexpr int kFiringsPerLook = 1000;
/// A new or changed schedule is seen within this; one that is known fires on time.
constexpr std::chrono::nanoseconds kLookEvery = std::chrono::seconds(1);

/// The last time up to `now` that the schedule has; `due` is one of them. Looks back from now in
/// growing steps, so that a long downtime costs no walk through every minute of it.
Timestamp latest_due(const CronExpression& cron, Timestamp due, Timestamp now) {
  Timestamp latest = due;
  for (std::chrono::minutes back{1}; now - back > due; back *= 2) {
    std::optional<Timestamp> next = cron.next_after(now - back);
    if (!next || *next > now) continue;
    latest = *next;
    break;
  }
  for (auto next = cron.next_after(latest); next && *next <= now; next = cron.next_after(latest)) {
    latest = *next;
  }
  return latest;
}

}  // namespace

size_t CronLoop::tick(Timestamp now) {
  size_t fired = 0;
  for (const DueSchedule& due : pipes_.due_schedules(now, kFiringsPerLook)) {
    try {
      if (fire(due, now)) ++fired;
    } catch (const std::exception& error) {
      // One schedule must not keep the others from firing; it stays due.
      log_error("The schedule of pipe " + due.pipe_id + " can't fire: " + error.what());
    }
  }
  if (fired > 0) workers_.wake();
  return fired;
}

bool CronLoop::fire(const DueSchedule& due, Timestamp now) {
  std::optional<Pipe> pipe = pipes_.find(due.pipe_id);
  if (!pipe || !pipe->sink) return false;
  Job job;
  job.id = random_.uuid();
  job.trigger = JobTrigger::kScheduled;
  job.pipe_id = pipe->id;
  job.pipe_name = pipe->name;
  job.node_id = pipe->sink->node_id;
  const CronExpression cron = CronExpression::parse(due.cron);
  job.scheduled_at = latest_due(cron, due.due_at, now);
  job.created_at = job.updated_at = now;
  try {
    job.plan = planner_(*pipe);
  } catch (const Error& error) {
    // The firing must not be silent: it stands in the history as a job that failed.
    job.plan.settings = pipe->sink->settings;
    job.status = JobStatus::kError;
    job.stage = JobStage::kFinished;
    job.error = error.what();
    job.error_code = error_code_name(error.code());
  }
  return jobs_.fire({due, cron.next_after(now), std::move(job)});
}

void CronLoop::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { loop(stop); });
}

void CronLoop::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void CronLoop::loop(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::chrono::nanoseconds pause = kLookEvery;
    try {
      tick(clock_.now());
      if (std::optional<Timestamp> next = pipes_.next_due()) {
        pause = std::clamp<std::chrono::nanoseconds>(*next - clock_.now(),
                                                     std::chrono::milliseconds(1), kLookEvery);
      }
    } catch (const std::exception& error) {
      log_error(std::string("The schedules can't be read: ") + error.what());
    }
    clock_.sleep(pause, stop);
  }
}

}  // namespace sluice
