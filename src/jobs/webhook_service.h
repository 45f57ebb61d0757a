#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "domain/pipe.h"
#include "jobs/webhook_sender.h"
#include "state/webhook_store.h"

namespace sluice {

/// Webhooks as callers see them. Thread-safe.
class WebhookService {
 public:
  WebhookService(WebhookStore& webhooks, WebhookSender& sender, Clock& clock, Random& random)
      : webhooks_(webhooks), sender_(sender), clock_(clock), random_(random) {}

  /// With a new key. `pipe` may be empty names: of every pipe. Throws kInvalid for the URL or the
  /// events, kTooMany.
  Webhook create(const PipeName& pipe, const std::string& url, std::string_view events);
  std::vector<Webhook> list() { return webhooks_.all(); }
  /// Throws kNotFound.
  Webhook get(std::string_view id);
  std::vector<WebhookDelivery> deliveries(const Webhook& webhook);
  void remove(std::string_view id);
  /// Sends one message of the type `sink.test`, once, and waits for what comes of it.
  WebhookSender::Outcome test(const Webhook& webhook, const std::stop_token& stop);

 private:
  WebhookStore& webhooks_;
  WebhookSender& sender_;
  Clock& clock_;
  Random& random_;
};

}  // namespace sluice
