#include "door/request_workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>

namespace sluice {
namespace {

TEST(RequestWorkers, WorkOnSeveralAtTheSameTime) {
  std::latch together(3);
  std::atomic<uint64_t> sum = 0;
  std::latch all(3);
  RequestWorkers workers(3, [&] {
    return [&](uint64_t id, CompleteRequest, std::stop_token) {
      together.arrive_and_wait();
      sum += id;
      all.count_down();
    };
  });
  for (const uint64_t id : {1U, 2U, 4U}) workers.add(id, {});
  all.wait();
  EXPECT_EQ(sum, 7U);
}

TEST(RequestWorkers, EndStopsWhatRunsAndForgetsWhatWaits) {
  std::latch running(1);
  std::atomic<int> worked = 0;
  RequestWorkers workers(1, [&] {
    return [&](uint64_t, CompleteRequest, const std::stop_token& stop) {
      ++worked;
      running.count_down();
      std::mutex mutex;
      std::unique_lock lock(mutex);
      std::condition_variable_any().wait(lock, stop, [] { return false; });
    };
  });
  workers.add(1, {});
  workers.add(2, {});
  running.wait();
  workers.end();
  EXPECT_EQ(worked, 1);
}

}  // namespace
}  // namespace sluice
