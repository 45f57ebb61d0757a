#include "base/time_zone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace sluice {
namespace {

using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;
using testing::HasSubstr;

Timestamp at(std::string_view text) { return parse_timestamp(text).value(); }

LocalMinute local(std::string_view text) {
  return LocalMinute(minutes(0)) + std::chrono::floor<minutes>(at(text).time_since_epoch());
}

std::string first_moment(const std::string& zone, std::string_view time) {
  const auto moment = TimeZone::find(zone).first_moment_of(local(time));
  return moment ? format_timestamp(*moment).substr(0, 16) : "never";
}

std::string hint_for(const std::string& name) {
  try {
    TimeZone::find(name);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalid);
    return error.hint();
  }
  return "accepted";
}

TEST(TimeZone, NamesOfTheDatabaseInAnyCase) {
  EXPECT_EQ(TimeZone::find("Europe/Berlin").name(), "Europe/Berlin");
  EXPECT_EQ(TimeZone::find("europe/berlin").name(), "Europe/Berlin");
  EXPECT_EQ(TimeZone::find("US/Eastern").name(), "US/Eastern");
  for (const char* utc : {"", "UTC", "utc", "Etc/UTC", "Z"}) {
    EXPECT_EQ(TimeZone::find(utc).name(), "Etc/UTC");
  }
  EXPECT_THAT(hint_for("Europe/Berlim"), HasSubstr("Europe/Berlin"));
  EXPECT_THAT(hint_for("../../etc/passwd"), HasSubstr("IANA"));
  EXPECT_THAT(hint_for("nowhere at all"), HasSubstr("IANA"));
}

TEST(TimeZone, PeriodsMeet) {
  const TimeZone berlin = TimeZone::find("Europe/Berlin");
  const TimeZone::Period winter = berlin.period_at(at("2026-01-15 00:00:00"));
  EXPECT_EQ(winter.offset, hours(1));
  EXPECT_EQ(format_timestamp(winter.end), "2026-03-29 01:00:00.000000");
  const TimeZone::Period summer = berlin.period_at(winter.end);
  EXPECT_EQ(summer.offset, hours(2));
  EXPECT_EQ(summer.begin, winter.end);
  EXPECT_EQ(berlin.local_minute(at("2026-03-29 00:59:59")), local("2026-03-29 01:59:00"));
  EXPECT_EQ(berlin.local_minute(at("2026-03-29 01:00:00")), local("2026-03-29 03:00:00"));
}

TEST(TimeZone, TheFirstMomentOfALocalTime) {
  EXPECT_EQ(first_moment("Etc/UTC", "2026-03-29 02:30:00"), "2026-03-29 02:30");
  EXPECT_EQ(first_moment("Europe/Berlin", "2026-07-01 12:00:00"), "2026-07-01 10:00");
  // Left out: the first minute after the gap. Shown twice: the first time.
  EXPECT_EQ(first_moment("Europe/Berlin", "2026-03-29 02:30:00"), "2026-03-29 01:00");
  EXPECT_EQ(first_moment("Europe/Berlin", "2026-10-25 02:30:00"), "2026-10-25 00:30");
  // Samoa went from 29 to 31 December 2011.
  EXPECT_EQ(first_moment("Pacific/Apia", "2011-12-30 12:00:00"), "never");
  EXPECT_EQ(first_moment("Pacific/Apia", "2011-12-31 00:00:00"), "2011-12-30 10:00");
}

}  // namespace
}  // namespace sluice
