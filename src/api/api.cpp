#include "api/api.h"

#include <algorithm>

#include "api/errors.h"
#include "api/reply.h"
#include "base/encoding.h"
#include "base/limits.h"
#include "base/log.h"

namespace sluice {
namespace {

constexpr std::string_view kBearer = "bearer ";

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const size_t slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash);
  }
  return segments;
}

/// Whether the path has the pattern's form; `names` gets what stands for each `{...}`.
bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& names) {
  const auto want = segments_of(pattern);
  const auto have = segments_of(path);
  if (want.size() != have.size()) return false;
  names.clear();
  for (size_t i = 0; i < want.size(); ++i) {
    if (want[i].starts_with('{')) {
      if (have[i].empty()) return false;
      names.emplace_back(have[i]);
    } else if (want[i] != have[i]) {
      return false;
    }
  }
  for (std::string& name : names) name = percent_decode(name, false);
  return true;
}

std::string scope_text(const Route& route, const std::vector<std::string>& names) {
  if (route.scope == Scope::kRunPipe) return "ADMIN or PIPES:READ:" + names.front();
  return "ADMIN";
}

bool is_plain_host(const std::string& host) {
  return !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == ':' || c == '[' || c == ']' || c == '_';
  });
}

std::string token_value(const ApiCall& call) {
  const std::string header = call.request.header("Authorization");
  if (ascii_lower(header.substr(0, kBearer.size())) == kBearer) {
    return std::string(trim(std::string_view(header).substr(kBearer.size())));
  }
  return call.parameters.text("token").value_or("");
}

}  // namespace

size_t Api::body_limit(const std::string& method, const std::string& path) {
  std::vector<std::string> names;
  try {
    for (const Route& route : route_table()) {
      if (route.method == method && matches(route.pattern, path, names)) return route.body_limit;
    }
  } catch (const Error&) {
    // A badly encoded path; `handle` says so.
  }
  return limits::kBodyBytes;
}

Token Api::authorize(const Route& route, const ApiCall& call) const {
  const std::string value = token_value(call);
  if (value.empty()) {
    throw Error(ErrorCode::kForbidden, "The call has no token.",
                "It needs one with the scope " + scope_text(route, call.names) +
                    ": send it as 'Authorization: Bearer <token>'.");
  }
  std::optional<Token> token = parts_.tokens.find(Secret(value));
  if (!token) {
    throw Error(ErrorCode::kForbidden, "The token is not known.",
                "Use one with the scope " + scope_text(route, call.names) +
                    "; the admin token stands in the data folder's admin.token.");
  }
  if (token->is_admin()) return *token;
  throw Error(ErrorCode::kForbidden,
              "The token '" + token->name + "' has not the right to do this.",
              "It needs the scope " + scope_text(route, call.names) + ".");
}

DoorResponse Api::call(const Route& route, const DoorRequest& request,
                       std::vector<std::string> names) const {
  std::string host = request.header("Host");
  if (!is_plain_host(host)) host = "localhost";
  ApiCall call{request, {}, std::move(names), {}, parts_.public_url};
  if (call.base_url.empty()) call.base_url = "http://" + host;
  if (route.scope == Scope::kOpen) return route.handle(parts_, call);
  // The token comes first: who has none learns nothing about the rest of the request.
  call.parameters = Parameters::of_query(request);
  call.token = authorize(route, call);
  call.parameters.add_body(request, route.raw_fields);
  return route.handle(parts_, call);
}

DoorResponse Api::dispatch(const DoorRequest& request) const {
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  std::string allowed;
  std::vector<std::string> names;
  if (method == "GET" && request.path == "/health" && !ready_) {
    throw Error(ErrorCode::kBusy, "Sluice is stopping.", "Ask again after the restart.");
  }
  for (const Route& route : route_table()) {
    if (!matches(route.pattern, request.path, names)) continue;
    if (route.method == method) return call(route, request, std::move(names));
    allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
  }
  if (allowed.empty()) {
    throw Error(ErrorCode::kNotFound, "There is no route " + request.path.substr(0, 200) + ".",
                "The README lists all routes.");
  }
  DoorResponse response = error_response(Error(
      ErrorCode::kInvalid,
      "The method " + request.method + " is not allowed on " + request.path.substr(0, 200) + ".",
      "Use one of: " + allowed + "."));
  response.status = 405;
  response.headers.push_back({"Allow", allowed});
  return response;
}

DoorResponse Api::handle(const DoorRequest& request) const {
  const std::string id = parts_.random.hex(8);
  DoorResponse response;
  try {
    response = dispatch(request);
  } catch (const Error& error) {
    response = error_response(error);
    if (response.status >= 500) log_warn("Request " + id + " failed: " + error.what());
  } catch (const std::exception& error) {
    log_error("Request " + id + " failed unexpectedly: " + error.what());
    response = error_response(Error(ErrorCode::kInternal, "Something unexpected failed in Sluice.",
                                    "The log says more under the request id " + id + "."));
  }
  response.headers.push_back({"X-Request-Id", id});
  log_debug(request.method + " " + request.path + " -> " + std::to_string(response.status) + " (" +
            id + ")");
  return response;
}

}  // namespace sluice
