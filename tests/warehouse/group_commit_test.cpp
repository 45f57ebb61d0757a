#include "warehouse/group_commit.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "warehouse/warehouse_limits.h"
#include "warehouse/warehouse_world.h"

namespace sluice {
namespace {

EventRows events(int64_t first, int64_t count, const std::string& source = "t_events") {
  EventRows rows{source, {}, {}};
  rows.batches.push_back(rows_of(first, count));
  return rows;
}

TEST(GroupCommit, WhatWaitsGoesIntoOneTransaction) {
  WarehouseWorld world;
  GroupCommit group(world.warehouse);
  EXPECT_EQ(group.commit_waiting(), 0U);
  std::vector<std::future<void>> done;
  for (int64_t i = 0; i < 5; ++i) done.push_back(group.submit(events(i * 10, 10)));
  EventRows bad = events(0, 1);
  bad.rejected = {rejected_row(2), rejected_row(3)};
  done.push_back(group.submit(std::move(bad)));
  EXPECT_EQ(world.counts().rows, 0U);
  EXPECT_EQ(group.commit_waiting(), 6U);
  for (auto& one : done) one.get();
  EXPECT_EQ(world.counts().rows, 51U);
  EXPECT_EQ(group.figures().rows, 51U);
  EXPECT_EQ(group.figures().quarantined, 2U);
  EXPECT_EQ(group.figures().commits, 1U);
}

TEST(GroupCommit, EachIsToldWhatBecameOfItsRows) {
  WarehouseWorld world;
  GroupCommit group(world.warehouse);
  std::future<void> good = group.submit(events(0, 1));
  std::future<void> gone = group.submit(events(0, 1, "t_gone"));
  group.commit_waiting();
  good.get();
  EXPECT_ERROR(gone.get(), kNotFound);
  EXPECT_EQ(group.figures().rows, 1U);
}

TEST(GroupCommit, FullQueueRefuses) {
  WarehouseWorld world;
  GroupCommit group(world.warehouse);
  const auto many = static_cast<int64_t>(limits::kWaitingRows);
  std::future<void> first = group.submit(events(0, many + 1));  // One always fits.
  EXPECT_ERROR(group.submit(events(0, 1)), kTooMany);
  EXPECT_EQ(group.commit_waiting(), 1U);
  first.get();
  std::future<void> next = group.submit(events(0, 1));
  group.commit_waiting();
  next.get();
  EXPECT_EQ(world.counts().rows, limits::kWaitingRows + 2);
}

TEST(GroupCommit, BytesAreBoundedToo) {
  WarehouseWorld world;
  GroupCommit group(world.warehouse);
  EventRows large = events(0, 1);
  large.rejected.push_back(rejected_row(1));
  large.rejected.front().text = std::string(limits::kWaitingBytes, 'x');
  std::future<void> first = group.submit(std::move(large));
  EXPECT_ERROR(group.submit(events(0, 1)), kTooMany);
  group.commit_waiting();
  first.get();
}

TEST(GroupCommit, TransactionsAreBounded) {
  WarehouseWorld world;
  GroupCommit group(world.warehouse);
  std::vector<std::future<void>> done;
  for (int i = 0; i < 3; ++i) {
    done.push_back(group.submit(events(0, static_cast<int64_t>(limits::kJoinedRows / 2 + 1))));
  }
  EXPECT_EQ(group.commit_waiting(), 2U);
  EXPECT_EQ(group.commit_waiting(), 1U);
  for (auto& one : done) one.get();
}

TEST(GroupCommit, ManyThreadsLoseNothing) {
  WarehouseWorld world;
  GroupCommit group(world.warehouse);
  group.start();
  constexpr int64_t kThreads = 16;
  constexpr int64_t kCalls = 50;
  {
    std::vector<std::jthread> threads;
    for (int64_t thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        for (int64_t call = 0; call < kCalls; ++call) {
          EventRows rows = events((thread * kCalls + call) * 3, 3);
          if (call % 2 == 0) rows.durability = Durability::kSynced;
          group.append(std::move(rows));
        }
      });
    }
  }
  constexpr int64_t kRows = kThreads * kCalls * 3;
  EXPECT_EQ(world.value("SELECT count(DISTINCT n) || '/' || max(n) FROM events"),
            std::to_string(kRows) + "/" + std::to_string(kRows - 1));
  EXPECT_EQ(world.counts().rows, static_cast<uint64_t>(kRows));
  EXPECT_LE(group.figures().commits, static_cast<uint64_t>(kThreads * kCalls));
}

TEST(GroupCommit, StopCommitsWhatWaitsAndTakesNothingMore) {
  WarehouseWorld world;
  GroupCommit group(world.warehouse);
  std::future<void> waiting = group.submit(events(0, 4));
  group.stop();
  waiting.get();
  EXPECT_EQ(world.counts().rows, 4U);
  EXPECT_ERROR(group.append(events(0, 1)), kBusy);
}

}  // namespace
}  // namespace sluice
