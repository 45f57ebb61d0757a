#include "pipeline/block_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include "base/error.h"

namespace sluice {
namespace {

Block block_of(const std::string& bytes) {
  Block block;
  block.bytes = bytes;
  return block;
}

TEST(BlockQueue, BlocksComeOutPartByPart) {
  BlockQueue queue(1000);
  queue.push(1, block_of("c"));
  queue.end_part(1);
  EXPECT_FALSE(queue.try_pop()) << "part 0 is not there yet";
  queue.push(0, block_of("a"));
  queue.push(0, block_of("b"));
  queue.end_part(0);
  queue.end_part(2);
  queue.push(3, block_of("d"));
  queue.end_part(3);
  queue.end(4);
  std::string all;
  while (auto item = queue.pop()) all += item->piece.bytes + std::to_string(item->part);
  EXPECT_EQ(all, "a0b0c1d3") << "a part may have no block";
  EXPECT_FALSE(queue.try_pop());
}

TEST(BlockQueue, WhoIsAwaitedDoesNotWait) {
  BlockQueue queue(10);
  std::latch started(1);
  std::jthread ahead([&] {
    for (int i = 0; i < 5; ++i) {
      queue.push(1, block_of("12345678"));
      if (i == 0) started.count_down();
    }
    queue.end_part(1);
  });
  started.wait();
  // As much is held as may be; still the part that is wanted next always has its turn.
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(queue.push(0, block_of("12345678")));
    EXPECT_EQ(queue.pop()->part, 0U);
  }
  queue.end_part(0);
  queue.end(2);
  int count = 0;
  while (queue.pop()) ++count;
  EXPECT_EQ(count, 5);
}

TEST(BlockQueue, ASlowConsumerIsNotFlooded) {
  constexpr int64_t kMost = 100;
  BlockQueue queue(kMost);
  std::atomic<int64_t> pushed = 0;
  std::jthread producer([&] {
    for (int i = 0; i < 1000; ++i) {
      queue.push(0, block_of("12345678"));
      ++pushed;
    }
    queue.end_part(0);
  });
  queue.end(1);
  int64_t popped = 0;
  while (queue.pop()) {
    ++popped;
    EXPECT_LE((pushed - popped) * 8, kMost + 8) << "what is held is bounded within a part, too";
  }
  EXPECT_EQ(popped, 1000);
}

TEST(BlockQueue, AFailureEndsBothSides) {
  BlockQueue queue(1);
  std::jthread waiting([&] { EXPECT_FALSE(queue.push(1, block_of("12345"))); });
  queue.fail(std::make_exception_ptr(Error(ErrorCode::kStorage, "full")));
  EXPECT_THROW(queue.pop(), Error);
  EXPECT_THROW(queue.try_pop(), Error);
  EXPECT_FALSE(queue.push(0, block_of("x")));
}

TEST(BlockQueue, ClosedItTakesAndGivesNothing) {
  BlockQueue queue(1);
  std::jthread waiting([&] { EXPECT_FALSE(queue.push(1, block_of("12345"))); });
  std::jthread popping([&] { EXPECT_FALSE(queue.pop()); });
  queue.close();
}

TEST(BlockQueue, ManyThreadsKeepTheOrder) {
  constexpr size_t kParts = 200;
  BlockQueue queue(64);
  std::atomic<size_t> next = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (size_t part = next++; part < kParts; part = next++) {
        for (size_t j = 0; j < part % 4; ++j) queue.push(part, block_of(std::to_string(j)));
        queue.end_part(part);
      }
    });
  }
  queue.end(kParts);
  size_t part = 0;
  size_t within = 0;
  size_t count = 0;
  while (auto item = queue.pop()) {
    if (item->part != part) within = 0;
    ASSERT_GE(item->part, part);
    part = item->part;
    EXPECT_EQ(item->piece.bytes, std::to_string(within++));
    ++count;
  }
  EXPECT_EQ(count, kParts / 4 * 6);
}

}  // namespace
}  // namespace sluice
