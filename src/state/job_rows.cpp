#include "state/job_rows.h"

#include "state/job_plan_json.h"
#include "state/row.h"
#include "state/webhook_rows.h"

namespace sluice {
namespace {

JobStatus status_of(const std::string& text) {
  std::optional<JobStatus> status = parse_job_status(text);
  if (!status)
    throw Error(ErrorCode::kCorrupt, "The state database holds the status '" + text + "'.");
  return *status;
}

/// Who waits for the answer comes first.
int priority_of(JobTrigger trigger) {
  switch (trigger) {
    case JobTrigger::kOnDemand:
      return 0;
    case JobTrigger::kScheduled:
    case JobTrigger::kChained:
      return 1;
    case JobTrigger::kBackfill:
      return 2;
  }
  return 0;
}

}  // namespace

const char* const kJobColumns =
    "id, status, stage, triggered_by, pipe_id, pipe_name, node_id, token_name, scheduled_at, plan, "
    "attempt, rows, bytes, files, progress_percentage, error, error_code, created_at, started_at, "
    "updated_at, mismatches, interval_start, interval_end, alone, not_before, backfill_id, "
    "after_job, "
    "parts";

Job job_of(SQLite::Statement& row) {
  auto text = [&](int column) { return row.getColumn(column).getString(); };
  auto number = [&](int column) { return static_cast<uint64_t>(row.getColumn(column).getInt64()); };
  Job job;
  job.id = text(0);
  job.status = status_of(text(1));
  job.stage = parse_job_stage(text(2));
  job.trigger = parse_job_trigger(text(3));
  job.pipe_id = text(4);
  job.pipe_name = text(5);
  job.node_id = text(6);
  job.token_name = text(7);
  job.scheduled_at = optional_time_of(row.getColumn(8));
  job.plan = plan_from_json(text(9));
  job.attempt = row.getColumn(10).getInt();
  job.figures.rows = number(11);
  job.figures.bytes = number(12);
  job.figures.files = number(13);
  if (!row.getColumn(14).isNull()) job.figures.progress_percentage = row.getColumn(14).getDouble();
  job.error = text(15);
  job.error_code = text(16);
  job.created_at = time_of(row.getColumn(17));
  job.started_at = optional_time_of(row.getColumn(18));
  job.updated_at = time_of(row.getColumn(19));
  job.figures.mismatches = number(20);
  if (!row.getColumn(21).isNull()) {
    job.interval = Interval{time_of(row.getColumn(21)), time_of(row.getColumn(22))};
  }
  job.alone = number(23) != 0;
  job.not_before = optional_time_of(row.getColumn(24));
  job.backfill_id = text(25);
  job.after_job = text(26);
  job.figures.parts = number(27);
  return job;
}

std::optional<Job> find_job(SQLite::Database& database, const std::string& id) {
  SQLite::Statement row(database, std::string("SELECT ") + kJobColumns + " FROM jobs WHERE id = ?");
  row.bind(1, id);
  if (!row.executeStep()) return std::nullopt;
  return job_of(row);
}

void insert_job(SQLite::Database& database, const Job& job) {
  SQLite::Statement insert(
      database,
      "INSERT INTO jobs (id, status, stage, triggered_by, pipe_id, pipe_name, node_id, token_name, "
      "scheduled_at, plan, error, error_code, created_at, updated_at, finished_at, "
      "interval_start, interval_end, alone, priority, backfill_id, connection_id, after_job) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(1, job.id);
  insert.bind(2, std::string(job_status_name(job.status)));
  insert.bind(3, std::string(job_stage_name(job.stage)));
  insert.bind(4, std::string(job_trigger_name(job.trigger)));
  insert.bind(5, job.pipe_id);
  insert.bind(6, job.pipe_name);
  insert.bind(7, job.node_id);
  insert.bind(8, job.token_name);
  bind_optional(insert, 9, job.scheduled_at);
  insert.bind(10, plan_to_json(job.plan));
  bind_optional(insert, 11, job.error.empty() ? std::nullopt : std::optional(job.error));
  bind_optional(insert, 12, job.error_code.empty() ? std::nullopt : std::optional(job.error_code));
  insert.bind(13, format_timestamp(job.created_at));
  insert.bind(14, format_timestamp(job.updated_at));
  bind_optional(insert, 15, is_final(job.status) ? std::optional(job.updated_at) : std::nullopt);
  bind_optional(insert, 16, job.interval ? std::optional(job.interval->begin) : std::nullopt);
  bind_optional(insert, 17, job.interval ? std::optional(job.interval->end) : std::nullopt);
  insert.bind(18, job.alone ? 1 : 0);
  insert.bind(19, priority_of(job.trigger));
  bind_optional(insert, 20,
                job.backfill_id.empty() ? std::nullopt : std::optional(job.backfill_id));
  insert.bind(21, job.plan.settings.connection_id);
  bind_optional(insert, 22, job.after_job.empty() ? std::nullopt : std::optional(job.after_job));
  insert.exec();
  if (is_final(job.status)) note_job_event(database, job, job.updated_at);
}

}  // namespace sluice
