#include "domain/name.h"

#include <array>
#include <string>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"

namespace sluice {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// SQL words that a bare reference to the name could not stand for.
constexpr std::array<std::string_view, 26> kReserved = {
    "select", "from", "where", "group",  "order",     "by",    "limit", "join", "on",
    "and",    "or",   "not",   "union",  "intersect", "table", "main",  "temp", "as",
    "in",     "is",   "null",  "having", "values",    "case",  "with",  "set"};

Error bad_name(std::string_view kind, std::string_view name, const std::string& rule) {
  std::string shown(name.substr(0, limits::kNameBytes));
  return {ErrorCode::kInvalid, "The " + std::string(kind) + " name '" + shown + "' is not allowed.",
          rule};
}

}  // namespace

void check_name(std::string_view kind, std::string_view name) {
  bool ok = !name.empty() && name.size() <= limits::kNameBytes && is_letter(name.front());
  for (char c : name) ok = ok && (is_letter(c) || is_digit(c));
  if (!ok) {
    throw bad_name(kind, name,
                   "Use letters, digits and underscores, not starting with a digit, at most " +
                       std::to_string(limits::kNameBytes) + " characters.");
  }
  const std::string lower = ascii_lower(name);
  for (std::string_view word : kReserved) {
    if (lower == word) throw bad_name(kind, name, "It is a word of SQL; choose another name.");
  }
  if (lower.starts_with("sqlite_")) {
    throw bad_name(kind, name, "Names that start with sqlite_ belong to SQLite.");
  }
}

void check_connection_name(std::string_view name) {
  bool ok = !name.empty() && name.size() <= limits::kNameBytes &&
            (is_letter(name.front()) || is_digit(name.front())) && name.back() != ' ';
  for (char c : name) {
    ok = ok && (is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == ' ');
  }
  if (!ok) {
    throw bad_name("connection", name,
                   "Start with a letter, a digit or an underscore; letters, digits, '_', '-', '.' "
                   "and spaces may follow, at most " +
                       std::to_string(limits::kNameBytes) + " characters.");
  }
}

}  // namespace sluice
