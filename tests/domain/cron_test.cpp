#include "domain/cron.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "base/error.h"

namespace sluice {
namespace {

using std::chrono::minutes;
using testing::HasSubstr;

Timestamp at(std::string_view text) { return parse_timestamp(text).value(); }

std::string next(std::string_view cron, std::string_view after) {
  const auto found = CronExpression::parse(cron).next_after(at(after));
  return found ? format_timestamp(*found).substr(0, 16) : "never";
}

std::string failure(std::string_view cron) {
  try {
    CronExpression::parse(cron);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalid);
    return error.what();
  }
  return "accepted";
}

TEST(Cron, NextIsStrictlyAfter) {
  EXPECT_EQ(next("* * * * *", "2026-11-23 08:30:00"), "2026-11-23 08:31");
  EXPECT_EQ(next("* * * * *", "2026-11-23 08:30:59.999999"), "2026-11-23 08:31");
  EXPECT_EQ(next("30 8 * * *", "2026-11-23 08:29:59.999999"), "2026-11-23 08:30");
  EXPECT_EQ(next("30 8 * * *", "2026-11-23 08:30:00"), "2026-11-24 08:30");
  EXPECT_EQ(next("0 */1 * * *", "2026-11-23 23:00:00"), "2026-11-24 00:00");
}

TEST(Cron, ListsRangesAndSteps) {
  EXPECT_EQ(next("5,35 * * * *", "2026-11-23 08:06:00"), "2026-11-23 08:35");
  EXPECT_EQ(next("10-40/15 * * * *", "2026-11-23 08:11:00"), "2026-11-23 08:25");
  EXPECT_EQ(next("10-40/15 * * * *", "2026-11-23 08:40:00"), "2026-11-23 09:10");
  EXPECT_EQ(next("20/15 * * * *", "2026-11-23 08:36:00"), "2026-11-23 08:50");
  EXPECT_EQ(next("0 */24 * * *", "2026-11-23 08:36:00"), "2026-11-24 00:00");
  EXPECT_EQ(next("0 0 1-7,15 2 *", "2026-02-08 00:00:00"), "2026-02-15 00:00");
}

TEST(Cron, NamesAndSunday) {
  // 23 November 2026 is a Monday.
  EXPECT_EQ(next("0 0 * jan *", "2026-11-23 08:00:00"), "2027-01-01 00:00");
  EXPECT_EQ(next("0 0 * * WED", "2026-11-23 08:00:00"), "2026-11-25 00:00");
  EXPECT_EQ(next("0 0 * * 7", "2026-11-23 08:00:00"), "2026-11-29 00:00");
  EXPECT_EQ(next("0 0 * * 0", "2026-11-23 08:00:00"), "2026-11-29 00:00");
  EXPECT_EQ(next("0 0 * * FRI-SUN", "2026-11-28 08:00:00"), "2026-11-29 00:00");
  EXPECT_EQ(next("0 0 * * 5-7", "2026-11-23 08:00:00"), "2026-11-27 00:00");
}

TEST(Cron, BothDayFields) {
  EXPECT_EQ(next("0 0 25 * FRI", "2026-11-23 00:00:00"), "2026-11-25 00:00");
  EXPECT_EQ(next("0 0 25 * FRI", "2026-11-25 00:00:00"), "2026-11-27 00:00");
  // A field that begins with a star is unrestricted: both have to match.
  EXPECT_EQ(next("0 0 */2 * MON", "2026-11-23 00:00:00"), "2026-12-07 00:00");
  EXPECT_EQ(next("0 0 13 * */5", "2026-11-23 00:00:00"), "2026-12-13 00:00");
}

TEST(Cron, LeapDays) {
  EXPECT_EQ(next("0 0 29 2 *", "2026-11-23 00:00:00"), "2028-02-29 00:00");
  EXPECT_EQ(next("0 0 29 2 *", "2096-03-01 00:00:00"), "2104-02-29 00:00");
  EXPECT_EQ(next("0 0 31 * *", "2026-11-23 00:00:00"), "2026-12-31 00:00");
  EXPECT_EQ(next("59 23 31 12 *", "2026-12-31 23:59:00"), "2027-12-31 23:59");
}

TEST(Cron, Macros) {
  const std::string start = "2026-11-23 08:30:00";
  EXPECT_EQ(next("@hourly", start), "2026-11-23 09:00");
  EXPECT_EQ(next("@daily", start), "2026-11-24 00:00");
  EXPECT_EQ(next("@midnight", start), "2026-11-24 00:00");
  EXPECT_EQ(next("@weekly", start), "2026-11-29 00:00");
  EXPECT_EQ(next("@MONTHLY", start), "2026-12-01 00:00");
  EXPECT_EQ(next("@yearly", start), "2027-01-01 00:00");
  EXPECT_EQ(next("@annually", start), "2027-01-01 00:00");
}

TEST(Cron, TextIsKeptAsGiven) {
  EXPECT_EQ(CronExpression::parse("  0  */1 * * MON\t").text(), "0  */1 * * MON");
  EXPECT_EQ(CronExpression::parse("@Daily").text(), "@Daily");
}

TEST(Cron, RefusalsNameTheFieldAndWhatIsAllowed) {
  EXPECT_THAT(failure("60 * * * *"), HasSubstr("minute field"));
  EXPECT_THAT(failure("60 * * * *"), HasSubstr("0-59"));
  EXPECT_THAT(failure("* 24 * * *"), HasSubstr("hour field"));
  EXPECT_THAT(failure("* * 0 * *"), HasSubstr("day-of-month field"));
  EXPECT_THAT(failure("* * * 13 *"), HasSubstr("month field"));
  EXPECT_THAT(failure("* * * foo *"), HasSubstr("JAN-DEC"));
  EXPECT_THAT(failure("* * * * 8"), HasSubstr("day-of-week field"));
  EXPECT_THAT(failure("*/0 * * * *"), HasSubstr("step from 1 to 60"));
  EXPECT_THAT(failure("*/90 * * * *"), HasSubstr("step from 1 to 60"));
  EXPECT_THAT(failure("* 22-2 * * *"), HasSubstr("split it in two"));
  EXPECT_THAT(failure("@fortnightly"), HasSubstr("@hourly"));
  for (const char* bad : {"", "* * * *", "* * * * * *", "1, * * * *", ",1 * * * *", "1--2 * * * *",
                          "-1 * * * *", "*1 * * * *", "1/ * * * *", "/2 * * * *", "1-2/3/4 * * * *",
                          "mon * * * *", "99999999999 * * * *", "\xff * * * *", "* * ? * *"}) {
    EXPECT_NE(failure(bad), "accepted") << bad;
  }
  EXPECT_NE(failure(std::string(100000, '*')), "accepted");
}

TEST(Cron, ImpossibleDatesAreRefused) {
  for (const char* bad : {"0 0 30 2 *", "0 0 31 2,4,6,9,11 *", "0 0 31 feb */2"}) {
    EXPECT_THAT(failure(bad), HasSubstr("never comes")) << bad;
  }
  // The weekday alone makes these possible.
  EXPECT_EQ(next("0 0 30 2 MON", "2026-01-01 00:00:00"), "2026-02-02 00:00");
}

TEST(Cron, EndsOfTime) {
  EXPECT_EQ(next("0 0 1 1 *", "9999-01-01 00:00:00"), "never");
  const CronExpression every = CronExpression::parse("* * * * *");
  EXPECT_FALSE(every.next_after(Timestamp::max()));
  EXPECT_TRUE(every.next_after(Timestamp::min()));
}

TEST(Cron, Requests) {
  for (const char* none : {"", "  ", "None", "none", "@on-demand", "@ON-DEMAND"}) {
    EXPECT_EQ(parse_schedule(none).kind, ScheduleRequest::Kind::kNone) << none;
  }
  EXPECT_EQ(parse_schedule("@once").kind, ScheduleRequest::Kind::kOnce);
  const ScheduleRequest cron = parse_schedule(" 0 * * * * ");
  EXPECT_EQ(cron.kind, ScheduleRequest::Kind::kCron);
  EXPECT_EQ(cron.cron.value().text(), "0 * * * *");
  EXPECT_THROW(parse_schedule("@twice"), Error);
}

/// An expression as sets, made beside its text and matched minute by minute: knows nothing of the
/// code under test.
struct RandomCron {
  std::string text;
  std::vector<std::vector<bool>> allowed;
  std::vector<bool> starts_with_star;

  bool matches(Timestamp time) const {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const auto minute = std::chrono::duration_cast<minutes>(time - day).count();
    if (!allowed[0][static_cast<size_t>(minute % 60)]) return false;
    if (!allowed[1][static_cast<size_t>(minute / 60)]) return false;
    if (!allowed[3][static_cast<unsigned>(date.month())]) return false;
    const bool month_day = allowed[2][static_cast<unsigned>(date.day())];
    const bool weekday = allowed[4][std::chrono::weekday(day).c_encoding()];
    if (!starts_with_star[2] && !starts_with_star[4]) return month_day || weekday;
    return month_day && weekday;
  }
};

class CronGenerator {
 public:
  explicit CronGenerator(unsigned seed) : random_(seed) {}

  int between(int low, int high) { return std::uniform_int_distribution(low, high)(random_); }

  RandomCron make() {
    RandomCron cron;
    add_field(cron, 0, 59);
    add_field(cron, 0, 23);
    add_field(cron, 1, 31);
    add_field(cron, 1, 12);
    add_field(cron, 0, 6);
    return cron;
  }

 private:
  void add_field(RandomCron& cron, int low, int high) {
    std::vector<bool> set(64, false);
    std::string text;
    const int parts = between(1, 10) <= 7 ? 1 : between(2, 4);
    for (int i = 0; i < parts; ++i) {
      if (i > 0) text += ',';
      const int kind = between(0, 5);
      const int a = between(low, high);
      const int b = between(a, high);
      const int step = kind == 1 || kind == 4 ? between(1, (high - low) / 2 + 1) : 1;
      const bool star = kind <= 1;
      const bool single = kind == 2 || kind == 5;
      text += star ? "*" : std::to_string(a);
      if (!star && !single) text += "-" + std::to_string(b);
      if (step > 1) text += "/" + std::to_string(step);
      const int from = star ? low : a;
      const int to = star ? high : single ? a : b;
      for (int value = from; value <= to; value += step) set[static_cast<size_t>(value)] = true;
    }
    cron.text += (cron.text.empty() ? "" : " ") + text;
    cron.starts_with_star.push_back(text.front() == '*');
    cron.allowed.push_back(std::move(set));
  }

  std::mt19937 random_;
};

TEST(CronProperty, AgreesWithAMinuteScan) {
  const unsigned seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  CronGenerator generate(seed);
  constexpr int kCases = 2500;
  constexpr int kScanMinutes = 60 * 24 * 2;
  int found = 0;
  for (int i = 0; i < kCases; ++i) {
    const RandomCron wanted = generate.make();
    std::optional<CronExpression> cron;
    try {
      cron = CronExpression::parse(wanted.text);
    } catch (const Error& error) {
      ASSERT_THAT(error.what(), HasSubstr("never comes")) << wanted.text;
      continue;
    }
    const Timestamp start = at("2024-01-01 00:00:00") +
                            minutes(generate.between(0, 60 * 24 * 366 * 2)) +
                            std::chrono::microseconds(generate.between(0, 59'999'999));
    Timestamp scan = std::chrono::floor<minutes>(start) + minutes(1);
    const Timestamp end = scan + minutes(kScanMinutes);
    while (scan < end && !wanted.matches(scan)) scan += minutes(1);
    const auto next = cron->next_after(start);
    ASSERT_TRUE(next) << wanted.text << " seed " << seed;
    if (scan < end) {
      ++found;
      ASSERT_EQ(format_timestamp(*next), format_timestamp(scan))
          << wanted.text << " after " << format_timestamp(start) << " seed " << seed;
    } else {
      ASSERT_GE(*next, end) << wanted.text << " after " << format_timestamp(start) << " seed "
                            << seed;
      ASSERT_TRUE(wanted.matches(*next)) << wanted.text << " seed " << seed;
    }
  }
  EXPECT_GT(found, kCases / 10);
}

}  // namespace
}  // namespace sluice
