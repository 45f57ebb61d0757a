#include "base/time_zone.h"

#include <date/tz.h>

#include <algorithm>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"
#include "base/nearest.h"

namespace sluice {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Timestamp kBegin = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
constexpr Timestamp kEnd = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1);

/// The library knows transitions, not the rule behind them. Files that end with the last change of
/// the rule ("slim") would so be read without any summer time: better no answer than a wrong one.
bool tells_summer_of_2036() {
  using namespace std::chrono_literals;
  const date::time_zone* zone = date::locate_zone("America/New_York");
  const auto winter = zone->get_info(date::sys_days(date::year(2036) / 1 / 15)).offset;
  const auto summer = zone->get_info(date::sys_days(date::year(2036) / 7 / 15)).offset;
  return summer - winter == 1h;
}

const date::tzdb& zones() {
  try {
    const date::tzdb& database = date::get_tzdb();
    static const bool usable = tells_summer_of_2036();
    if (usable) return database;
  } catch (const std::exception& error) {
    throw Error(ErrorCode::kUnavailable,
                std::string("The time zones of this machine can't be read: ") + error.what() + ".",
                "Install the package tzdata, or keep the schedule in Etc/UTC.");
  }
  throw Error(ErrorCode::kUnavailable,
              "The time zone files of this machine hold no transitions after the last rule.",
              "Install tzdata in its full form (zic -b fat, as Debian's is), or keep the schedule "
              "in Etc/UTC.");
}

std::optional<std::string> real_name(const date::tzdb& database, std::string_view name) {
  const std::string wanted = ascii_lower(name);
  for (const date::time_zone& zone : database.zones) {
    if (ascii_lower(zone.name()) == wanted) return zone.name();
  }
  return std::nullopt;
}

std::string nearest_zone(const date::tzdb& database, std::string_view name) {
  std::vector<std::string> names;
  for (const date::time_zone& zone : database.zones) names.push_back(zone.name());
  const std::optional<std::string> nearest = nearest_of(name, names);
  return nearest ? "Did you mean " + *nearest + "?"
                 : "Use a name of the IANA Time Zone Database, for example Europe/Berlin.";
}

Timestamp timestamp_of(date::sys_seconds time) {
  return std::clamp(Timestamp(time.time_since_epoch()), kBegin, kEnd);
}

}  // namespace

TimeZone TimeZone::find(std::string_view name) {
  TimeZone zone;
  const std::string lower = ascii_lower(trim(name));
  if (lower.empty() || lower == "etc/utc" || lower == "utc" || lower == "z") return zone;
  const date::tzdb& database = zones();
  const std::optional<std::string> found = real_name(database, lower);
  if (!found) {
    throw Error(ErrorCode::kInvalid,
                "There is no time zone '" + std::string(name.substr(0, 80)) + "'.",
                nearest_zone(database, lower));
  }
  zone.name_ = *found;
  zone.zone_ = date::locate_zone(*found);
  return zone;
}

TimeZone::Period TimeZone::period_at(Timestamp time) const {
  if (zone_ == nullptr) return {kBegin, kEnd, seconds(0)};
  const date::sys_info info =
      zone_->get_info(date::sys_seconds(std::chrono::floor<seconds>(time.time_since_epoch())));
  return {timestamp_of(info.begin), timestamp_of(info.end), info.offset};
}

std::optional<Timestamp> TimeZone::first_moment_of(LocalMinute local) const {
  if (zone_ == nullptr) return Timestamp(local.time_since_epoch());
  const date::local_info info =
      zone_->get_info(date::local_seconds(seconds(local.time_since_epoch())));
  if (info.result != date::local_info::nonexistent) {
    return Timestamp(local.time_since_epoch() - info.first.offset);
  }
  const auto gap_begin = info.first.end.time_since_epoch() + info.first.offset;
  const auto gap_end = info.second.begin.time_since_epoch() + info.second.offset;
  const auto day = std::chrono::floor<days>(local).time_since_epoch();
  if (gap_begin <= day && day + days(1) <= gap_end) return std::nullopt;
  return Timestamp(std::chrono::ceil<minutes>(info.second.begin.time_since_epoch()));
}

LocalMinute TimeZone::local_minute(Timestamp time) const {
  return LocalMinute(std::chrono::floor<minutes>(time.time_since_epoch() + period_at(time).offset));
}

}  // namespace sluice
