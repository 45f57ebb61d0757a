#include "domain/connection.h"

#include <array>

#include "base/encoding.h"
#include "base/error.h"
#include "domain/name.h"

namespace sluice {
namespace {

struct Parameter {
  std::string_view name;
  bool secret;
  bool required;
};

constexpr std::array<Parameter, 7> kS3 = {{{"s3_access_key_id", true, true},
                                           {"s3_secret_access_key", true, true},
                                           {"s3_session_token", true, false},
                                           {"s3_region", false, true},
                                           {"s3_endpoint", false, false},
                                           {"s3_path_style", false, false},
                                           {"s3_provider", false, false}}};
constexpr std::array<Parameter, 1> kLocal = {{{"root", false, false}}};

[[noreturn]] void invalid(std::string message, std::string hint) {
  throw Error(ErrorCode::kInvalid, std::move(message), std::move(hint));
}

void check_endpoint(const std::string& endpoint) {
  std::string_view rest = endpoint;
  bool ok = rest.starts_with("https://") || rest.starts_with("http://");
  if (ok) rest.remove_prefix(rest.find("//") + 2);
  const size_t end = rest.find('/');
  ok = ok && !rest.empty() && end != 0 && (end == std::string_view::npos || end + 1 == rest.size());
  for (char c : rest) ok = ok && c > ' ' && c < 0x7f && c != '@' && c != '?' && c != '#';
  if (!ok) {
    invalid("The endpoint '" + endpoint + "' is not a base address.",
            "Give scheme, host and port only, for example https://s3.example.com:9000.");
  }
}

void check_key(const Connection& connection, const std::string& name) {
  const std::string& value = connection.secrets.at(name).reveal();
  for (char c : value) {
    if (c <= ' ' || c >= 0x7f) {
      invalid("The parameter " + name + " holds a space, a control or a non-ASCII character.",
              "Paste the key again without line breaks and quotes.");
    }
  }
}

void check_flag(Connection& connection, const std::string& name) {
  auto found = connection.settings.find(name);
  if (found == connection.settings.end()) return;
  const std::string value = ascii_lower(found->second);
  if (value == "true" || value == "1") {
    found->second = "true";
  } else if (value == "false" || value == "0") {
    found->second = "false";
  } else {
    invalid("The parameter " + name + " is '" + found->second + "'.", "Use true or false.");
  }
}

void check_provider(Connection& connection) {
  auto found = connection.settings.find("s3_provider");
  if (found == connection.settings.end()) return;
  const std::string name = ascii_lower(trim(found->second));
  std::string all;
  for (const std::string_view known : kS3Providers) {
    if (name == known) {
      found->second = name;
      return;
    }
    all += (all.empty() ? "" : ", ") + std::string(known);
  }
  invalid("The provider '" + found->second + "' is not known.",
          "Use one of: " + all + "; or leave s3_provider out: the endpoint tells it.");
}

void check_s3(Connection& connection) {
  check_region(connection.setting("s3_region"));
  std::string& endpoint = connection.settings["s3_endpoint"];
  if (endpoint.empty()) {
    connection.settings.erase("s3_endpoint");
  } else {
    check_endpoint(endpoint);
    if (endpoint.back() == '/') endpoint.pop_back();
  }
  for (const auto& [name, value] : connection.secrets) check_key(connection, name);
  check_flag(connection, "s3_path_style");
  check_provider(connection);
}

void check_local(Connection& connection) {
  std::string& root = connection.settings["root"];
  if (root.empty()) root = connection.name;
  const bool ok = root != "." && root != ".." && !root.starts_with('.') && root.size() <= 128 &&
                  root.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos &&
                  is_utf8(root);
  bool printable = true;
  for (char c : root) printable = printable && static_cast<unsigned char>(c) >= ' ' && c != 0x7f;
  if (!ok || !printable) {
    invalid("The root '" + root + "' is not one folder name.",
            "Give a plain name without slashes and not starting with a dot; the folder is made "
            "under the server's --local-root.");
  }
}

template <size_t N>
void fill(Connection& connection, const std::array<Parameter, N>& known,
          const std::map<std::string, std::string>& parameters) {
  for (const auto& [name, value] : parameters) {
    const Parameter* match = nullptr;
    std::string all;
    for (const Parameter& parameter : known) {
      if (parameter.name == name) match = &parameter;
      all += (all.empty() ? "" : ", ") + std::string(parameter.name);
    }
    if (match == nullptr) {
      invalid("The parameter '" + name + "' is not one of a connection of service " +
                  std::string(service_name(connection.service)) + ".",
              "It takes: " + all + ".");
    }
    if (value.empty()) continue;
    if (match->secret) {
      connection.secrets.emplace(name, Secret(value));
    } else {
      connection.settings[name] = value;
    }
  }
  for (const Parameter& parameter : known) {
    const std::string name(parameter.name);
    if (parameter.required && !connection.settings.contains(name) &&
        !connection.secrets.contains(name)) {
      invalid("The parameter " + name + " is missing.",
              "A connection of service " + std::string(service_name(connection.service)) +
                  " needs it.");
    }
  }
}

}  // namespace

std::string Connection::setting(const std::string& key) const {
  auto found = settings.find(key);
  return found == settings.end() ? std::string() : found->second;
}

void check_region(const std::string& region) {
  bool ok = !region.empty() && region.size() <= 64;
  for (char c : region) ok = ok && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
  if (!ok) {
    invalid("The region name '" + region + "' is invalid.",
            "Use the store's region, for example us-east-1; it has lower-case letters, digits and "
            "hyphens only.");
  }
}

Service parse_service(std::string_view text) {
  const std::string name = ascii_lower(trim(text));
  if (name == "s3") return Service::kS3;
  if (name == "local") return Service::kLocal;
  invalid("The service '" + std::string(text) + "' is not known.", "Use one of: s3, local.");
}

std::string_view service_name(Service service) {
  switch (service) {
    case Service::kS3:
      return "s3";
    case Service::kLocal:
      return "local";
  }
  return "local";
}

Connection make_connection(Service service, std::string name,
                           const std::map<std::string, std::string>& parameters) {
  check_connection_name(name);
  Connection connection;
  connection.service = service;
  connection.name = std::move(name);
  switch (service) {
    case Service::kS3:
      fill(connection, kS3, parameters);
      check_s3(connection);
      break;
    case Service::kLocal:
      fill(connection, kLocal, parameters);
      check_local(connection);
      break;
  }
  return connection;
}

}  // namespace sluice
