#include "state/schedule_store.h"

#include <algorithm>

#include "state/job_rows.h"
#include "state/row.h"
#include "state/schedule_rows.h"
#include "state/webhook_rows.h"

namespace sluice {
namespace {

/// A scheduled run that has not ended.
struct Unfinished {
  std::string id;
  bool waiting = false;
  std::optional<Timestamp> interval_start;
};

std::vector<Unfinished> unfinished_of(SQLite::Database& database, const std::string& pipe_id) {
  SQLite::Statement rows(
      database,
      "SELECT id, status = 'waiting', interval_start FROM jobs WHERE pipe_id = ? "
      "AND status IN ('waiting', 'working', 'cancelling') AND triggered_by = "
      "'scheduled'");
  rows.bind(1, pipe_id);
  std::vector<Unfinished> jobs;
  while (rows.executeStep()) {
    jobs.push_back({rows.getColumn(0).getString(), rows.getColumn(1).getInt() != 0,
                    optional_time_of(rows.getColumn(2))});
  }
  return jobs;
}

void note_missed(SQLite::Database& database, const PipeName& pipe, const MissedRuns& runs,
                 const std::string& covered_by, Timestamp now) {
  SQLite::Statement note(
      database,
      "INSERT INTO missed_runs (pipe_id, pipe_name, first_at, last_at, runs, reason, covered_by, "
      "noted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  note.bind(1, pipe.id);
  note.bind(2, pipe.name);
  note.bind(3, format_timestamp(runs.first));
  note.bind(4, format_timestamp(runs.last));
  note.bind(5, static_cast<int64_t>(runs.count));
  note.bind(6, std::string(missed_reason_name(runs.reason)));
  bind_optional(note, 7, covered_by.empty() ? std::nullopt : std::optional(covered_by));
  note.bind(8, format_timestamp(now));
  note.exec();
  note_missed_event(database, pipe, runs, covered_by, now);
}

/// False when the schedule is no longer as it was read.
bool move_on(SQLite::Database& database, const Firing& firing, Timestamp now) {
  SQLite::Statement move(
      database,
      "UPDATE schedules SET next_run_at = ?, fires_at = ?, last_run_at = ?, updated_at = ? WHERE "
      "pipe_id = ? AND next_run_at = ? AND cron = ? AND timezone = ? AND status = 'running'");
  const auto& runs = firing.plan.runs;
  bind_optional(move, 1, firing.plan.next_run_at);
  bind_optional(move, 2, firing.fires_at);
  bind_optional(
      move, 3,
      runs.empty() ? firing.due.schedule.last_run_at : std::optional(runs.back().scheduled_at));
  move.bind(4, format_timestamp(now));
  move.bind(5, firing.due.pipe_id);
  bind_optional(move, 6, firing.due.schedule.next_run_at);
  move.bind(7, firing.due.schedule.cron);
  move.bind(8, firing.due.schedule.timezone);
  return move.exec() > 0;
}

void cover_until(SQLite::Database& database, const std::string& pipe_id, Timestamp end) {
  SQLite::Statement cover(database, "UPDATE schedules SET covered_until = ? WHERE pipe_id = ?");
  cover.bind(1, format_timestamp(end));
  cover.bind(2, pipe_id);
  cover.exec();
}

/// The run's interval covers what was left out since the one before.
void cover_missed(SQLite::Database& database, const Job& run) {
  if (!run.interval) return;
  SQLite::Statement cover(
      database,
      "UPDATE missed_runs SET covered_by = ?1 WHERE pipe_id = ?2 AND covered_by "
      "IS NULL AND first_at > ?3 AND last_at <= ?4");
  cover.bind(1, run.id);
  cover.bind(2, run.pipe_id);
  cover.bind(3, format_timestamp(run.interval->begin));
  cover.bind(4, format_timestamp(run.interval->end));
  cover.exec();
}

/// Whether runs may not be made now, given those that have not ended.
bool is_held(const Schedule& schedule, const std::vector<Unfinished>& unfinished) {
  if (schedule.overlap == OverlapPolicy::kSkip) return !unfinished.empty();
  if (schedule.overlap != OverlapPolicy::kQueue) return false;
  // Runs that make up for missed ones all wait their turn.
  const auto most = schedule.catchup == CatchupPolicy::kAll ? schedule.catchup_limit : 1;
  return std::count_if(unfinished.begin(), unfinished.end(),
                       [](const Unfinished& job) { return job.waiting; }) >= most;
}

/// Ends those that wait and asks those at work to; `run` takes over their time.
void replace(SQLite::Database& database, const std::vector<Unfinished>& unfinished, Job& run,
             Fired& fired, Timestamp now) {
  for (const Unfinished& job : unfinished) {
    SQLite::Statement end(
        database,
        job.waiting ? "UPDATE jobs SET status = 'cancelled', stage = 'finished', error = ?1, "
                      "error_code = 'cancelled', updated_at = ?2, finished_at = ?2 WHERE id = ?3 "
                      "AND attempt = 0"
                    : "UPDATE jobs SET status = 'cancelling', error = ?1, updated_at = ?2 WHERE id "
                      "= ?3 AND stage != 'publishing'");
    end.bind(1, "Replaced by the next run of its schedule, job " + run.id + ".");
    end.bind(2, format_timestamp(now));
    end.bind(3, job.id);
    if (end.exec() == 0) continue;  // It is about to be done: let it be.
    if (!job.waiting) fired.stop.push_back(job.id);
    if (job.interval_start && run.interval) {
      run.interval->begin = std::min(run.interval->begin, *job.interval_start);
    }
  }
}

void fire_one(SQLite::Database& database, Firing& firing, Fired& fired, Timestamp now) {
  if (!move_on(database, firing, now)) return;
  ++fired.schedules;
  const Schedule& schedule = firing.due.schedule;
  const PipeName pipe{firing.due.pipe_id, firing.pipe_name};
  const std::vector<Unfinished> unfinished = unfinished_of(database, firing.due.pipe_id);
  const bool held = is_held(schedule, unfinished);
  const std::string covering = held || firing.jobs.empty() ? "" : firing.jobs.front().id;
  if (firing.plan.missed) {
    note_missed(database, pipe, *firing.plan.missed, firing.plan.missed->covered ? covering : "",
                now);
  }
  if (firing.jobs.empty()) return;
  if (held) {
    const Timestamp first = firing.plan.runs.front().scheduled_at;
    const Timestamp last = firing.plan.runs.back().scheduled_at;
    note_missed(database, pipe, {first, last, firing.jobs.size(), MissedReason::kOverlap}, "", now);
    return;
  }
  if (schedule.overlap == OverlapPolicy::kReplace) {
    replace(database, unfinished, firing.jobs.front(), fired, now);
  }
  for (Job& job : firing.jobs) {
    job.alone = schedule.overlap != OverlapPolicy::kAllow;
    insert_job(database, job);
    ++fired.jobs;
  }
  if (schedule.catchup == CatchupPolicy::kLatest) cover_missed(database, firing.jobs.front());
  cover_until(database, firing.due.pipe_id, firing.plan.runs.back().interval.end);
}

}  // namespace

std::vector<DueSchedule> ScheduleStore::due(Timestamp now, int limit) {
  return database_.read([&](SQLite::Database& database) {
    SQLite::Statement rows(
        database, std::string("SELECT ") + kScheduleColumns +
                      ", pipe_id FROM schedules WHERE status = 'running' AND fires_at <= ? "
                      "ORDER BY fires_at LIMIT ?");
    rows.bind(1, format_timestamp(now));
    rows.bind(2, limit);
    std::vector<DueSchedule> due;
    while (rows.executeStep()) due.push_back({rows.getColumn(11).getString(), schedule_in(rows)});
    return due;
  });
}

std::optional<Timestamp> ScheduleStore::next_due() {
  return database_.read([](SQLite::Database& database) {
    SQLite::Statement row(database, "SELECT min(fires_at) FROM schedules WHERE status = 'running'");
    row.executeStep();
    return optional_time_of(row.getColumn(0));
  });
}

Fired ScheduleStore::fire(std::vector<Firing> firings, Timestamp now) {
  return database_.write([&](SQLite::Database& database) {
    Fired fired;
    for (Firing& firing : firings) fire_one(database, firing, fired, now);
    return fired;
  });
}

void ScheduleStore::change(const PipeName& pipe, const Change& change, Timestamp now) {
  database_.write([&](SQLite::Database& database) {
    std::optional<Schedule> schedule = schedule_of(database, pipe.id);
    if (!schedule) {
      throw Error(ErrorCode::kNotFound, "The sink has no schedule any more.",
                  "Set one with schedule_cron.");
    }
    const std::optional<MissedRuns> missed = change(*schedule);
    put_schedule(database, pipe.id, *schedule, format_timestamp(now));
    if (missed) note_missed(database, pipe, *missed, "", now);
  });
}

std::vector<MissedRow> ScheduleStore::missed(const std::string& pipe_id, int limit) {
  return database_.read([&](SQLite::Database& database) {
    SQLite::Statement rows(database,
                           "SELECT pipe_id, pipe_name, first_at, last_at, runs, reason, "
                           "coalesce(covered_by, ''), noted_at FROM missed_runs WHERE pipe_id = ? "
                           "ORDER BY id DESC LIMIT ?");
    rows.bind(1, pipe_id);
    rows.bind(2, limit);
    std::vector<MissedRow> missed;
    while (rows.executeStep()) {
      MissedRow& row = missed.emplace_back();
      row.pipe_id = rows.getColumn(0).getString();
      row.pipe_name = rows.getColumn(1).getString();
      row.runs.first = time_of(rows.getColumn(2));
      row.runs.last = time_of(rows.getColumn(3));
      row.runs.count = static_cast<uint64_t>(rows.getColumn(4).getInt64());
      row.runs.reason = parse_missed_reason(rows.getColumn(5).getString());
      row.covered_by = rows.getColumn(6).getString();
      row.runs.covered = !row.covered_by.empty();
      row.noted_at = time_of(rows.getColumn(7));
    }
    return missed;
  });
}

}  // namespace sluice
