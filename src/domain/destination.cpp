#include "domain/destination.h"

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"

namespace sluice {
namespace {

constexpr std::string_view kLocalScheme = "local://";
constexpr std::string_view kSchemes[] = {"s3://", "gs://", kLocalScheme};

Error bad_path(std::string_view path, const std::string& why, const std::string& hint) {
  return {ErrorCode::kInvalid, "The path '" + std::string(path.substr(0, 300)) + "' " + why, hint};
}

void check_bucket(std::string_view path, std::string_view bucket) {
  bool ok = bucket.size() >= 3 && bucket.size() <= 63;
  for (char c : bucket) {
    ok = ok && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                c == '-' || c == '.' || c == '_');
  }
  if (!ok || bucket.find("..") != std::string_view::npos) {
    throw bad_path(path, "has no valid bucket name.",
                   "Write s3://bucket/prefix or gs://bucket/prefix; a bucket name has 3 to 63 "
                   "letters, digits, hyphens "
                   "and dots.");
  }
}

void check_prefix(std::string_view path, std::string_view prefix) {
  if (!is_utf8(prefix)) throw bad_path(path, "is not UTF-8.", "Encode it as UTF-8.");
  if (prefix.size() > limits::kKeyBytes) {
    throw bad_path(path, "is too long.",
                   "Object keys have at most " + std::to_string(limits::kKeyBytes) + " bytes.");
  }
  for (char c : prefix) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f || c == '\\') {
      throw bad_path(path, "holds a control character or a backslash.", "Remove it.");
    }
  }
  while (true) {
    const size_t slash = prefix.find('/');
    const std::string_view segment = prefix.substr(0, slash);
    if (segment == "." || segment == ".." || (segment.empty() && slash != std::string_view::npos)) {
      throw bad_path(path, "has an empty, '.' or '..' segment.",
                     "Name the folder directly, so that files stay inside it.");
    }
    if (slash == std::string_view::npos) return;
    prefix.remove_prefix(slash + 1);
  }
}

std::string_view scheme_of(std::string_view path) {
  for (const std::string_view scheme : kSchemes) {
    if (path.starts_with(scheme)) return scheme;
  }
  throw bad_path(path, "has no known scheme.",
                 "Write s3://bucket/prefix, gs://bucket/prefix or local://prefix.");
}

std::string_view strip_slashes(std::string_view text) {
  while (text.starts_with('/')) text.remove_prefix(1);
  while (text.ends_with('/')) text.remove_suffix(1);
  return text;
}

}  // namespace

Destination parse_destination(std::string_view path, const Connection& connection) {
  Destination destination;
  destination.service = connection.service;
  const std::string_view scheme = scheme_of(path);
  std::string_view rest = path.substr(scheme.size());
  if (scheme != kLocalScheme) {
    const size_t slash = rest.find('/');
    destination.bucket = std::string(rest.substr(0, slash));
    check_bucket(path, destination.bucket);
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
  }
  const std::string_view expected = service_scheme(connection.service);
  if (scheme != expected) {
    throw bad_path(path,
                   "does not match the connection '" + connection.name + "' of service " +
                       std::string(service_name(connection.service)) + ".",
                   "Use a path that starts with " + std::string(expected) + ".");
  }
  rest = strip_slashes(rest);
  check_prefix(path, rest);
  destination.prefix = std::string(rest);
  return destination;
}

}  // namespace sluice
