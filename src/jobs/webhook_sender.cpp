#include "jobs/webhook_sender.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/error.h"
#include "base/log.h"

namespace sluice {
namespace {

using std::chrono::seconds;

constexpr seconds kTimeout{15};
constexpr int kAtOnce = 50;
/// Between two looks for something new to send.
constexpr seconds kLookEvery{1};
/// Before the second attempt, the third...; after the last one it is given up.
constexpr std::array kPauses = {seconds(5),     seconds(30),    seconds(120),
                                seconds(600),   seconds(1800),  seconds(3600),
                                seconds(10800), seconds(21600), seconds(43200)};

/// Up to a tenth longer, so that many do not come back at once.
std::chrono::microseconds with_jitter(seconds pause, Random& random) {
  const std::chrono::microseconds exact = pause;
  return exact + std::chrono::microseconds(random.below(static_cast<uint64_t>(exact.count() / 10)));
}

}  // namespace

WebhookSender::Outcome WebhookSender::send(const Webhook& webhook, const std::string& id,
                                           const std::string& body, const std::stop_token& stop) {
  const WebhookHeaders signature = sign_webhook(webhook.key, id, clock_.now(), body);
  HttpRequest request;
  request.method = "POST";
  request.url = webhook.url.reveal();
  request.headers = {{"Content-Type", "application/json"},
                     {"User-Agent", "sluice"},
                     {"webhook-id", signature.id},
                     {"webhook-timestamp", signature.timestamp},
                     {"webhook-signature", signature.signature}};
  request.body = body;
  request.timeout = kTimeout;
  request.stop = stop;
  try {
    const int status = http_.send(request).status;
    if (status / 100 == 2) return {status, {}};
    return {status, "The receiver answered " + std::to_string(status) + "."};
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled) throw;
    return {0, error.what()};
  }
}

bool WebhookSender::deliver(WebhookDelivery delivery, const std::stop_token& stop) {
  const std::optional<Webhook> webhook = webhooks_.find(delivery.webhook_id);
  if (!webhook) return true;  // Deleted meanwhile, and the delivery with it.
  const Outcome outcome = send(*webhook, delivery.id, delivery.body, stop);
  const Timestamp now = clock_.now();
  const auto failures = static_cast<size_t>(delivery.attempt++);
  delivery.http_status = outcome.http_status;
  delivery.error = outcome.error;
  delivery.next_at = std::nullopt;
  if (outcome.error.empty()) {
    delivery.delivered_at = now;
  } else if (failures < kPauses.size()) {
    delivery.next_at = now + with_jitter(kPauses[failures], random_);
  } else {
    log_warn("The webhook " + webhook->id + " (" + webhook->address + ") was not told of " +
             delivery.event + ", message " + delivery.id + ": " + outcome.error);
  }
  webhooks_.settle(delivery);
  return outcome.error.empty();
}

size_t WebhookSender::send_due(const std::stop_token& stop) {
  size_t sent = 0;
  std::set<std::string> failing;
  for (const WebhookDelivery& delivery : webhooks_.due(clock_.now(), kAtOnce)) {
    if (stop.stop_requested()) break;
    if (failing.contains(delivery.webhook_id)) continue;
    // Its others were put off with it.
    if (!deliver(delivery, stop)) failing.insert(delivery.webhook_id);
    ++sent;
  }
  return sent;
}

void WebhookSender::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { loop(stop); });
}

void WebhookSender::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void WebhookSender::loop(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    try {
      if (send_due(stop) > 0) continue;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kCancelled) {
        log_error(std::string("Webhooks can't be told: ") + error.what());
      }
    } catch (const std::exception& error) {
      log_error(std::string("Webhooks can't be told: ") + error.what());
    }
    clock_.sleep(kLookEvery, stop);
  }
}

}  // namespace sluice
