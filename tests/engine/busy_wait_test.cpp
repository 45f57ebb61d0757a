#include "engine/busy_wait.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "support/fake_clock.h"
#include "support/sqlite_file.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

using std::chrono::milliseconds;

/// Moves itself, and does something at every sleep.
class StepClock final : public Clock {
 public:
  Timestamp now() const override { return clock_.now(); }
  std::chrono::nanoseconds ticks() const override { return clock_.ticks(); }
  bool sleep(std::chrono::nanoseconds duration, std::stop_token stop) override {
    const bool stopped = clock_.sleep(duration, std::move(stop));
    if (at_sleep) at_sleep();
    return stopped;
  }
  std::vector<std::chrono::nanoseconds> sleeps() const { return clock_.sleeps(); }

  std::function<void()> at_sleep;

 private:
  FakeClock clock_;
};

class BusyWaitTest : public testing::Test {
 protected:
  BusyWaitTest() {
    wait_.attach_to(reader_.handle());
    wait_.limit(milliseconds(1000), stop_.get_token());
    writer_.run("BEGIN EXCLUSIVE");
  }
  int read() {
    return sqlite3_exec(reader_.handle(), "SELECT * FROM t", nullptr, nullptr, nullptr);
  }

  TestFolder folder_;
  SqliteFile writer_{folder_ / "a.db", "CREATE TABLE t (x)"};
  SqliteFile reader_{folder_ / "a.db"};
  std::stop_source stop_;
  StepClock clock_;
  BusyWait wait_{clock_};
};

TEST_F(BusyWaitTest, ALockThatStaysIsAnErrorAfterTheLimit) {
  EXPECT_EQ(read(), SQLITE_BUSY);
  EXPECT_GE(clock_.ticks(), milliseconds(1000));
  EXPECT_LE(clock_.ticks(), milliseconds(1005));
}

TEST_F(BusyWaitTest, LooksAgainEveryFewMilliseconds) {
  EXPECT_EQ(read(), SQLITE_BUSY);
  EXPECT_THAT(clock_.sleeps(), testing::Each(testing::Le(milliseconds(5))));
}

TEST_F(BusyWaitTest, AGapBetweenTwoTransactionsIsEnough) {
  clock_.at_sleep = [this] {
    if (clock_.sleeps().size() == 7) writer_.run("COMMIT");
  };
  EXPECT_EQ(read(), SQLITE_OK);
  EXPECT_EQ(clock_.sleeps().size(), 7U);
}

TEST_F(BusyWaitTest, EveryLockHasTheWholeTime) {
  EXPECT_EQ(read(), SQLITE_BUSY);
  clock_.at_sleep = [this] { writer_.run("COMMIT"); };
  EXPECT_EQ(read(), SQLITE_OK);
}

TEST_F(BusyWaitTest, AStopEndsIt) {
  clock_.at_sleep = [this] { stop_.request_stop(); };
  EXPECT_EQ(read(), SQLITE_BUSY);
  EXPECT_EQ(clock_.sleeps().size(), 1U);
}

}  // namespace
}  // namespace sluice
