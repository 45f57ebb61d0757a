// ScheduleTimes against a minute-by-minute scan over the zone files, for random schedules and for
// every change of every zone.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <random>

#include "domain/schedule_times.h"
#include "support/minute_scan.h"

namespace sluice {
namespace {

using std::chrono::minutes;
using testing::MinuteScan;
using testing::ScheduleSets;
using testing::ZoneFile;

const std::filesystem::path kZones = "/usr/share/zoneinfo";
constexpr int64_t kMinutesADay = 24 * 60;

Timestamp time_of(int64_t minute) { return Timestamp(minutes(minute)); }
int64_t minute_of(int year, unsigned month, unsigned day) {
  return std::chrono::sys_days(std::chrono::year(year) / static_cast<int>(month) /
                               static_cast<int>(day))
             .time_since_epoch()
             .count() *
         kMinutesADay;
}

/// Every name of the database, with its file.
const std::map<std::string, ZoneFile>& zone_files() {
  static const std::map<std::string, ZoneFile> files = [] {
    std::map<std::string, ZoneFile> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(kZones)) {
      const std::string name = entry.path().lexically_relative(kZones).string();
      if (!entry.is_regular_file() || name.starts_with("posix/") || name.starts_with("right/") ||
          name == "posixrules" || name == "localtime" || name == "Factory" ||
          name.find('.') != std::string::npos) {
        continue;
      }
      try {
        found.emplace(name, ZoneFile(entry.path().string()));
      } catch (const std::exception&) {
        continue;  // leapseconds, tables of names.
      }
    }
    return found;
  }();
  return files;
}

/// Texts of random schedules together with what they mean.
class RandomSchedule {
 public:
  explicit RandomSchedule(std::mt19937_64& random) : random_(random) {
    text_ = field(sets_.minutes, sets_.star_minute, 0, 59, 4) + " " +
            field(sets_.hours, sets_.star_hour, 0, 23, 4) + " ";
    text_ += one_in(8) ? last_day() : field(sets_.month_days, sets_.star_month_day, 1, 31, 2);
    bool star = false;
    text_ += " " + field(sets_.months, star, 1, 12, 1) + " ";
    text_ += one_in(6) ? weekday_of_month() : field(sets_.weekdays, sets_.star_weekday, 0, 6, 2);
  }
  const std::string& text() const { return text_; }
  const ScheduleSets& sets() const { return sets_; }

 private:
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool one_in(int many) { return pick(1, many) == 1; }

  void add(std::set<int>& values, int low, int high, int step) {
    for (int value = low; value <= high; value += step) values.insert(value);
  }

  std::string element(std::set<int>& values, int first, int last) {
    int low = pick(first, last);
    int high = pick(low, last);
    const int step = pick(1, last - first + 1);
    switch (pick(0, 3)) {
      case 0:
        add(values, low, high, 1);
        return std::to_string(low) + "-" + std::to_string(high);
      case 1:
        add(values, low, high, step);
        return std::to_string(low) + "-" + std::to_string(high) + "/" + std::to_string(step);
      case 2:
        add(values, low, last, step);
        return std::to_string(low) + "/" + std::to_string(step);
      default:
        values.insert(low);
        return std::to_string(low);
    }
  }

  /// `restricted`: how many of five are not `*` or `*/n`.
  std::string field(std::set<int>& values, bool& star, int first, int last, int restricted) {
    if (pick(0, 4) >= restricted) {
      star = true;
      const int step = one_in(3) ? pick(1, last - first + 1) : 1;
      add(values, first, last, step);
      return step == 1 && one_in(2) ? "*" : "*/" + std::to_string(step);
    }
    std::string text = element(values, first, last);
    for (int more = pick(0, 2); more > 0; --more) text += "," + element(values, first, last);
    return text;
  }

  std::string last_day() {
    sets_.last_day = true;
    if (one_in(2)) return "L";
    const int day = pick(1, 31);
    sets_.month_days.insert(day);
    return std::to_string(day) + ",L";
  }

  std::string weekday_of_month() {
    const int day = pick(0, 6);
    const int nth = pick(0, 5);
    sets_.nth_weekdays.insert({day, nth});
    std::string text = std::to_string(day) + (nth == 0 ? "L" : "#" + std::to_string(nth));
    if (one_in(2)) return text;
    const int other = pick(0, 6);
    sets_.weekdays.insert(other);
    return text + "," + std::to_string(other);
  }

  std::mt19937_64& random_;
  ScheduleSets sets_;
  std::string text_;
};

class ScheduleScan : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_GT(zone_files().size(), 400U) << "tzdata is not installed"; }
};

TEST_F(ScheduleScan, RandomSchedulesOfRandomZones) {
  constexpr int kCases = 200'000;
  const unsigned seed = std::random_device()();
  std::mt19937_64 random(seed);
  std::vector<std::string> names;
  for (const auto& [name, file] : zone_files()) names.push_back(name);
  const int64_t last = minute_of(2037, 12, 1);
  int compared = 0;
  int found = 0;
  while (compared < kCases) {
    const RandomSchedule schedule(random);
    const std::string& name = names[random() % names.size()];
    const ZoneFile& file = zone_files().at(name);
    // Half of the starts lie within two days of a change of the clocks.
    int64_t start =
        minute_of(2000, 1, 3) + static_cast<int64_t>(random() % (37 * 365 * kMinutesADay));
    if (!file.transitions().empty() && random() % 2 == 0) {
      const int64_t change = file.transitions()[random() % file.transitions().size()].first / 60;
      const int64_t near =
          change + static_cast<int64_t>(random() % (4 * kMinutesADay)) - 2 * kMinutesADay;
      if (near > minute_of(2000, 1, 3) && near < last) start = near;
    }
    std::optional<CronExpression> cron;
    try {
      cron = CronExpression::parse(schedule.text());
    } catch (const std::exception&) {
      // A day that never comes: then the scan must not know one either.
      const MinuteScan scan(schedule.sets(), file);
      ASSERT_EQ(scan.next(start, start + 366 * kMinutesADay), std::nullopt) << schedule.text();
      continue;
    }
    const int64_t end = std::min(last, start + 5 * 366 * kMinutesADay);
    const std::optional<int64_t> expected = MinuteScan(schedule.sets(), file).next(start, end);
    const std::optional<Timestamp> seen =
        ScheduleTimes(*cron, TimeZone::find(name)).next_after(time_of(start));
    ++compared;
    if (expected) {
      ++found;
      ASSERT_TRUE(seen) << schedule.text() << " " << name;
      ASSERT_EQ(format_timestamp(*seen), format_timestamp(time_of(*expected)))
          << schedule.text() << " in " << name << " after " << format_timestamp(time_of(start))
          << ", seed " << seed;
    } else {
      ASSERT_TRUE(!seen || *seen > time_of(end)) << schedule.text() << " " << name << " " << seed;
    }
  }
  std::cout << compared << " schedules compared, " << found
            << " with a run within five years, seed " << seed << "\n";
  EXPECT_GT(found, kCases * 9 / 10);
}

/// Around each change of each zone from 2000 to 2037: a daily schedule runs once for each day that
/// the zone's clocks show.
TEST_F(ScheduleScan, DailySchedulesRunOnceOnEveryDayThereIs) {
  const unsigned seed = std::random_device()();
  std::mt19937_64 random(seed);
  int changes = 0;
  int64_t days = 0;
  for (const auto& [name, file] : zone_files()) {
    const TimeZone zone = TimeZone::find(name);
    for (const auto& [change, offset] : file.transitions()) {
      const int64_t begin = change / 60 - 3 * kMinutesADay;
      if (begin < minute_of(2000, 1, 1) || begin > minute_of(2037, 12, 1)) continue;
      ++changes;
      // The time at which the clocks jump, and any other.
      const int64_t jump = (change + offset) / 60 - static_cast<int64_t>(random() % 120);
      const int64_t of_day =
          (random() % 2 == 0 ? jump : static_cast<int64_t>(random() % kMinutesADay)) % kMinutesADay;
      ScheduleSets sets;
      sets.minutes = {static_cast<int>(of_day % 60)};
      sets.hours = {static_cast<int>(of_day / 60)};
      for (int i = 0; i <= 31; ++i) {
        sets.month_days.insert(i);
        sets.months.insert(i);
        sets.weekdays.insert(i);
      }
      sets.star_month_day = sets.star_weekday = true;
      const ScheduleTimes daily(CronExpression::parse(std::to_string(of_day % 60) + " " +
                                                      std::to_string(of_day / 60) + " * * *"),
                                zone);
      const MinuteScan scan(sets, file);
      const int64_t end = begin + 6 * kMinutesADay;
      std::optional<int64_t> expected = scan.next(begin, end);
      std::optional<Timestamp> seen = daily.next_after(time_of(begin));
      for (; expected; expected = scan.next(*expected, end), ++days) {
        ASSERT_EQ(format_timestamp(seen.value()), format_timestamp(time_of(*expected)))
            << daily.cron().text() << " in " << name;
        ASSERT_EQ(daily.last_before(*seen + minutes(1), time_of(0)), seen) << name;
        seen = daily.next_after(*seen);
      }
      ASSERT_GT(seen.value(), time_of(end)) << daily.cron().text() << " in " << name;
    }
  }
  std::cout << zone_files().size() << " zones, " << changes << " changes, " << days
            << " days, seed " << seed << "\n";
  EXPECT_GT(changes, 10'000);
}

}  // namespace
}  // namespace sluice
