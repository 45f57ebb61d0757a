#include <charconv>
#include <nlohmann/json.hpp>

#include "api/handlers.h"
#include "api/reply.h"
#include "api/views.h"
#include "base/error.h"

namespace sluice {
namespace {

using nlohmann::json;

/// A scope in JSON: `"PIPES:READ:flights"`, or `{"type": "PIPES:READ", "resource": "flights"}` as
/// answers and clients write it.
std::string scope_of(const std::string& text) {
  if (!text.starts_with('{')) return text;
  const json object = json::parse(text, nullptr, false);
  if (object.is_discarded()) {
    throw Error(ErrorCode::kInvalid, "A scope begins with '{' but is no JSON.",
                "Write PIPES:READ:name, or an object with 'type' and 'resource'.");
  }
  auto field = [&](const char* name) {
    auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto fixed = object.find("fixed_params");
  if (fixed != object.end() && !fixed->empty()) {
    throw Error(ErrorCode::kInvalid, "A scope has 'fixed_params'.",
                "They do not exist here; leave them out.");
  }
  std::string scope = field("type");
  for (const char* name : {"resource", "filter"}) {
    if (!field(name).empty()) scope += ":" + field(name);
  }
  return scope;
}

std::optional<Timestamp> expiry_of(const Parameters& parameters) {
  const std::optional<std::string> text = parameters.text("expires_at");
  if (text && !text->empty()) {
    std::optional<Timestamp> time = parse_timestamp(*text);
    if (time) return time;
    throw Error(ErrorCode::kInvalid,
                "The parameter 'expires_at' is '" + text->substr(0, 100) + "'.",
                "Write a time in UTC as 2027-01-31 08:30:00.");
  }
  const std::optional<std::string> unix_time = parameters.text("expiration_time");
  if (!unix_time || unix_time->empty()) return std::nullopt;
  constexpr int64_t kLatest = 253402300799;  // The end of the year 9999.
  int64_t seconds = 0;
  const char* end = unix_time->data() + unix_time->size();
  const auto [last, failed] = std::from_chars(unix_time->data(), end, seconds);
  if (failed != std::errc() || last != end || seconds < 0 || seconds > kLatest) {
    throw Error(ErrorCode::kInvalid,
                "The parameter 'expiration_time' is '" + unix_time->substr(0, 100) + "'.",
                "Write seconds since 1970, or a time in UTC as expires_at.");
  }
  return Timestamp{std::chrono::seconds(seconds)};
}

TokenSpec spec_of(const Parameters& parameters) {
  // `origin` and `resource_id` tell where a client took the token from; nothing depends on it.
  parameters.refuse_others({"name", "description", "scope", "scopes", "expires_at",
                            "expiration_time", "origin", "resource_id"});
  TokenSpec spec;
  spec.description = parameters.text("description");
  std::vector<std::string> scopes = parameters.texts("scope");
  for (const std::string& scope : parameters.texts("scopes")) scopes.push_back(scope);
  for (std::string& scope : scopes) scope = scope_of(scope);
  if (!scopes.empty()) spec.scopes = std::move(scopes);
  spec.expires_at = expiry_of(parameters);
  return spec;
}

}  // namespace

DoorResponse list_tokens(const ApiParts& parts, const ApiCall&) {
  json tokens = json::array();
  for (const Token& token : parts.tokens.all()) tokens.push_back(token_view(token));
  return reply({{"tokens", tokens}});
}

DoorResponse create_token(const ApiParts& parts, const ApiCall& call) {
  const TokenSpec spec = spec_of(call.parameters);
  const std::string name = call.parameters.required("name", "Name the token.");
  const NewToken made = parts.tokens.create(call.token, name, spec);
  return reply(token_view(made.token, made.value));
}

DoorResponse get_token(const ApiParts& parts, const ApiCall& call) {
  return reply(token_view(parts.tokens.get(call.names[0])));
}

DoorResponse change_token(const ApiParts& parts, const ApiCall& call) {
  const TokenSpec spec = spec_of(call.parameters);
  return reply(token_view(parts.tokens.change(call.token, call.names[0], spec)));
}

DoorResponse refresh_token(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({});
  const NewToken fresh = parts.tokens.refresh(call.token, call.names[0]);
  return reply(token_view(fresh.token, fresh.value));
}

DoorResponse delete_token(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({});
  parts.tokens.remove(call.token, call.names[0]);
  return reply_nothing();
}

}  // namespace sluice
