#include "state/webhook_rows.h"

#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "domain/webhook.h"
#include "state/row.h"

namespace sluice {
namespace {

using nlohmann::json;

constexpr size_t kNonceBytes = 12;

json time_or_null(const std::optional<Timestamp>& time) {
  return time ? json(format_timestamp(*time)) : json();
}

json text_or_null(const std::string& text) { return text.empty() ? json() : json(text); }

/// A row for each webhook that is told of such events of the pipe.
void note(SQLite::Database& database, WebhookEvent event, const std::string& pipe_id,
          const json& data, Timestamp now) {
  const std::string name(webhook_event_name(event));
  SQLite::Statement insert(
      database,
      "INSERT INTO webhook_deliveries (id, webhook_id, event, body, created_at, next_at) "
      "SELECT 'msg_' || lower(hex(randomblob(16))), id, ?1, ?2, ?3, ?3 FROM webhooks WHERE "
      "(pipe_id IS NULL OR pipe_id = ?4) AND EXISTS (SELECT 1 FROM json_each(events) WHERE value = "
      "?1)");
  insert.bind(1, name);
  insert.bind(
      2, json{{"type", "sink." + name}, {"timestamp", format_timestamp(now)}, {"data", data}}.dump(
             -1, ' ', false, json::error_handler_t::replace));
  insert.bind(3, format_timestamp(now));
  insert.bind(4, pipe_id);
  insert.exec();
}

bool has_webhooks(SQLite::Database& database) {
  SQLite::Statement any(database, "SELECT 1 FROM webhooks LIMIT 1");
  return any.executeStep();
}

/// Whether the job of the pipe before this one had failed; cancelled ones say nothing.
bool had_failed(SQLite::Database& database, const Job& job) {
  SQLite::Statement before(database,
                           "SELECT status FROM jobs WHERE pipe_id = ? AND id != ? AND status IN "
                           "('done', 'error') ORDER BY created_at DESC LIMIT 1");
  before.bind(1, job.pipe_id);
  before.bind(2, job.id);
  return before.executeStep() && before.getColumn(0).getString() == "error";
}

json job_data(const Job& job, Timestamp now) {
  return {{"job_id", job.id},
          {"pipe", {{"id", job.pipe_id}, {"name", job.pipe_name}}},
          {"status", job_status_name(job.status)},
          {"triggered_by", job_trigger_name(job.trigger)},
          {"scheduled_at", time_or_null(job.scheduled_at)},
          {"interval_start", job.interval ? json(format_timestamp(job.interval->begin)) : json()},
          {"interval_end", job.interval ? json(format_timestamp(job.interval->end)) : json()},
          {"created_at", format_timestamp(job.created_at)},
          {"started_at", time_or_null(job.started_at)},
          {"finished_at", format_timestamp(now)},
          {"attempts", job.attempt},
          {"rows", job.figures.rows},
          {"bytes", job.figures.bytes},
          {"files", job.figures.files},
          {"error", text_or_null(job.error)},
          {"error_code", text_or_null(job.error_code)}};
}

}  // namespace

void note_job_event(SQLite::Database& database, const Job& job, Timestamp now) {
  const bool done = job.status == JobStatus::kDone;
  if ((!done && job.status != JobStatus::kError) || !has_webhooks(database)) return;
  const json data = job_data(job, now);
  note(database, done ? WebhookEvent::kDone : WebhookEvent::kError, job.pipe_id, data, now);
  if (done && had_failed(database, job)) {
    note(database, WebhookEvent::kRecovered, job.pipe_id, data, now);
  }
}

void note_missed_event(SQLite::Database& database, const PipeName& pipe, const MissedRuns& runs,
                       const std::string& covered_by, Timestamp now) {
  if (!has_webhooks(database)) return;
  note(database, WebhookEvent::kMissed, pipe.id,
       {{"pipe", {{"id", pipe.id}, {"name", pipe.name}}},
        {"first_at", format_timestamp(runs.first)},
        {"last_at", format_timestamp(runs.last)},
        {"runs", runs.count},
        {"reason", missed_reason_name(runs.reason)},
        {"covered_by", text_or_null(covered_by)}},
       now);
}

void reseal_webhooks(SQLite::Database& database, const Secret& old_key, const Secret& new_key,
                     Random& random) {
  SQLite::Statement rows(database, "SELECT id, secrets FROM webhooks");
  SQLite::Statement update(database, "UPDATE webhooks SET secrets = ? WHERE id = ?");
  while (rows.executeStep()) {
    const std::string id = rows.getColumn(0).getString();
    const Secret plain = unseal(old_key, rows.getColumn(1).getString(), id);
    const std::string box = seal(new_key, random.bytes(kNonceBytes), plain.reveal(), id);
    update.reset();
    update.bind(1, box.data(), static_cast<int>(box.size()));
    update.bind(2, id);
    update.exec();
  }
}

std::optional<SealedBox> any_sealed_webhook(SQLite::Database& database) {
  SQLite::Statement row(database, "SELECT id, secrets FROM webhooks LIMIT 1");
  if (!row.executeStep()) return std::nullopt;
  return SealedBox{row.getColumn(0).getString(), row.getColumn(1).getString()};
}

}  // namespace sluice
