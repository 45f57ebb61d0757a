#include "domain/schedule.h"

#include <array>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

constexpr std::array<std::pair<std::string_view, OverlapPolicy>, 4> kOverlaps = {{
    {"skip", OverlapPolicy::kSkip},
    {"queue", OverlapPolicy::kQueue},
    {"allow", OverlapPolicy::kAllow},
    {"replace", OverlapPolicy::kReplace},
}};
constexpr std::array<std::pair<std::string_view, CatchupPolicy>, 3> kCatchups = {{
    {"none", CatchupPolicy::kNone},
    {"latest", CatchupPolicy::kLatest},
    {"all", CatchupPolicy::kAll},
}};

constexpr unsigned kMostCatchup = 10'000;
constexpr std::chrono::seconds kMostJitter = std::chrono::days(1);

template <class Table, class Policy>
std::string_view name_in(const Table& table, Policy policy) {
  for (const auto& [name, value] : table) {
    if (value == policy) return name;
  }
  return "";
}

template <class Table>
auto parse_in(const Table& table, const char* parameter, std::string_view text) {
  const std::string lower = ascii_lower(trim(text));
  std::string names;
  for (const auto& [name, value] : table) {
    if (lower == name) return value;
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  throw Error(ErrorCode::kInvalid,
              std::string(parameter) + " can't be '" + std::string(text.substr(0, 80)) + "'.",
              "It is one of " + names + ".");
}

/// Nothing unless all of it is digits, nine at most.
std::optional<unsigned> whole_number(std::string_view text) {
  if (text.empty() || text.size() > 9) return std::nullopt;
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value;
}

}  // namespace

ScheduleTimes Schedule::times() const {
  return {CronExpression::parse(cron), TimeZone::find(timezone)};
}

std::string_view overlap_policy_name(OverlapPolicy policy) { return name_in(kOverlaps, policy); }

OverlapPolicy parse_overlap_policy(std::string_view text) {
  return parse_in(kOverlaps, "schedule_overlap", text);
}

std::string_view catchup_policy_name(CatchupPolicy policy) { return name_in(kCatchups, policy); }

CatchupPolicy parse_catchup_policy(std::string_view text) {
  return parse_in(kCatchups, "schedule_catchup", text);
}

unsigned parse_catchup_limit(std::string_view text) {
  const std::optional<unsigned> limit = whole_number(trim(text));
  if (limit && *limit >= 1 && *limit <= kMostCatchup) return *limit;
  throw Error(ErrorCode::kInvalid,
              "schedule_catchup_limit can't be '" + std::string(text.substr(0, 80)) + "'.",
              "It is a whole number from 1 to " + std::to_string(kMostCatchup) + ".");
}

std::chrono::seconds parse_jitter(std::string_view text) {
  std::string lower = ascii_lower(trim(text));
  unsigned unit = 1;
  if (!lower.empty()) {
    const char last = lower.back();
    if (last == 'm') unit = 60;
    if (last == 'h') unit = 3600;
    if (last == 's' || unit > 1) lower.pop_back();
  }
  const std::optional<unsigned> count = whole_number(lower);
  if (count && *count <= kMostJitter.count() / unit) return std::chrono::seconds(*count * unit);
  throw Error(ErrorCode::kInvalid,
              "schedule_jitter can't be '" + std::string(text.substr(0, 80)) + "'.",
              "It is a time up to a day: 90s, 15m or 1h.");
}

}  // namespace sluice
