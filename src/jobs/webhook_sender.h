#pragma once

#include <functional>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/random.h"
#include "net/http_client.h"
#include "state/webhook_store.h"

namespace sluice {

/// Sends what webhooks are to be told, each until its receiver takes it with 2xx, at longer and
/// longer pauses, and gives up after about a day (docs/webhooks.md). A crash while one is being
/// sent sends it again, under the same id. Thread-safe.
class WebhookSender {
 public:
  WebhookSender(WebhookStore& webhooks, HttpClient& http, Clock& clock, Random& random)
      : webhooks_(webhooks), http_(http), clock_(clock), random_(random) {}

  /// The step of the loop: sends what is due, and says how many were; each is settled, whatever
  /// comes of it.
  size_t send_due(const std::stop_token& stop);
  /// One message that is not kept, now: what came of it.
  struct Outcome {
    int http_status = 0;  ///< 0: no answer.
    std::string error;    ///< Empty: taken.
  };
  Outcome send(const Webhook& webhook, const std::string& id, const std::string& body,
               const std::stop_token& stop);

  void start();
  /// Returns when the thread has ended.
  void stop();

 private:
  void loop(const std::stop_token& stop);
  /// False when the receiver did not take it.
  bool deliver(WebhookDelivery delivery, const std::stop_token& stop);

  WebhookStore& webhooks_;
  HttpClient& http_;
  Clock& clock_;
  Random& random_;
  std::jthread thread_;
};

}  // namespace sluice
