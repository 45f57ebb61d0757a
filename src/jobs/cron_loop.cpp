#include "jobs/cron_loop.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"

namespace sluice {
namespace {

/// Schedules of one transaction: many, as each costs a wait for the disk; not so many that other
/// writers wait for long.
constexpr int kFiringsAtOnce = 200;
/// A new or changed schedule is seen within this; one that is known fires on time.
constexpr std::chrono::nanoseconds kLookEvery = std::chrono::seconds(1);

std::optional<Timestamp> with_jitter(const std::optional<Timestamp>& time,
                                     std::chrono::seconds jitter, Random& random) {
  if (!time || jitter.count() == 0) return time;
  const std::chrono::microseconds most = jitter;
  return *time + std::chrono::microseconds(random.below(static_cast<uint64_t>(most.count()) + 1));
}

}  // namespace

size_t CronLoop::tick(Timestamp now) {
  size_t moved = 0;
  while (true) {
    const std::vector<DueSchedule> due = schedules_.due(now, kFiringsAtOnce);
    std::vector<Firing> firings;
    for (const DueSchedule& schedule : due) {
      if (std::optional<Firing> firing = firing_of(schedule, now)) {
        firings.push_back(std::move(*firing));
      }
    }
    const Fired fired = firings.empty() ? Fired{} : schedules_.fire(std::move(firings), now);
    for (const std::string& job : fired.stop) workers_.stop_job(job);
    if (fired.jobs > 0) workers_.wake();
    moved += fired.schedules;
    // Those that can't fire stay due; they must not be looked at over and over.
    if (fired.schedules == 0 || due.size() < kFiringsAtOnce) return moved;
  }
}

std::optional<Firing> CronLoop::firing_of(const DueSchedule& due, Timestamp now) {
  try {
    const std::optional<Pipe> pipe = pipes_.find(due.pipe_id);
    if (!pipe || !pipe->sink) return std::nullopt;
    Firing firing{due, plan_firing(due.schedule, now), {}, pipe->name, {}};
    firing.fires_at = with_jitter(firing.plan.next_run_at, due.schedule.jitter, random_);
    for (const FiringPlan::Run& run : firing.plan.runs) {
      firing.jobs.push_back(job_of(*pipe, run, now));
    }
    return firing;
  } catch (const std::exception& error) {
    // One schedule must not keep the others from firing; it stays due.
    log_error("The schedule of pipe " + due.pipe_id + " can't fire: " + error.what());
    return std::nullopt;
  }
}

Job CronLoop::job_of(const Pipe& pipe, const FiringPlan::Run& run, Timestamp now) {
  Job job;
  job.id = random_.uuid();
  job.trigger = JobTrigger::kScheduled;
  job.scheduled_at = run.scheduled_at;
  job.interval = run.interval;
  return planned_job(std::move(job), pipe, planner_, now);
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
      if (std::optional<Timestamp> next = schedules_.next_due()) {
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
