#include <nlohmann/json.hpp>

#include "api/handlers.h"
#include "api/reply.h"
#include "base/error.h"

namespace sluice {
namespace {

using nlohmann::json;

json text_or_null(const std::string& text) { return text.empty() ? json() : json(text); }
json time_or_null(const std::optional<Timestamp>& time) {
  return time ? json(format_timestamp(*time)) : json();
}

/// `key` is shown once, to whoever made the webhook.
json webhook_view(const Webhook& webhook, const Secret& key = {}) {
  json events = json::array();
  for (const WebhookEvent event : webhook.events) events.push_back(webhook_event_name(event));
  return {{"id", webhook.id},
          {"url", webhook.address + "/***"},
          {"events", events},
          {"pipe", webhook.pipe_id.empty()
                       ? json()
                       : json{{"id", webhook.pipe_id}, {"name", webhook.pipe_name}}},
          {"secret", key.empty() ? json() : json(shown_webhook_key(key).reveal())},
          {"created_at", format_timestamp(webhook.created_at)}};
}

const char* status_of(const WebhookDelivery& delivery) {
  if (delivery.delivered_at) return "delivered";
  return delivery.next_at ? "waiting" : "failed";
}

json delivery_view(const WebhookDelivery& delivery) {
  return {{"id", delivery.id},
          {"event", delivery.event},
          {"status", status_of(delivery)},
          {"created_at", format_timestamp(delivery.created_at)},
          {"attempts", delivery.attempt},
          {"next_at", time_or_null(delivery.next_at)},
          {"delivered_at", time_or_null(delivery.delivered_at)},
          {"http_status", delivery.http_status == 0 ? json() : json(delivery.http_status)},
          {"error", text_or_null(delivery.error)}};
}

}  // namespace

DoorResponse create_webhook(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({"url", "events", "pipe"});
  const std::optional<std::string> url = call.parameters.text("url");
  if (!url) {
    throw Error(ErrorCode::kInvalid, "The parameter 'url' is missing.",
                "Give the address that is to be told, as https://hooks.example.com/path.");
  }
  PipeName pipe;
  if (const std::optional<std::string> name = call.parameters.text("pipe")) {
    const Pipe found = parts.pipes.get(*name);
    pipe = {found.id, found.name};
  }
  const Webhook webhook =
      parts.webhooks.create(pipe, *url, call.parameters.text("events").value_or(""));
  return reply(webhook_view(webhook, webhook.key));
}

DoorResponse list_webhooks(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({});
  json list = json::array();
  for (const Webhook& webhook : parts.webhooks.list()) list.push_back(webhook_view(webhook));
  return reply({{"webhooks", list}});
}

DoorResponse get_webhook(const ApiParts& parts, const ApiCall& call) {
  const Webhook webhook = parts.webhooks.get(call.names[0]);
  json view = webhook_view(webhook);
  view["deliveries"] = json::array();
  for (const WebhookDelivery& delivery : parts.webhooks.deliveries(webhook)) {
    view["deliveries"].push_back(delivery_view(delivery));
  }
  return reply(view);
}

DoorResponse delete_webhook(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({});
  parts.webhooks.remove(call.names[0]);
  return reply_nothing();
}

DoorResponse test_webhook(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({});
  const Webhook webhook = parts.webhooks.get(call.names[0]);
  const WebhookSender::Outcome outcome = parts.webhooks.test(webhook, call.request.stop);
  return reply({{"ok", outcome.error.empty()},
                {"http_status", outcome.http_status == 0 ? json() : json(outcome.http_status)},
                {"error", text_or_null(outcome.error)}});
}

}  // namespace sluice
