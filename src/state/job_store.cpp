#include "state/job_store.h"

#include <algorithm>

#include "state/chain_rows.h"
#include "state/job_attempt_rows.h"
#include "state/job_file_rows.h"
#include "state/job_rows.h"
#include "state/row.h"
#include "state/webhook_rows.h"

namespace sluice {
namespace {

/// Cleaning up comes first: it frees what an interrupted job holds in a store.
constexpr const char* kClaim =
    "UPDATE jobs SET attempt = attempt + 1, not_before = NULL, updated_at = ?1, "
    "started_at = coalesce(started_at, ?1), "
    "status = CASE status WHEN 'waiting' THEN 'working' ELSE status END, "
    "stage = CASE stage WHEN 'queued' THEN 'running' ELSE stage END "
    "WHERE id = coalesce("
    "(SELECT id FROM jobs WHERE status = 'cancelling' AND stage = 'queued' LIMIT 1), "
    "(SELECT id FROM jobs AS next WHERE status = 'waiting' "
    "AND (not_before IS NULL OR not_before <= ?1) "
    "AND NOT (alone AND EXISTS (SELECT 1 FROM jobs WHERE pipe_id = next.pipe_id AND status IN "
    "('working', 'cancelling'))) "
    "AND (backfill_id IS NULL OR (SELECT count(*) FROM jobs WHERE backfill_id = next.backfill_id "
    "AND status IN ('working', 'cancelling')) < (SELECT concurrency FROM backfills WHERE id = "
    "next.backfill_id)) "
    "AND (?2 = 0 OR (SELECT count(*) FROM jobs WHERE connection_id = next.connection_id AND status "
    "IN ('working', 'cancelling')) < ?2) "
    "ORDER BY priority, created_at, id LIMIT 1)) RETURNING ";

void bind_figures(SQLite::Statement& statement, int first, const JobFigures& figures) {
  statement.bind(first, static_cast<int64_t>(figures.rows));
  statement.bind(first + 1, static_cast<int64_t>(figures.bytes));
  statement.bind(first + 2, static_cast<int64_t>(figures.files));
  if (figures.progress_percentage) {
    statement.bind(first + 3, *figures.progress_percentage);
  } else {
    statement.bind(first + 3);
  }
  statement.bind(first + 4, static_cast<int64_t>(figures.mismatches));
  statement.bind(first + 5, static_cast<int64_t>(figures.parts));
}

/// A cursor is `created_at|id` of the last job shown.
struct Cursor {
  std::string created_at;
  std::string id;
};

Cursor parse_cursor(const std::string& text) {
  const size_t bar = text.find('|');
  if (bar == std::string::npos || !parse_timestamp(text.substr(0, bar))) {
    throw Error(ErrorCode::kInvalid, "The cursor '" + text.substr(0, 100) + "' is not one of ours.",
                "Pass the next_cursor of the page before as it is.");
  }
  return {text.substr(0, bar), text.substr(bar + 1)};
}

}  // namespace

void JobStore::enqueue(const Job& job, size_t queue_limit) {
  database_.write([&](SQLite::Database& database) {
    const auto waiting = static_cast<size_t>(
        database.execAndGet("SELECT count(*) FROM jobs WHERE status = 'waiting' AND priority < 2")
            .getInt64());
    if (waiting >= queue_limit) {
      throw Error(ErrorCode::kTooMany,
                  "The queue is full: " + std::to_string(waiting) + " jobs are waiting.",
                  "Try again when some have run, or start Sluice with more --workers or a longer "
                  "--max-queue.");
    }
    insert_job(database, job);
  });
}

std::optional<Job> JobStore::find(std::string_view id) {
  return database_.read(
      [&](SQLite::Database& database) { return find_job(database, std::string(id)); });
}

JobPage JobStore::list(const JobFilter& filter) {
  std::string sql = std::string("SELECT ") + kJobColumns + " FROM jobs WHERE 1";
  std::vector<std::string> values;
  auto where = [&](const char* condition, const std::string& value) {
    if (value.empty()) return;
    sql += std::string(" AND ") + condition;
    values.push_back(value);
  };
  where("status = ?", filter.status);
  where("pipe_id = ?", filter.pipe_id);
  where("pipe_name = ? COLLATE NOCASE", filter.pipe_name);
  where("created_at > ?", filter.created_after ? format_timestamp(*filter.created_after) : "");
  where("created_at < ?", filter.created_before ? format_timestamp(*filter.created_before) : "");
  if (!filter.cursor.empty()) {
    const Cursor cursor = parse_cursor(filter.cursor);
    sql += " AND (created_at, id) < (?, ?)";
    values.insert(values.end(), {cursor.created_at, cursor.id});
  }
  sql += " ORDER BY created_at DESC, id DESC LIMIT " + std::to_string(filter.limit + 1);
  return database_.read([&](SQLite::Database& database) {
    SQLite::Statement rows(database, sql);
    for (size_t i = 0; i < values.size(); ++i) rows.bind(static_cast<int>(i + 1), values[i]);
    JobPage page;
    while (rows.executeStep()) page.jobs.push_back(job_of(rows));
    if (page.jobs.size() > static_cast<size_t>(filter.limit)) {
      page.jobs.pop_back();
      page.next_cursor = format_timestamp(page.jobs.back().created_at) + "|" + page.jobs.back().id;
    }
    return page;
  });
}

void JobStore::requeue_interrupted(Timestamp now) {
  database_.write([&](SQLite::Database& database) {
    // Only the publish stage survives: any earlier work starts over.
    SQLite::Statement requeue(database,
                              "UPDATE jobs SET status = 'waiting', updated_at = ?, stage = CASE "
                              "stage WHEN 'publishing' THEN stage ELSE 'queued' END "
                              "WHERE status = 'working'");
    requeue.bind(1, format_timestamp(now));
    requeue.exec();
    SQLite::Statement cancelling(database,
                                 "UPDATE jobs SET stage = 'queued' WHERE status = 'cancelling'");
    cancelling.exec();
  });
}

std::optional<Job> JobStore::claim(Timestamp now) {
  return database_.write([&](SQLite::Database& database) -> std::optional<Job> {
    SQLite::Statement claim(database, std::string(kClaim) + kJobColumns);
    claim.bind(1, format_timestamp(now));
    claim.bind(2, static_cast<int64_t>(per_connection_));
    if (!claim.executeStep()) return std::nullopt;
    Job job = job_of(claim);
    // RETURNING takes effect only once the statement has run to its end.
    while (claim.executeStep()) {
    }
    begin_attempt(database, job, now);
    return job;
  });
}

void JobStore::save_progress(const std::string& id, const JobFigures& figures, Timestamp now) {
  database_.write([&](SQLite::Database& database) {
    SQLite::Statement save(
        database,
        "UPDATE jobs SET rows = ?, bytes = ?, files = ?, progress_percentage = ?, mismatches = ?, "
        "parts = ?, updated_at = ? WHERE id = ? AND status IN ('working', 'cancelling')");
    bind_figures(save, 1, figures);
    save.bind(7, format_timestamp(now));
    save.bind(8, id);
    save.exec();
  });
}

bool JobStore::finish(const Job& job, const std::vector<Job>& followers, Timestamp now) {
  return database_.write([&](SQLite::Database& database) {
    SQLite::Statement finish(
        database,
        "UPDATE jobs SET status = ?, stage = 'finished', rows = ?, bytes = ?, files = ?, "
        "progress_percentage = ?, mismatches = ?, parts = ?, error = ?, error_code = ?, "
        "updated_at = ?10, finished_at = ?10 WHERE id = ?11 AND status IN ('waiting', 'working', "
        "'cancelling')");
    finish.bind(1, std::string(job_status_name(job.status)));
    bind_figures(finish, 2, job.figures);
    bind_optional(finish, 8, job.error.empty() ? std::nullopt : std::optional(job.error));
    bind_optional(finish, 9, job.error_code.empty() ? std::nullopt : std::optional(job.error_code));
    finish.bind(10, format_timestamp(now));
    finish.bind(11, job.id);
    if (finish.exec() == 0) return false;
    end_attempt(database, job, now);
    note_job_event(database, job, now);
    insert_followers(database, job, followers);
    return true;
  });
}

Job JobStore::cancel(std::string_view id, Timestamp now) {
  return database_.write([&](SQLite::Database& database) {
    std::optional<Job> job = find_job(database, std::string(id));
    if (!job) {
      throw Error(ErrorCode::kNotFound,
                  "There is no job '" + std::string(id.substr(0, 100)) + "'.");
    }
    if (job->status == JobStatus::kCancelling) return *job;
    if (is_final(job->status)) {
      throw Error(ErrorCode::kConflict, "The job is finished: its status is " +
                                            std::string(job_status_name(job->status)) + ".");
    }
    if (!is_cancellable(*job)) {
      throw Error(ErrorCode::kConflict, "The job is publishing its files and can't be cancelled.",
                  "It will be done in a moment.");
    }
    const bool waiting = job->status == JobStatus::kWaiting && job->attempt == 0;
    SQLite::Statement move(database,
                           waiting ? "UPDATE jobs SET status = 'cancelled', stage = 'finished', "
                                     "updated_at = ?1, finished_at = ?1 WHERE id = ?2"
                                   : "UPDATE jobs SET status = 'cancelling', updated_at = ?1 WHERE "
                                     "id = ?2");
    move.bind(1, format_timestamp(now));
    move.bind(2, job->id);
    move.exec();
    return *find_job(database, job->id);
  });
}

void JobStore::put_back(const Job& job, Timestamp not_before, Timestamp now) {
  database_.write([&](SQLite::Database& database) {
    SQLite::Statement back(database,
                           "UPDATE jobs SET status = 'waiting', updated_at = ?, not_before = ?, "
                           "stage = CASE stage WHEN 'publishing' THEN stage ELSE 'queued' END "
                           "WHERE id = ? AND status = 'working'");
    back.bind(1, format_timestamp(now));
    bind_optional(back, 2, not_before > now ? std::optional(not_before) : std::nullopt);
    back.bind(3, job.id);
    back.exec();
    end_attempt(database, job, now);
  });
}

std::optional<Timestamp> JobStore::next_retry() {
  return database_.read([](SQLite::Database& database) {
    SQLite::Statement row(database, "SELECT min(not_before) FROM jobs WHERE status = 'waiting'");
    row.executeStep();
    return optional_time_of(row.getColumn(0));
  });
}

std::vector<JobAttempt> JobStore::attempts(const std::string& job_id) {
  return database_.read(
      [&](SQLite::Database& database) { return read_attempts(database, job_id); });
}

void JobStore::add_file(const std::string& job_id, const JobFile& file) {
  database_.write([&](SQLite::Database& database) { put_job_file(database, job_id, file); });
}

bool JobStore::begin_publishing(const std::string& job_id, const std::vector<JobFile>& files,
                                const JobFigures& figures, Timestamp now) {
  return database_.write([&](SQLite::Database& database) {
    SQLite::Statement move(database,
                           "UPDATE jobs SET stage = 'publishing', rows = ?, bytes = ?, files = ?, "
                           "progress_percentage = ?, mismatches = ?, parts = ?, updated_at = ? "
                           "WHERE id = ? AND status = 'working'");
    bind_figures(move, 1, figures);
    move.bind(7, format_timestamp(now));
    move.bind(8, job_id);
    if (move.exec() == 0) return false;
    for (const JobFile& file : files) put_job_file(database, job_id, file);
    return true;
  });
}

void JobStore::mark_published(const std::string& job_id, const std::vector<std::string>& keys) {
  database_.write([&](SQLite::Database& database) {
    SQLite::Statement mark(database,
                           "UPDATE job_files SET state = 'published' WHERE job_id = ? AND key = ?");
    for (const std::string& key : keys) {
      mark.reset();
      mark.bind(1, job_id);
      mark.bind(2, key);
      mark.exec();
    }
  });
}

std::vector<JobFile> JobStore::files(const std::string& job_id) {
  return database_.read(
      [&](SQLite::Database& database) { return read_job_files(database, job_id); });
}

void JobStore::forget_files(const std::string& job_id, const std::vector<std::string>& keys) {
  replace_files(job_id, keys, {});
}

void JobStore::replace_files(const std::string& job_id, const std::vector<std::string>& keys,
                             const std::vector<JobFile>& files) {
  database_.write([&](SQLite::Database& database) {
    SQLite::Statement forget(database, "DELETE FROM job_files WHERE job_id = ? AND key = ?");
    for (const std::string& key : keys) {
      forget.reset();
      forget.bind(1, job_id);
      forget.bind(2, key);
      forget.exec();
    }
    for (const JobFile& file : files) put_job_file(database, job_id, file);
  });
}

std::optional<Timestamp> JobStore::last_success(const std::string& pipe_id) {
  return database_.read([&](SQLite::Database& database) {
    SQLite::Statement row(
        database, "SELECT max(finished_at) FROM jobs WHERE pipe_id = ? AND status = 'done'");
    row.bind(1, pipe_id);
    row.executeStep();
    return optional_time_of(row.getColumn(0));
  });
}

std::vector<std::string> JobStore::outdated_keys(const Job& job) {
  return database_.read([&](SQLite::Database& database) {
    SQLite::Statement rows(
        database,
        "SELECT DISTINCT key FROM job_files JOIN jobs ON jobs.id = job_files.job_id "
        "WHERE jobs.pipe_id = ?1 AND interval_start = ?2 AND interval_end = ?3 AND jobs.id != ?4 "
        "AND jobs.created_at <= ?5 AND jobs.connection_id = ?6 "
        "AND json_extract(jobs.plan, '$.path') = ?7 AND job_files.state = 'published' "
        "AND key NOT IN (SELECT key FROM job_files WHERE job_id = ?4) ORDER BY key");
    rows.bind(1, job.pipe_id);
    rows.bind(2, job.interval ? format_timestamp(job.interval->begin) : std::string());
    rows.bind(3, job.interval ? format_timestamp(job.interval->end) : std::string());
    rows.bind(4, job.id);
    rows.bind(5, format_timestamp(job.created_at));
    rows.bind(6, job.plan.settings.connection_id);
    rows.bind(7, job.plan.settings.path);
    std::vector<std::string> keys;
    while (rows.executeStep()) keys.push_back(rows.getColumn(0).getString());
    return keys;
  });
}

size_t JobStore::prune(Timestamp finished_before, size_t most) {
  return database_.write([&](SQLite::Database& database) {
    SQLite::Statement remove(database,
                             "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE finished_at "
                             "IS NOT NULL AND finished_at < ? LIMIT ?)");
    remove.bind(1, format_timestamp(finished_before));
    remove.bind(2, static_cast<int64_t>(most));
    const auto removed = static_cast<size_t>(remove.exec());
    SQLite::Statement missed(database, "DELETE FROM missed_runs WHERE noted_at < ?");
    missed.bind(1, format_timestamp(finished_before));
    missed.exec();
    SQLite::Statement told(
        database, "DELETE FROM webhook_deliveries WHERE next_at IS NULL AND created_at < ?");
    told.bind(1, format_timestamp(finished_before));
    told.exec();
    SQLite::Statement backfills(database,
                                "DELETE FROM backfills WHERE created_at < ? AND NOT EXISTS (SELECT "
                                "1 FROM jobs WHERE backfill_id = backfills.id)");
    backfills.bind(1, format_timestamp(finished_before));
    backfills.exec();
    return removed;
  });
}

}  // namespace sluice
