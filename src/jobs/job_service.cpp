#include "jobs/job_service.h"

#include "base/error.h"
#include "base/limits.h"

namespace sluice {
namespace {

/// One of those that do something at this moment.
class Counted {
 public:
  explicit Counted(std::atomic<int>& all) : all_(all), number_(++all) {}
  ~Counted() { --all_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  int number() const { return number_; }

 private:
  std::atomic<int>& all_;
  int number_;
};

}  // namespace

Job JobService::run(const Pipe& pipe, JobPlan plan, const std::string& token_name) {
  Job job;
  job.id = random_.uuid();
  job.trigger = JobTrigger::kOnDemand;
  job.pipe_id = pipe.id;
  job.pipe_name = pipe.name;
  job.node_id = pipe.sink ? pipe.sink->node_id : std::string();
  job.token_name = token_name;
  job.plan = std::move(plan);
  job.created_at = job.updated_at = clock_.now();
  jobs_.enqueue(job, queue_limit_);
  workers_.wake();
  return job;
}

Job JobService::get(std::string_view id) {
  std::optional<Job> job = jobs_.find(id);
  if (!job) {
    throw Error(ErrorCode::kNotFound, "There is no job '" + std::string(id.substr(0, 100)) + "'.",
                "GET /v0/jobs lists the jobs there are.");
  }
  return std::move(*job);
}

Job JobService::await(std::string_view id, std::chrono::seconds wait, const std::stop_token& stop) {
  constexpr std::chrono::milliseconds kLookEvery{100};
  Job job = get(id);
  if (is_final(job.status) || wait.count() == 0) return job;
  const Counted waiting(waiting_);
  // A call that waits holds a thread of the door.
  if (waiting.number() > limits::kWaitingCalls) return job;
  const std::chrono::nanoseconds end = clock_.ticks() + wait;
  while (!is_final(job.status) && clock_.ticks() < end && !stop.stop_requested()) {
    clock_.sleep(kLookEvery, stop);
    job = get(id);
  }
  return job;
}

Job JobService::cancel(std::string_view id) {
  Job job = jobs_.cancel(id, clock_.now());
  if (job.status == JobStatus::kCancelling) workers_.stop_job(job.id);
  return job;
}

}  // namespace sluice
