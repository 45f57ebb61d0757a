#include "object_store/google_token.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "base/hash_rsa.h"
#include "object_store/fault_text.h"
#include "object_store/retry.h"

namespace sluice {
namespace {

using nlohmann::json;

constexpr const char* kScope = "https://www.googleapis.com/auth/devstorage.read_write";
constexpr const char* kGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// The longest Google allows.
constexpr std::chrono::seconds kAssertionLifetime{3600};
constexpr std::chrono::seconds kTimeout{30};

int64_t unix_seconds(Timestamp time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::string text_of(const json& body, const char* name) {
  const auto found = body.is_object() ? body.find(name) : body.end();
  return found != body.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// RFC 6749, section 5.2.
Error refusal(const GoogleAccount& account, const HttpResponse& response) {
  const json body = json::parse(response.body, nullptr, false);
  std::string text = "Google gave no token for " + account.client_email + ": ";
  const std::string code = one_line(text_of(body, "error"));
  text += code.empty() ? "HTTP " + std::to_string(response.status) : code;
  const std::string why = one_line(text_of(body, "error_description"));
  if (!why.empty()) text += ", " + why;
  if (!text.ends_with('.')) text += '.';
  if (response.status == 429 || response.status >= 500 || response.status == 200) {
    return {ErrorCode::kUnavailable, text, "The service has trouble or throttles: try later."};
  }
  return {ErrorCode::kUnauthenticated, text,
          "Check that the account and its key exist and are enabled, and this machine's clock."};
}

/// Nothing where the answer does not say it: then the store will, by refusing the token.
std::optional<Timestamp> end_of(const json& answer, Timestamp now) {
  const auto seconds = answer.find("expires_in");
  if (seconds == answer.end() || !seconds->is_number_integer()) return std::nullopt;
  return now + std::chrono::seconds(seconds->get<int64_t>());
}

Refreshed<Secret>::Issued ask(const GoogleAccount& account, HttpClient& http, Clock& clock,
                              Random& random, const std::stop_token& stop) {
  Retry retry(clock, random, stop);
  while (true) {
    std::optional<Error> failure;
    const std::string body = "grant_type=" + percent_encode(kGrant) +
                             "&assertion=" + google_assertion(account, clock.now());
    try {
      HttpRequest request;
      request.method = "POST";
      request.url = account.token_uri;
      request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                         {"Accept", "application/json"}};
      request.body = body;
      request.body_size = body.size();
      request.timeout = kTimeout;
      request.stop = stop;
      const HttpResponse response = http.send(request);
      const json answer = json::parse(response.body, nullptr, false);
      const std::string token = text_of(answer, "access_token");
      if (response.status == 200 && !token.empty()) {
        return {Secret(token), end_of(answer, clock.now())};
      }
      failure = refusal(account, response);
    } catch (const Error& error) {
      failure = error.within("Asking Google for a token of " + account.client_email);
    }
    const bool heals =
        failure->code() == ErrorCode::kUnavailable || failure->code() == ErrorCode::kTimeout;
    if (!heals || !retry.again()) throw Error(*failure);
  }
}

}  // namespace

std::string google_assertion(const GoogleAccount& account, Timestamp now) {
  json header = {{"alg", "RS256"}, {"typ", "JWT"}};
  if (!account.private_key_id.empty()) header["kid"] = account.private_key_id;
  const json claims = {{"iss", account.client_email},
                       {"scope", kScope},
                       {"aud", account.token_uri},
                       {"iat", unix_seconds(now)},
                       {"exp", unix_seconds(now + kAssertionLifetime)}};
  const std::string text = base64url_encode(header.dump()) + "." + base64url_encode(claims.dump());
  return text + "." + base64url_encode(rsa_sha256_signature(account.private_key, text));
}

GoogleTokens::GoogleTokens(GoogleAccount account, HttpClient& http, Clock& clock, Random& random)
    : tokens_(std::make_shared<Refreshed<Secret>>(
          [account = std::move(account), &http, &clock, &random](const std::stop_token& stop) {
            return ask(account, http, clock, random, stop);
          },
          clock)) {}

void GoogleTokens::renew(const Secret& refused) {
  tokens_->forget([&](const Secret& current) { return current.reveal() == refused.reveal(); });
}

}  // namespace sluice
