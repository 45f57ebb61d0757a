#include "state/backfill_store.h"

#include "state/job_rows.h"
#include "state/row.h"

namespace sluice {
namespace {

constexpr const char* kColumns =
    "SELECT id, pipe_id, pipe_name, token_name, start_at, end_at, step, concurrency, created_at, "
    "cancelled_at, "
    "(SELECT count(*) FROM jobs WHERE backfill_id = backfills.id AND status = 'waiting'), "
    "(SELECT count(*) FROM jobs WHERE backfill_id = backfills.id AND status IN ('working', "
    "'cancelling')), "
    "(SELECT count(*) FROM jobs WHERE backfill_id = backfills.id AND status = 'done'), "
    "(SELECT count(*) FROM jobs WHERE backfill_id = backfills.id AND status = 'error'), "
    "(SELECT count(*) FROM jobs WHERE backfill_id = backfills.id AND status = 'cancelled') "
    "FROM backfills ";

Backfill backfill_of(SQLite::Statement& row) {
  const auto text = [&](int column) { return row.getColumn(column).getString(); };
  Backfill backfill;
  backfill.id = text(0);
  backfill.pipe_id = text(1);
  backfill.pipe_name = text(2);
  backfill.token_name = text(3);
  backfill.range = {time_of(row.getColumn(4)), time_of(row.getColumn(5))};
  backfill.step = text(6);
  backfill.concurrency = row.getColumn(7).getInt();
  backfill.created_at = time_of(row.getColumn(8));
  backfill.cancelled_at = optional_time_of(row.getColumn(9));
  backfill.figures = {row.getColumn(10).getInt64(), row.getColumn(11).getInt64(),
                      row.getColumn(12).getInt64(), row.getColumn(13).getInt64(),
                      row.getColumn(14).getInt64()};
  return backfill;
}

}  // namespace

void BackfillStore::insert(const Backfill& backfill, const std::vector<Job>& jobs) {
  database_.write([&](SQLite::Database& database) {
    SQLite::Statement insert(
        database,
        "INSERT INTO backfills (id, pipe_id, pipe_name, token_name, start_at, end_at, step, "
        "concurrency, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.bind(1, backfill.id);
    insert.bind(2, backfill.pipe_id);
    insert.bind(3, backfill.pipe_name);
    insert.bind(4, backfill.token_name);
    insert.bind(5, format_timestamp(backfill.range.begin));
    insert.bind(6, format_timestamp(backfill.range.end));
    insert.bind(7, backfill.step);
    insert.bind(8, backfill.concurrency);
    insert.bind(9, format_timestamp(backfill.created_at));
    insert.exec();
    for (const Job& job : jobs) insert_job(database, job);
  });
}

std::optional<Backfill> BackfillStore::find(std::string_view id) {
  return database_.read([&](SQLite::Database& database) -> std::optional<Backfill> {
    SQLite::Statement row(database, std::string(kColumns) + "WHERE id = ?");
    row.bind(1, std::string(id));
    if (!row.executeStep()) return std::nullopt;
    return backfill_of(row);
  });
}

std::vector<Backfill> BackfillStore::list(const std::string& pipe_id, int limit) {
  return database_.read([&](SQLite::Database& database) {
    SQLite::Statement rows(
        database,
        std::string(kColumns) + "WHERE ?1 = '' OR pipe_id = ?1 ORDER BY created_at DESC LIMIT ?2");
    rows.bind(1, pipe_id);
    rows.bind(2, limit);
    std::vector<Backfill> found;
    while (rows.executeStep()) found.push_back(backfill_of(rows));
    return found;
  });
}

std::vector<std::string> BackfillStore::cancel(const std::string& id, Timestamp now) {
  return database_.write([&](SQLite::Database& database) {
    const auto change = [&](const char* sql) {
      SQLite::Statement statement(database, sql);
      statement.bind(1, format_timestamp(now));
      statement.bind(2, id);
      statement.exec();
    };
    change("UPDATE backfills SET cancelled_at = coalesce(cancelled_at, ?1) WHERE id = ?2");
    change(
        "UPDATE jobs SET status = 'cancelled', stage = 'finished', updated_at = ?1, "
        "finished_at = ?1, not_before = NULL WHERE backfill_id = ?2 AND status = 'waiting' AND "
        "attempt = 0");
    change(
        "UPDATE jobs SET status = 'cancelling', updated_at = ?1 WHERE backfill_id = ?2 AND "
        "status IN ('waiting', 'working') AND stage != 'publishing'");
    SQLite::Statement rows(database,
                           "SELECT id FROM jobs WHERE backfill_id = ? AND status = 'cancelling'");
    rows.bind(1, id);
    std::vector<std::string> stop;
    while (rows.executeStep()) stop.push_back(rows.getColumn(0).getString());
    return stop;
  });
}

}  // namespace sluice
