#include "pipeline/key_reservations.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace sluice {
namespace {

TEST(KeyReservations, ANameIsHeldOnceAndGivenBack) {
  KeyReservations all;
  auto first = std::make_unique<KeyReservations::Holder>(all, "bucket");
  KeyReservations::Holder second(all, "bucket");
  EXPECT_TRUE(first->take("a"));
  EXPECT_FALSE(first->take("a"));
  EXPECT_FALSE(second.take("a"));
  EXPECT_TRUE(second.take("b"));
  first.reset();
  EXPECT_TRUE(second.take("a"));
  EXPECT_FALSE(second.take("b"));
}

TEST(KeyReservations, PlacesDoNotKnowEachOther) {
  KeyReservations all;
  KeyReservations::Holder here(all, "here");
  KeyReservations::Holder there(all, "there");
  EXPECT_TRUE(here.take("a"));
  EXPECT_TRUE(there.take("a"));
}

TEST(KeyReservations, OfManyThreadsOneGetsTheName) {
  KeyReservations all;
  std::vector<std::unique_ptr<KeyReservations::Holder>> holders;
  for (int i = 0; i < 4; ++i) {
    holders.push_back(std::make_unique<KeyReservations::Holder>(all, "bucket"));
  }
  std::atomic<int> taken = 0;
  {
    std::vector<std::jthread> threads;
    for (auto& holder : holders) {
      threads.emplace_back([&taken, &holder] {
        for (int key = 0; key < 100; ++key) taken += holder->take(std::to_string(key)) ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(taken, 100);
}

}  // namespace
}  // namespace sluice
