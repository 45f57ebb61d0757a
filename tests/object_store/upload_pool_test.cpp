#include "object_store/upload_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <set>

namespace sluice {
namespace {

TEST(UploadPool, RunsEveryTaskOnSeveralThreadsAtOnce) {
  std::atomic<int> ran = 0;
  std::latch all_three(3);
  {
    UploadPool pool(3);
    // Each waits for the other two: with fewer threads this would not end.
    for (int i = 0; i < 3; ++i) {
      pool.submit(&pool, [&] {
        all_three.arrive_and_wait();
        ++ran;
      });
    }
    all_three.wait();
    for (int i = 0; i < 100; ++i) pool.submit(&pool, [&] { ++ran; });
  }
  EXPECT_EQ(ran, 103);
}

TEST(UploadPool, WaitsForRoomAndForgetsWhatItsOwnerDrops) {
  std::latch release(1);
  std::latch begun(2);
  std::atomic<int> ran = 0;
  const int mine = 0;
  const int other = 0;
  UploadPool pool(2);
  for (int i = 0; i < 2; ++i) {
    pool.submit(&other, [&] {
      begun.count_down();
      release.wait();
      ++ran;
    });
  }
  begun.wait();
  pool.submit(&mine, [&] { ran += 100; });
  pool.submit(&mine, [&] { ran += 100; });
  // Now two run and two wait, so this one waits for room, which the drop makes.
  std::latch submitted(1);
  std::jthread third([&] {
    pool.submit(&other, [&] { ++ran; });
    submitted.count_down();
  });
  EXPECT_FALSE(submitted.try_wait());
  EXPECT_EQ(pool.drop(&mine), 2U);
  submitted.wait();
  EXPECT_EQ(pool.drop(&mine), 0U);
  release.count_down();
  third.join();
  std::latch last(1);
  pool.submit(&other, [&] { last.count_down(); });
  last.wait();
  while (ran < 3) std::this_thread::yield();
  EXPECT_EQ(ran, 3);
}

TEST(UploadPool, WithoutThreadsThereIsOne) {
  std::latch ran(1);
  UploadPool pool(0);
  pool.submit(&pool, [&] { ran.count_down(); });
  ran.wait();
}

}  // namespace
}  // namespace sluice
