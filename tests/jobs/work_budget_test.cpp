#include "jobs/work_budget.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "support/fake_clock.h"

namespace sluice {
namespace {

using std::chrono::milliseconds;

constexpr uint64_t kMemory = 90;

class WorkBudgetTest : public testing::Test {
 protected:
  /// Whether a job could begin now.
  bool is_free(WorkBudget& budget) {
    std::stop_source stop;
    stop.request_stop();
    return budget.take(stop.get_token()) != nullptr;
  }

  FakeClock clock_;
};

TEST_F(WorkBudgetTest, AsManyAsThereArePlaces) {
  WorkBudget budget({2, 1, kMemory}, clock_);
  EXPECT_EQ(budget.jobs(), 3U);
  auto first = budget.take({});
  auto second = budget.take({});
  EXPECT_FALSE(is_free(budget));
  first.reset();
  EXPECT_TRUE(is_free(budget));
}

TEST_F(WorkBudgetTest, WhoWaitsForItsStoreMakesRoom) {
  WorkBudget budget({1, 1, kMemory}, clock_);
  auto slow = budget.take({});
  slow->begin_call();
  clock_.advance(milliseconds(499));
  EXPECT_FALSE(is_free(budget)) << "not yet";
  clock_.advance(milliseconds(1));
  auto other = budget.take({});
  ASSERT_TRUE(other);
  other->begin_call();
  clock_.advance(milliseconds(600));
  EXPECT_FALSE(is_free(budget)) << "no more than queries and uploads";
}

TEST_F(WorkBudgetTest, BackFromTheStoreItWaitsForAPlaceAndComesFirst) {
  WorkBudget budget({1, 2, kMemory}, clock_);
  auto slow = budget.take({});
  slow->begin_call();
  clock_.advance(milliseconds(500));
  auto other = budget.take({});
  std::promise<void> back;
  std::jthread returning([&] {
    slow->end_call();
    back.set_value();
  });
  auto returned = back.get_future();
  EXPECT_EQ(returned.wait_for(milliseconds(50)), std::future_status::timeout);
  other.reset();
  returned.wait();
  EXPECT_FALSE(is_free(budget)) << "the place is its own again";
}

TEST_F(WorkBudgetTest, AJobThatIsToEndWaitsForNoPlace) {
  WorkBudget budget({1, 1, kMemory}, clock_);
  auto slow = budget.take({});
  std::stop_source stop;
  slow->stop_with(stop.get_token());
  slow->begin_call();
  clock_.advance(milliseconds(500));
  auto other = budget.take({});
  stop.request_stop();
  slow->end_call();
  slow.reset();
  EXPECT_FALSE(is_free(budget));
  other.reset();
  EXPECT_TRUE(is_free(budget));
}

TEST_F(WorkBudgetTest, SeveralThreadsInTheStore) {
  WorkBudget budget({1, 1, kMemory}, clock_);
  auto job = budget.take({});
  job->begin_call();
  clock_.advance(milliseconds(400));
  job->begin_call();
  job->end_call();
  clock_.advance(milliseconds(100));
  EXPECT_TRUE(is_free(budget)) << "one of them has been there all the time";
}

TEST_F(WorkBudgetTest, AllTheMemoryAndNotMore) {
  WorkBudget budget({2, 1, kMemory}, clock_);
  auto first = budget.take({});
  auto second = budget.take({});
  EXPECT_EQ(first->memory_bytes(), 40U);
  EXPECT_EQ(second->memory_bytes(), 40U);
  first->begin_call();
  clock_.advance(milliseconds(500));
  auto third = budget.take({});
  EXPECT_EQ(third->memory_bytes(), 10U);
  first.reset();
  second.reset();
  EXPECT_EQ(budget.take({})->memory_bytes(), 40U);
}

}  // namespace
}  // namespace sluice
