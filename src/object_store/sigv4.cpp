#include "object_store/sigv4.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>

#include "base/encoding.h"
#include "base/hash.h"

namespace sluice::sigv4 {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

/// Leading and trailing space goes, runs of space inside become one, also across lines.
std::string collapse(std::string_view value) {
  std::string out;
  for (char c : trim(value)) {
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
    if (!space) {
      out += c;
    } else if (!out.ends_with(' ')) {
      out += ' ';
    }
  }
  return out;
}

/// Values of a header that comes several times are joined by commas, in order.
std::map<std::string, std::string> canonical_headers(const Request& request) {
  std::map<std::string, std::string> headers;
  for (const HttpHeader& header : request.headers) {
    auto [entry, is_new] = headers.try_emplace(ascii_lower(header.name));
    if (!is_new) entry->second += ',';
    entry->second += collapse(header.value);
  }
  return headers;
}

/// RFC 3986, section 5.2.4, and empty segments removed as well.
std::string normalise(std::string_view path) {
  std::vector<std::string_view> kept;
  size_t begin = 0;
  while (begin < path.size()) {
    const size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view segment = path.substr(begin, end - begin);
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!segment.empty() && segment != ".") {
      kept.push_back(segment);
    }
    begin = end + 1;
  }
  std::string out;
  for (std::string_view segment : kept) out.append("/").append(segment);
  if (out.empty() || path.ends_with('/')) out += '/';
  return out;
}

std::string canonical_uri(const std::string& path, PathMode mode) {
  if (path.empty()) return "/";
  if (mode == PathMode::kS3) return path;
  return percent_encode_path(mode == PathMode::kGeneral ? normalise(path) : path);
}

/// What the sender meant: %XX resolved, all else as it is.
std::string decode(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    std::optional<std::string> byte;
    if (text[i] == '%' && i + 2 < text.size()) byte = hex_decode(text.substr(i + 1, 2));
    if (byte) {
      out += *byte;
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// Parameters encoded alike and sorted by encoded name, then value.
std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  size_t begin = 0;
  while (begin < query.size()) {
    const size_t end = std::min(query.find('&', begin), query.size());
    const std::string_view pair = query.substr(begin, end - begin);
    begin = end + 1;
    if (pair.empty()) continue;
    const size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view value = equals < pair.size() ? pair.substr(equals + 1) : "";
    parameters.emplace_back(percent_encode(decode(pair.substr(0, equals))),
                            percent_encode(decode(value)));
  }
  std::sort(parameters.begin(), parameters.end());
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out += '&';
    out.append(name).append("=").append(value);
  }
  return out;
}

std::string scope_text(const Scope& scope) {
  return scope.amz_date.substr(0, 8) + "/" + scope.region + "/" + scope.service + "/aws4_request";
}

}  // namespace

std::string amz_date(Timestamp time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  char text[64];
  std::snprintf(text, sizeof text, "%04d%02u%02uT%02ld%02ld%02ldZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<long>(clock.hours().count()),
                static_cast<long>(clock.minutes().count()),
                static_cast<long>(clock.seconds().count()));
  return text;
}

std::string signed_headers(const Request& request) {
  std::string out;
  for (const auto& [name, value] : canonical_headers(request)) {
    if (!out.empty()) out += ';';
    out += name;
  }
  return out;
}

std::string canonical_request(const Request& request, PathMode mode) {
  std::string out = request.method + "\n" + canonical_uri(request.path, mode) + "\n" +
                    canonical_query(request.query) + "\n";
  for (const auto& [name, value] : canonical_headers(request)) {
    out.append(name).append(":").append(value).append("\n");
  }
  return out + "\n" + signed_headers(request) + "\n" + request.payload_hash;
}

std::string string_to_sign(const Scope& scope, std::string_view canonical_request) {
  return std::string(kAlgorithm) + "\n" + scope.amz_date + "\n" + scope_text(scope) + "\n" +
         hex_encode(sha256(canonical_request));
}

Secret signing_key(const Secret& secret_key, const Scope& scope) {
  const Secret start("AWS4" + secret_key.reveal());
  const Secret day(hmac_sha256(start.reveal(), scope.amz_date.substr(0, 8)));
  const Secret region(hmac_sha256(day.reveal(), scope.region));
  const Secret service(hmac_sha256(region.reveal(), scope.service));
  return Secret(hmac_sha256(service.reveal(), "aws4_request"));
}

std::string signature(const Secret& signing_key, std::string_view string_to_sign) {
  return hex_encode(hmac_sha256(signing_key.reveal(), string_to_sign));
}

std::string authorization(const Request& request, const StoreCredentials& credentials,
                          const Scope& scope, PathMode mode) {
  const std::string to_sign = string_to_sign(scope, canonical_request(request, mode));
  return std::string(kAlgorithm) + " Credential=" + credentials.access_key + "/" +
         scope_text(scope) + ", SignedHeaders=" + signed_headers(request) +
         ", Signature=" + signature(signing_key(credentials.secret_key, scope), to_sign);
}

}  // namespace sluice::sigv4
