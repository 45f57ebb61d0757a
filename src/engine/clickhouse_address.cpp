#include "engine/clickhouse_address.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "domain/name.h"

namespace sluice {
namespace {

constexpr const char* kExample =
    "Write for example --clickhouse ch=http://user:password@host:8123/database.";

/// The text itself may hold a password and is not shown.
Error malformed(const std::string& name, const std::string& what) {
  return {ErrorCode::kInvalid, "--clickhouse " + name + ": " + what + ".", kExample};
}

std::string decoded(std::string_view text, const std::string& name) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const auto byte = hex_decode(text.substr(i + 1, 2));
    if (!byte || byte->size() != 1) throw malformed(name, "a % is not followed by two hex digits");
    out += *byte;
    i += 2;
  }
  return out;
}

bool is_host(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view(".-_:[]").find(c) != std::string_view::npos;
  });
}

void add_hosts(ClickhouseCluster& cluster, const std::string& scheme, std::string_view hosts) {
  const std::string port = scheme == "https" ? ":8443" : ":8123";
  while (true) {
    const size_t comma = hosts.find(',');
    const std::string_view host = hosts.substr(0, comma);
    if (!is_host(host)) throw malformed(cluster.name, "a host is missing or malformed");
    const bool has_port = host.find(':', host.rfind(']') + 1) != std::string_view::npos;
    cluster.origins.push_back(scheme + "://" + std::string(host) + (has_port ? "" : port));
    if (comma == std::string_view::npos) return;
    hosts.remove_prefix(comma + 1);
  }
}

void add_user(ClickhouseCluster& cluster, std::string_view user) {
  const size_t colon = user.find(':');
  cluster.user = decoded(user.substr(0, colon), cluster.name);
  if (colon == std::string_view::npos) return;
  cluster.password = Secret(decoded(user.substr(colon + 1), cluster.name));
}

}  // namespace

ClickhouseCluster parse_clickhouse_cluster(std::string_view text) {
  const size_t equals = text.find('=');
  const size_t scheme_end = text.find("://");
  if (equals == std::string_view::npos || scheme_end == std::string_view::npos ||
      scheme_end < equals) {
    throw Error(ErrorCode::kInvalid, "--clickhouse is not NAME=URL.", kExample);
  }
  ClickhouseCluster cluster;
  cluster.name = text.substr(0, equals);
  check_name("--clickhouse", cluster.name);
  if (ascii_lower(cluster.name) == "sqlite") {
    throw Error(ErrorCode::kInvalid, "--clickhouse sqlite: that is the embedded engine's name.",
                "Give the cluster another name.");
  }
  const std::string scheme = ascii_lower(text.substr(equals + 1, scheme_end - equals - 1));
  if (scheme != "http" && scheme != "https") {
    throw malformed(cluster.name, "the address begins neither with http:// nor with https://");
  }
  std::string_view rest = text.substr(scheme_end + 3);
  const size_t slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  const size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    add_user(cluster, authority.substr(0, at));
    authority.remove_prefix(at + 1);
  }
  add_hosts(cluster, scheme, authority);
  if (slash == std::string_view::npos) return cluster;
  cluster.database = decoded(rest.substr(slash + 1), cluster.name);
  if (cluster.database.find_first_of("/?#") != std::string::npos) {
    throw malformed(cluster.name, "behind the database stands something more");
  }
  return cluster;
}

}  // namespace sluice
