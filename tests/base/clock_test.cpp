#include "base/clock.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

TEST(Timestamps, FormatAndParse) {
  const Timestamp time{seconds(1795422600) + microseconds(42)};
  EXPECT_EQ(format_timestamp(time), "2026-11-23 08:30:00.000042");
  EXPECT_EQ(format_timestamp(Timestamp{microseconds(-1)}), "1969-12-31 23:59:59.999999");
  EXPECT_EQ(parse_timestamp("2026-11-23 08:30:00.000042"), time);
  EXPECT_EQ(parse_timestamp("2026-11-23T08:30:00.000042Z"), time);
  EXPECT_EQ(parse_timestamp("2026-11-23 08:30:00"), Timestamp{seconds(1795422600)});
  EXPECT_EQ(parse_timestamp("2026-11-23 08:30:00.5"),
            Timestamp{seconds(1795422600) + microseconds(500000)});
  EXPECT_EQ(parse_timestamp("2024-02-29 00:00:00"), Timestamp{seconds(1709164800)});
}

TEST(Timestamps, RefusesWhatIsNoTime) {
  for (const char* bad :
       {"", "2026-11-23", "2026-11-23 08:30", "2026-02-29 00:00:00", "2026-13-01 00:00:00",
        "2026-11-23 24:00:00", "2026-11-23 08:60:00", "2026-11-23 08:30:60", "2026-11-23 08:30:00.",
        "2026-11-23 08:30:00 ", "2026-11-23 08:30:00ZZ", "2026-11-2308:30:00", "26-11-23 08:30:00",
        "2026-11-23 08:30:00+01:00"}) {
    EXPECT_FALSE(parse_timestamp(bad)) << bad;
  }
}

TEST(SystemClock, MovesForward) {
  const auto clock = make_system_clock();
  EXPECT_GT(clock->now(), parse_timestamp("2024-01-01 00:00:00").value());
  const auto before = clock->ticks();
  EXPECT_FALSE(clock->sleep(std::chrono::milliseconds(1), {}));
  EXPECT_GE(clock->ticks() - before, std::chrono::milliseconds(1));
}

TEST(SystemClock, AStopEndsSleep) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(make_system_clock()->sleep(std::chrono::hours(24), stop.get_token()));
}

}  // namespace
}  // namespace sluice
