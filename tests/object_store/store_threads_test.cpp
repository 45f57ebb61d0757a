// What every ObjectStore promises to several threads.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "worlds.h"

namespace sluice {
namespace {

class StoreThreads : public StoreContract {};

TEST_P(StoreThreads, ManyThreadsStageAndPublishAtOnce) {
  constexpr int kThreads = 8;
  constexpr int kObjects = 40;
  const auto name = [](int thread, int object) {
    // Folders that all threads make at the same time.
    return "p" + std::to_string(object % 5) + "/" + std::to_string(thread) + "-" +
           std::to_string(object);
  };
  std::atomic<int> published = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        for (int object = 0; object < kObjects; ++object) {
          const std::string key = name(thread, object);
          const auto overwrite = object % 2 == 0 ? Overwrite::kReplace : Overwrite::kNever;
          auto staged = store_->stage(key, job("job-1", overwrite));
          staged->write(key);
          staged->finish();
          if (store_->publish(staged->ticket()) == PublishResult::kPublished) ++published;
        }
      });
    }
  }
  EXPECT_EQ(published, kThreads * kObjects);
  for (int thread = 0; thread < kThreads; ++thread) {
    for (int object = 0; object < kObjects; ++object) {
      ASSERT_EQ(world_->read(name(thread, object)), name(thread, object));
    }
  }
  EXPECT_EQ(world_->staged(), 0U);
}

TEST_P(StoreThreads, OfManyThreadsThatPublishOneNameOneWins) {
  constexpr int kThreads = 8;
  std::vector<StageTicket> tickets;
  for (int i = 0; i < kThreads; ++i) {
    tickets.push_back(
        staged("a/x", std::to_string(i), job("job-" + std::to_string(i), Overwrite::kNever)));
  }
  std::atomic<int> winner = -1;
  std::atomic<int> published = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        if (store_->publish(tickets[static_cast<size_t>(i)]) != PublishResult::kPublished) return;
        winner = i;
        ++published;
      });
    }
  }
  EXPECT_EQ(published, 1);
  EXPECT_EQ(world_->read("a/x"), std::to_string(winner));
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreThreads, every_store(), store_name);

}  // namespace
}  // namespace sluice
