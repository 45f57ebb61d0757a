#pragma once

#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/secret.h"

namespace sluice {

/// What a webhook can be told of.
enum class WebhookEvent {
  kDone,       ///< A job is done.
  kError,      ///< A job ended with an error.
  kRecovered,  ///< A job is done, and the one of its pipe that ended before had failed.
  kMissed,     ///< Times of a schedule brought no run of their own.
};
inline constexpr std::array kWebhookEvents = {WebhookEvent::kDone, WebhookEvent::kError,
                                              WebhookEvent::kRecovered, WebhookEvent::kMissed};

/// An address that is told of events by POST, signed (docs/webhooks.md).
struct Webhook {
  std::string id;
  std::string pipe_id;    ///< Empty: of every pipe.
  std::string pipe_name;  ///< As it is now.
  std::set<WebhookEvent> events;
  std::string address;  ///< Scheme and host of the URL: all that is shown of it.
  Secret url;           ///< Secret as a whole: many services put a key into the path.
  Secret key;           ///< Of its signatures: 32 bytes.
  Timestamp created_at;
};

std::string_view webhook_event_name(WebhookEvent event);
/// Names with commas between them, each once or more; throws kInvalid that lists what can be.
std::set<WebhookEvent> parse_webhook_events(std::string_view text);

/// Scheme and host of an http or https URL. Throws kInvalid for anything else, and for a user name
/// in it.
std::string webhook_address(std::string_view url);

/// The three headers that a receiver checks, as the Standard Webhooks specification 1.0.0 has them
/// (standardwebhooks.com): `webhook-id`, `webhook-timestamp` (`now`, in seconds) and
/// `webhook-signature`, `v1,` and the base64 of HMAC-SHA256 over id, timestamp and body with dots
/// between.
struct WebhookHeaders {
  std::string id;
  std::string timestamp;
  std::string signature;
};
WebhookHeaders sign_webhook(const Secret& key, const std::string& id, Timestamp now,
                            std::string_view body);

/// The key in the form that receivers are given: `whsec_` and its base64.
Secret shown_webhook_key(const Secret& key);

}  // namespace sluice
