#include "jobs/backfill_service.h"

#include <map>

#include "base/error.h"
#include "base/limits.h"
#include "domain/run_variables.h"

namespace sluice {
namespace {

constexpr int kShown = 100;

/// What the names of a plan's files owe to the run: its path and template with the variables put in
/// and the columns left as they are.
std::string fixed_part(const JobPlan& plan) {
  std::string name = plan.settings.path + '\n';
  const FileTemplate files = FileTemplate::parse(plan.settings.file_template);
  for (const TemplatePiece& piece : files.pieces()) {
    const auto variable = plan.variables.find(piece.text);
    const bool named =
        piece.kind == TemplatePiece::Kind::kName || piece.kind == TemplatePiece::Kind::kDate;
    if (named && variable != plan.variables.end()) {
      append_name_value(name, variable_in_name(piece, variable->second));
    } else {
      name += piece.text;
    }
  }
  return name;
}

void check_names_differ(const std::vector<Job>& jobs) {
  std::map<std::string, const Job*> names;
  for (const Job& job : jobs) {
    const auto [same, fresh] = names.emplace(fixed_part(job.plan), &job);
    if (fresh) continue;
    throw Error(ErrorCode::kInvalid,
                "The intervals from " + format_timestamp(same->second->interval->begin) +
                    " and from " + format_timestamp(job.interval->begin) +
                    " would write files of the same names.",
                "Name the files after the interval, for example with "
                "dt={interval_start, '%Y-%m-%d'} in the file template.");
  }
}

}  // namespace

std::vector<Interval> BackfillService::intervals_of(const Pipe& pipe,
                                                    const BackfillRequest& request) const {
  if (request.range.begin >= request.range.end) {
    throw Error(ErrorCode::kInvalid, "The range ends before it begins.",
                "Give a start that is before the end.");
  }
  if (request.range.end > clock_.now()) {
    throw Error(ErrorCode::kInvalid, "The end of the range is still to come.",
                "End it now at the latest; later times are the schedule's.");
  }
  if (!request.step.empty()) {
    return sluice::intervals_of(request.range, parse_step(request.step),
                                limits::kBackfillIntervals);
  }
  if (!pipe.sink || !pipe.sink->schedule) {
    throw Error(ErrorCode::kInvalid, "The sink has no schedule that could tell the intervals.",
                "Give their length as step: 1h, 1d.");
  }
  return sluice::intervals_of(request.range,
                              ScheduleTimes(CronExpression::parse(pipe.sink->schedule->cron),
                                            TimeZone::find(pipe.sink->schedule->timezone)),
                              limits::kBackfillIntervals);
}

Job BackfillService::job_of(const Pipe& pipe, const Backfill& backfill, const Interval& interval) {
  Job job;
  job.id = random_.uuid();
  job.trigger = JobTrigger::kBackfill;
  job.pipe_id = pipe.id;
  job.pipe_name = pipe.name;
  job.node_id = pipe.sink ? pipe.sink->node_id : std::string();
  job.token_name = backfill.token_name;
  job.scheduled_at = interval.end;
  job.interval = interval;
  job.backfill_id = backfill.id;
  job.created_at = job.updated_at = backfill.created_at;
  return job;
}

Backfill BackfillService::start(const Pipe& pipe, const BackfillRequest& request,
                                const std::string& token_name) {
  Backfill backfill;
  backfill.id = random_.uuid();
  backfill.pipe_id = pipe.id;
  backfill.pipe_name = pipe.name;
  backfill.token_name = token_name;
  backfill.range = request.range;
  backfill.step = request.step;
  backfill.concurrency = request.concurrency;
  backfill.created_at = clock_.now();
  const std::vector<Interval> intervals = intervals_of(pipe, request);
  std::vector<RunVariables> variables;
  variables.reserve(intervals.size());
  for (const Interval& interval : intervals) {
    variables.push_back(interval_variables(interval.end, interval));
  }
  std::vector<JobPlan> plans = planner_(pipe, variables);
  std::vector<Job> jobs;
  for (size_t i = 0; i < intervals.size(); ++i) {
    Job& job = jobs.emplace_back(job_of(pipe, backfill, intervals[i]));
    job.plan = std::move(plans[i]);
    job.plan.settings.write_strategy = WriteStrategy::kTruncate;
  }
  check_names_differ(jobs);
  backfills_.insert(backfill, jobs);
  workers_.wake();
  return get(backfill.id);
}

Backfill BackfillService::get(std::string_view id) {
  std::optional<Backfill> found = backfills_.find(id);
  if (!found) {
    throw Error(ErrorCode::kNotFound,
                "There is no backfill '" + std::string(id.substr(0, 100)) + "'.",
                "GET /v0/backfills lists them.");
  }
  return std::move(*found);
}

std::vector<Backfill> BackfillService::list(const std::string& pipe_id) {
  return backfills_.list(pipe_id, kShown);
}

Backfill BackfillService::cancel(std::string_view id) {
  const Backfill now = get(id);
  if (now.figures.waiting + now.figures.working == 0) {
    throw Error(ErrorCode::kConflict,
                "The backfill has ended: its status is " + std::string(backfill_status(now)) + ".");
  }
  for (const std::string& job : backfills_.cancel(now.id, clock_.now())) workers_.stop_job(job);
  return get(id);
}

}  // namespace sluice
