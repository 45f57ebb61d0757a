#include "jobs/run_planner.h"

#include "base/error.h"
#include "domain/run_variables.h"

namespace sluice {

Job planned_job(Job job, const Pipe& pipe, const RunPlanner& planner, Timestamp now) {
  job.pipe_id = pipe.id;
  job.pipe_name = pipe.name;
  job.node_id = pipe.sink->node_id;
  job.created_at = job.updated_at = now;
  try {
    RunVariables variables;
    if (job.interval) {
      variables = interval_variables(job.scheduled_at.value_or(job.interval->end), *job.interval);
    }
    job.plan = planner(pipe, variables);
  } catch (const Error& error) {
    job.plan.settings = pipe.sink->settings;
    job.status = JobStatus::kError;
    job.stage = JobStage::kFinished;
    job.error = error.what();
    job.error_code = error_code_name(error.code());
  }
  return job;
}

}  // namespace sluice
