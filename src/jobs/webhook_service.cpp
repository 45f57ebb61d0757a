#include "jobs/webhook_service.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/limits.h"

namespace sluice {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kIdDigitBytes = 12;
constexpr int kDeliveriesShown = 100;

}  // namespace

Webhook WebhookService::create(const PipeName& pipe, const std::string& url,
                               std::string_view events) {
  Webhook webhook;
  webhook.id = "wh_" + random_.hex(kIdDigitBytes);
  webhook.pipe_id = pipe.id;
  webhook.pipe_name = pipe.name;
  webhook.address = webhook_address(url);
  webhook.events = parse_webhook_events(events);
  if (webhook.events.empty()) webhook.events = parse_webhook_events("error,recovered,missed");
  webhook.url = Secret(url);
  webhook.key = Secret(random_.bytes(kKeyBytes));
  webhook.created_at = clock_.now();
  webhooks_.insert(webhook, limits::kWebhooks);
  return webhook;
}

Webhook WebhookService::get(std::string_view id) {
  std::optional<Webhook> webhook = webhooks_.find(id);
  if (!webhook) {
    throw Error(ErrorCode::kNotFound,
                "There is no webhook '" + std::string(id.substr(0, 100)) + "'.",
                "GET /v0/webhooks lists the webhooks there are.");
  }
  return std::move(*webhook);
}

std::vector<WebhookDelivery> WebhookService::deliveries(const Webhook& webhook) {
  return webhooks_.deliveries(webhook.id, kDeliveriesShown);
}

void WebhookService::remove(std::string_view id) { webhooks_.remove(get(id).id); }

WebhookSender::Outcome WebhookService::test(const Webhook& webhook, const std::stop_token& stop) {
  const nlohmann::json body = {{"type", "sink.test"},
                               {"timestamp", format_timestamp(clock_.now())},
                               {"data", {{"webhook", webhook.id}}}};
  return sender_.send(webhook, "msg_" + random_.hex(16), body.dump(), stop);
}

}  // namespace sluice
