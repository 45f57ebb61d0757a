#include "warehouse/turn_lock.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace sluice {
namespace {

TEST(TurnLock, OneAtATime) {
  TurnLock lock;
  int inside = 0;
  int most = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&] {
        for (int i = 0; i < 1000; ++i) {
          std::lock_guard held(lock);
          most = std::max(most, ++inside);
          --inside;
        }
      });
    }
  }
  EXPECT_EQ(most, 1);
}

TEST(TurnLock, OneThatTakesItAgainAndAgainKeepsNobodyOut) {
  TurnLock lock;
  std::atomic<int> others{0};
  std::atomic<bool> stop{false};
  int turns = 0;
  {
    std::jthread other([&] {
      while (!stop) {
        std::lock_guard held(lock);
        ++others;
      }
    });
    while (others == 0) std::this_thread::yield();
    for (; turns < 1000; ++turns) std::lock_guard held(lock);
    stop = true;
  }
  EXPECT_EQ(turns, 1000);
  EXPECT_GT(others.load(), 0);
}

}  // namespace
}  // namespace sluice
