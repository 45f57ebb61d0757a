#include "api/api.h"

#include <algorithm>

#include "api/access.h"
#include "api/errors.h"
#include "api/reply.h"
#include "api/route_docs.h"
#include "base/encoding.h"
#include "base/limits.h"
#include "base/log.h"

namespace sluice {
namespace {

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  // One slash at the end is ignored: clients ask for /v0/user/workspaces/ as well.
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  while (!path.empty()) {
    path.remove_prefix(1);
    const size_t slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash);
  }
  return segments;
}

/// Whether the segment stands for `{...}`, for `{...}.pipe` or for `{...}.{...}`; `names` gets what
/// is in the braces' place.
bool is_named(std::string_view want, std::string_view have, std::vector<std::string>& names) {
  std::string_view ending = want.substr(want.find('}') + 1);
  if (ending.starts_with(".{")) {
    const size_t dot = have.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == have.size()) return false;
    names.emplace_back(have.substr(0, dot));
    names.emplace_back(have.substr(dot + 1));
    return true;
  }
  if (have.size() <= ending.size() || !have.ends_with(ending)) return false;
  names.emplace_back(have.substr(0, have.size() - ending.size()));
  return true;
}

/// Whether the path has the pattern's form; `names` gets what stands for each `{...}`.
bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& names) {
  const auto want = segments_of(pattern);
  const auto have = segments_of(path);
  if (want.size() != have.size()) return false;
  names.clear();
  for (size_t i = 0; i < want.size(); ++i) {
    if (want[i].starts_with('{')) {
      if (!is_named(want[i], have[i], names)) return false;
    } else if (want[i] != have[i]) {
      return false;
    }
  }
  for (std::string& name : names) name = percent_decode(name, false);
  return true;
}

/// Clients ask for some routes as /v1/...; there is one version of each.
std::string path_of_first_version(const std::string& path) {
  return path.starts_with("/v1/") ? "/v0/" + path.substr(4) : path;
}

/// Null if there is none. Throws kInvalid for a path that is badly encoded.
const Route* find_route(const std::string& method, const std::string& path,
                        std::vector<std::string>& names) {
  for (const Route& route : route_table()) {
    if (route.method == method && matches(route.pattern, path_of_first_version(path), names)) {
      return &route;
    }
  }
  return nullptr;
}

bool is_plain_host(const std::string& host) {
  return !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == ':' || c == '[' || c == ']' || c == '_';
  });
}

/// What a client may know of its rate: the names that the public API uses, and those of the IETF's
/// draft-ietf-httpapi-ratelimit-headers-06.
void add_rate_headers(DoorResponse& response, const RateLimit::Verdict& rate) {
  if (rate.limit == 0) return;
  for (const char* prefix : {"X-RateLimit-", "RateLimit-"}) {
    const std::string name = prefix;
    response.headers.push_back({name + "Limit", std::to_string(rate.limit)});
    response.headers.push_back({name + "Remaining", std::to_string(rate.remaining)});
    response.headers.push_back({name + "Reset", std::to_string(rate.reset.count())});
  }
}

DoorResponse too_many(const ApiCall& call, const RateLimit::Verdict& rate) {
  const std::string seconds = std::to_string(rate.reset.count());
  DoorResponse response =
      error_response(Error(ErrorCode::kTooMany,
                           "The token '" + call.token.name + "' has made its " +
                               std::to_string(rate.limit) + " requests of this minute.",
                           "Wait " + seconds + " s, or start Sluice with a higher --rate-limit."),
                     call.base_url + "/docs");
  response.headers = {{"Retry-After", seconds}};
  return response;
}

/// Numbers and flags must be such wherever they stand, also where another place's wins.
void check_kinds(const Route& route, const Parameters& parameters) {
  for (const ParameterDoc& parameter : doc_of(route).parameters) {
    if (parameter.kind == "number") parameters.check_number(std::string(parameter.name));
    if (parameter.kind == "flag") parameters.check_flag(std::string(parameter.name));
  }
}

/// A path as it may be logged: a client may have put a token's value where its name belongs.
std::string loggable(const std::string& path) {
  const size_t at = path.find("/p.");
  return at == std::string::npos ? path : path.substr(0, at) + "/p.***";
}

}  // namespace

BodyRule Api::body_limit(const std::string& method, const std::string& path) {
  std::vector<std::string> names;
  try {
    if (const Route* route = find_route(method, path, names)) return route->body_limit;
  } catch (const Error&) {
    // A badly encoded path; `handle` says so.
  }
  return limits::kBodyBytes;
}

std::optional<DoorResponse> Api::refuse_body(const DoorRequest& request) const {
  const std::string documentation = base_url(request) + "/docs";
  try {
    std::vector<std::string> names;
    const Route* route = find_route(request.method, request.path, names);
    if (!route || route->scope == Scope::kOpen) return std::nullopt;
    ApiCall call{request, Parameters::of_query(request), std::move(names), {}, base_url(request)};
    call.token = who_calls(parts_, *route, call);
    check_access(parts_, *route, call);
    return std::nullopt;
  } catch (const Error& error) {
    return error_response(error, documentation);
  } catch (const std::exception& error) {
    log_error(std::string("Whether a body may come could not be told: ") + error.what());
    return error_response(
        Error(ErrorCode::kInternal, "Something unexpected failed in Sluice.", "Its log says more."),
        documentation);
  }
}

std::string Api::base_url(const DoorRequest& request) const {
  if (!parts_.public_url.empty()) return parts_.public_url;
  const std::string host = request.header("Host");
  return (parts_.https ? "https://" : "http://") + (is_plain_host(host) ? host : "localhost");
}

DoorResponse Api::call(const Route& route, const DoorRequest& request,
                       std::vector<std::string> names) const {
  ApiCall call{request, {}, std::move(names), {}, base_url(request)};
  if (route.scope == Scope::kOpen) return route.handle(parts_, call);
  // The token comes first: who has none learns nothing about the rest of the request.
  call.parameters = Parameters::of_query(request);
  call.token = who_calls(parts_, route, call);
  const RateLimit::Verdict rate = parts_.rate_limit.take(call.token.id);
  DoorResponse response = rate.allowed ? answer(route, call) : too_many(call, rate);
  add_rate_headers(response, rate);
  return response;
}

DoorResponse Api::answer(const Route& route, ApiCall& call) const {
  try {
    check_access(parts_, route, call);
    call.parameters.add_body(call.request, route.raw_fields, route.body_limit.as_it_came);
    check_kinds(route, call.parameters);
    return route.handle(parts_, call);
  } catch (const Error& error) {
    if (http_status(error.code()) >= 500) throw;
    return error_response(error, call.base_url + "/docs#" + operation_id(route));
  }
}

DoorResponse Api::dispatch(const DoorRequest& request) const {
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  const std::string path = path_of_first_version(request.path);
  std::string allowed;
  std::string_view pattern;  // The first that matches: `/{pipe}.pipe` stands before `/{pipe}`.
  std::vector<std::string> names;
  if (method == "GET" && request.path == "/health" && !ready_) {
    throw Error(ErrorCode::kBusy, "Sluice is stopping.", "Ask again after the restart.");
  }
  for (const Route& route : route_table()) {
    if (!pattern.empty() ? route.pattern != pattern : !matches(route.pattern, path, names))
      continue;
    pattern = route.pattern;
    if (route.method == method) return call(route, request, std::move(names));
    allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
  }
  if (allowed.empty()) {
    throw Error(ErrorCode::kNotFound, "There is no route " + request.path.substr(0, 200) + ".",
                "GET /docs shows all routes.");
  }
  DoorResponse response =
      error_response(Error(ErrorCode::kInvalid,
                           "The method " + request.method + " is not allowed on " +
                               request.path.substr(0, 200) + ".",
                           "Use one of: " + allowed + "."),
                     base_url(request) + "/docs");
  response.status = 405;
  response.headers.push_back({"Allow", allowed});
  return response;
}

DoorResponse Api::handle(const DoorRequest& request) const {
  const std::string id = parts_.random.hex(8);
  const std::string documentation = base_url(request) + "/docs";
  DoorResponse response;
  try {
    response = dispatch(request);
  } catch (const Error& error) {
    response = error_response(error, documentation);
    if (response.status >= 500) log_warn("Request " + id + " failed: " + error.what());
  } catch (const std::exception& error) {
    log_error("Request " + id + " failed unexpectedly: " + error.what());
    response = error_response(Error(ErrorCode::kInternal, "Something unexpected failed in Sluice.",
                                    "The log says more under the request id " + id + "."),
                              documentation);
  }
  response.headers.push_back({"X-Request-Id", id});
  log_debug(request.method + " " + loggable(request.path) + " -> " +
            std::to_string(response.status) + " (" + id + ")");
  return response;
}

}  // namespace sluice
