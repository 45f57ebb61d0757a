#include "domain/webhook.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/hash.h"

namespace sluice {
namespace {

constexpr size_t kUrlBytes = 2000;

Error bad_url(const std::string& why) {
  return Error(ErrorCode::kInvalid, "The parameter 'url' " + why,
               "Give an address as https://hooks.example.com/path.");
}

}  // namespace

std::string_view webhook_event_name(WebhookEvent event) {
  switch (event) {
    case WebhookEvent::kDone:
      return "done";
    case WebhookEvent::kError:
      return "error";
    case WebhookEvent::kRecovered:
      return "recovered";
    case WebhookEvent::kMissed:
      return "missed";
  }
  return "";
}

std::set<WebhookEvent> parse_webhook_events(std::string_view text) {
  std::set<WebhookEvent> events;
  while (!text.empty()) {
    const size_t comma = text.find(',');
    const std::string name = ascii_lower(trim(text.substr(0, comma)));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    const auto* found = std::find_if(kWebhookEvents.begin(), kWebhookEvents.end(),
                                     [&](auto event) { return webhook_event_name(event) == name; });
    if (found == kWebhookEvents.end()) {
      throw Error(ErrorCode::kInvalid, "There is no event '" + name.substr(0, 100) + "'.",
                  "Use some of: done, error, recovered, missed; with commas between them.");
    }
    events.insert(*found);
  }
  return events;
}

std::string webhook_address(std::string_view url) {
  if (url.size() > kUrlBytes) throw bad_url("has more than 2,000 bytes.");
  const bool plain =
      std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (!plain) throw bad_url("has spaces or characters that are not ASCII.");
  const size_t scheme = url.find("://");
  const std::string_view name = scheme == std::string_view::npos ? "" : url.substr(0, scheme);
  if (name != "http" && name != "https") throw bad_url("does not begin with https:// or http://.");
  const std::string_view rest = url.substr(scheme + 3);
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  if (host.empty()) throw bad_url("names no host.");
  if (host.find('@') != std::string_view::npos) throw bad_url("has a user name in it.");
  return std::string(url.substr(0, scheme + 3 + host.size()));
}

WebhookHeaders sign_webhook(const Secret& key, const std::string& id, Timestamp now,
                            std::string_view body) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  WebhookHeaders headers{id, std::to_string(seconds), {}};
  std::string message = id + "." + headers.timestamp + ".";
  message.append(body);
  headers.signature = "v1," + base64_encode(hmac_sha256(key.reveal(), message));
  return headers;
}

Secret shown_webhook_key(const Secret& key) {
  return Secret("whsec_" + base64_encode(key.reveal()));
}

}  // namespace sluice
