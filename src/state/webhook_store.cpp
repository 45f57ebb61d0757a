#include "state/webhook_store.h"

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "base/hash.h"
#include "state/row.h"

namespace sluice {
namespace {

using nlohmann::json;

constexpr size_t kNonceBytes = 12;
constexpr const char* kColumns =
    "SELECT webhooks.id, coalesce(pipe_id, ''), coalesce(pipes.name, ''), events, address, "
    "secrets, "
    "webhooks.created_at FROM webhooks LEFT JOIN pipes ON pipes.id = pipe_id ";
constexpr const char* kDeliveryColumns =
    "SELECT id, webhook_id, event, body, created_at, attempt, next_at, delivered_at, "
    "coalesce(http_status, 0), coalesce(error, '') FROM webhook_deliveries ";

std::vector<WebhookDelivery> read_deliveries(SQLite::Statement& rows) {
  std::vector<WebhookDelivery> deliveries;
  while (rows.executeStep()) {
    WebhookDelivery& delivery = deliveries.emplace_back();
    delivery.id = rows.getColumn(0).getString();
    delivery.webhook_id = rows.getColumn(1).getString();
    delivery.event = rows.getColumn(2).getString();
    delivery.body = rows.getColumn(3).getString();
    delivery.created_at = time_of(rows.getColumn(4));
    delivery.attempt = rows.getColumn(5).getInt();
    delivery.next_at = optional_time_of(rows.getColumn(6));
    delivery.delivered_at = optional_time_of(rows.getColumn(7));
    delivery.http_status = rows.getColumn(8).getInt();
    delivery.error = rows.getColumn(9).getString();
  }
  return deliveries;
}

json names_of(const std::set<WebhookEvent>& events) {
  json names = json::array();
  for (const WebhookEvent event : events) names.push_back(webhook_event_name(event));
  return names;
}

std::set<WebhookEvent> events_of(const std::string& stored) {
  std::set<WebhookEvent> events;
  for (const json& name : json::parse(stored)) {
    events.merge(parse_webhook_events(name.get<std::string>()));
  }
  return events;
}

}  // namespace

std::vector<Webhook> WebhookStore::read_rows(SQLite::Statement& rows) {
  std::vector<Webhook> webhooks;
  while (rows.executeStep()) {
    Webhook& webhook = webhooks.emplace_back();
    webhook.id = rows.getColumn(0).getString();
    webhook.pipe_id = rows.getColumn(1).getString();
    webhook.pipe_name = rows.getColumn(2).getString();
    webhook.events = events_of(rows.getColumn(3).getString());
    webhook.address = rows.getColumn(4).getString();
    const Secret opened = unseal(key_, rows.getColumn(5).getString(), webhook.id);
    const json box = json::parse(opened.reveal());
    webhook.url = Secret(box.at("url").get<std::string>());
    webhook.key = Secret(hex_decode(box.at("key").get<std::string>()).value_or(std::string()));
    webhook.created_at = time_of(rows.getColumn(6));
  }
  return webhooks;
}

void WebhookStore::insert(const Webhook& webhook, size_t most) {
  const Secret plain(
      json{{"url", webhook.url.reveal()}, {"key", hex_encode(webhook.key.reveal())}}.dump());
  const std::string box = seal(key_, random_.bytes(kNonceBytes), plain.reveal(), webhook.id);
  database_.write([&](SQLite::Database& database) {
    if (database.execAndGet("SELECT count(*) FROM webhooks").getInt64() >=
        static_cast<int64_t>(most)) {
      throw Error(ErrorCode::kTooMany,
                  "There are " + std::to_string(most) + " webhooks, as many as there may be.",
                  "Delete one: DELETE /v0/webhooks/{webhook}.");
    }
    SQLite::Statement insert(database,
                             "INSERT INTO webhooks (id, pipe_id, events, address, secrets, "
                             "created_at) VALUES (?, ?, ?, ?, ?, ?)");
    insert.bind(1, webhook.id);
    bind_optional(insert, 2,
                  webhook.pipe_id.empty() ? std::nullopt : std::optional(webhook.pipe_id));
    insert.bind(3, names_of(webhook.events).dump());
    insert.bind(4, webhook.address);
    insert.bind(5, box.data(), static_cast<int>(box.size()));
    insert.bind(6, format_timestamp(webhook.created_at));
    insert.exec();
  });
}

std::vector<Webhook> WebhookStore::all() {
  return database_.read([&](SQLite::Database& database) {
    SQLite::Statement rows(database, std::string(kColumns) + "ORDER BY webhooks.created_at, 1");
    return read_rows(rows);
  });
}

std::optional<Webhook> WebhookStore::find(std::string_view id) {
  return database_.read([&](SQLite::Database& database) -> std::optional<Webhook> {
    SQLite::Statement rows(database, std::string(kColumns) + "WHERE webhooks.id = ?");
    rows.bind(1, std::string(id));
    std::vector<Webhook> found = read_rows(rows);
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
  });
}

bool WebhookStore::remove(const std::string& id) {
  return database_.write([&](SQLite::Database& database) {
    SQLite::Statement remove(database, "DELETE FROM webhooks WHERE id = ?");
    remove.bind(1, id);
    return remove.exec() > 0;
  });
}

std::vector<WebhookDelivery> WebhookStore::due(Timestamp now, int limit) {
  return database_.read([&](SQLite::Database& database) {
    SQLite::Statement rows(database, std::string(kDeliveryColumns) +
                                         "WHERE next_at <= ? ORDER BY created_at, rowid LIMIT ?");
    rows.bind(1, format_timestamp(now));
    rows.bind(2, limit);
    return read_deliveries(rows);
  });
}

std::optional<Timestamp> WebhookStore::next_due() {
  return database_.read([](SQLite::Database& database) {
    SQLite::Statement row(database,
                          "SELECT min(next_at) FROM webhook_deliveries WHERE next_at IS NOT NULL");
    row.executeStep();
    return optional_time_of(row.getColumn(0));
  });
}

std::vector<WebhookDelivery> WebhookStore::deliveries(const std::string& webhook_id, int limit) {
  return database_.read([&](SQLite::Database& database) {
    SQLite::Statement rows(database, std::string(kDeliveryColumns) +
                                         "WHERE webhook_id = ? ORDER BY created_at DESC, rowid "
                                         "DESC LIMIT ?");
    rows.bind(1, webhook_id);
    rows.bind(2, limit);
    return read_deliveries(rows);
  });
}

void WebhookStore::settle(const WebhookDelivery& sent) {
  database_.write([&](SQLite::Database& database) {
    SQLite::Statement update(database,
                             "UPDATE webhook_deliveries SET attempt = ?, next_at = ?, delivered_at "
                             "= ?, http_status = ?, "
                             "error = ? WHERE id = ?");
    update.bind(1, sent.attempt);
    bind_optional(update, 2, sent.next_at);
    bind_optional(update, 3, sent.delivered_at);
    if (sent.http_status != 0) update.bind(4, sent.http_status);
    bind_optional(update, 5, sent.error.empty() ? std::nullopt : std::optional(sent.error));
    update.bind(6, sent.id);
    update.exec();
    if (!sent.next_at) return;
    SQLite::Statement others(database,
                             "UPDATE webhook_deliveries SET next_at = ?1 WHERE webhook_id = ?2 AND "
                             "next_at < ?1");
    others.bind(1, format_timestamp(*sent.next_at));
    others.bind(2, sent.webhook_id);
    others.exec();
  });
}

}  // namespace sluice
