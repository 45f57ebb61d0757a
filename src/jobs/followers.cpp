#include "jobs/followers.h"

namespace sluice {

std::vector<Job> Followers::of(const Job& done) {
  std::vector<Job> jobs;
  if (done.trigger == JobTrigger::kBackfill) return jobs;
  for (const Pipe& pipe : pipes_.following(done.pipe_id)) {
    Job job;
    job.id = random_.uuid();
    job.trigger = JobTrigger::kChained;
    job.after_job = done.id;
    job.scheduled_at = done.scheduled_at;
    job.interval = done.interval;
    job.alone = true;
    jobs.push_back(planned_job(std::move(job), pipe, planner_, clock_.now()));
  }
  return jobs;
}

}  // namespace sluice
