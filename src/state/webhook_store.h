#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "domain/webhook.h"
#include "state/state_database.h"

namespace sluice {

/// One message to one webhook, as the history keeps it.
struct WebhookDelivery {
  std::string id;
  std::string webhook_id;
  std::string event;
  std::string body;
  Timestamp created_at;
  int attempt = 0;                   ///< Times it was sent by now.
  std::optional<Timestamp> next_at;  ///< When it is sent next; absent: delivered, or given up.
  std::optional<Timestamp> delivered_at;
  int http_status = 0;  ///< Of the last answer; 0 where none came.
  std::string error;    ///< Of the last attempt; empty where it went well.
};

/// Webhooks, and what they are to be told. Their URLs and keys are sealed with `key` (32 bytes).
/// Thread-safe; every call is one transaction.
class WebhookStore {
 public:
  WebhookStore(StateDatabase& database, Secret key, Random& random)
      : database_(database), key_(std::move(key)), random_(random) {}

  /// Throws kTooMany when there are `most` already, kNotFound when the pipe was deleted meanwhile.
  void insert(const Webhook& webhook, size_t most);
  std::vector<Webhook> all();
  std::optional<Webhook> find(std::string_view id);
  /// With its deliveries. False if it was gone already.
  bool remove(const std::string& id);

  /// Those to be sent at `now` or before, the oldest first.
  std::vector<WebhookDelivery> due(Timestamp now, int limit);
  std::optional<Timestamp> next_due();
  /// Newest first.
  std::vector<WebhookDelivery> deliveries(const std::string& webhook_id, int limit);
  /// An attempt has ended, as `sent` says. Where it is to be repeated, the webhook's other
  /// deliveries wait until then too: they would meet the same receiver.
  void settle(const WebhookDelivery& sent);

 private:
  std::vector<Webhook> read_rows(SQLite::Statement& rows);

  StateDatabase& database_;
  Secret key_;
  Random& random_;
};

}  // namespace sluice
