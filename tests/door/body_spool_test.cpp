#include "door/body_spool.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <mutex>

namespace sluice {
namespace {

DoorOptions in_folder(const std::string& folder) {
  DoorOptions options;
  options.spool_dir = folder;
  options.spool_reserve = 0;
  return options;
}

class BodySpoolTest : public testing::Test {
 protected:
  BodySpoolTest() : folder_(testing::TempDir() + "body_spool_test") {
    std::filesystem::create_directories(folder_);
  }

  /// What becomes of one piece.
  BodySpool::Written write(BodySpool& spool, uint64_t id, std::string bytes, bool last) {
    std::unique_lock lock(mutex_);
    written_.reset();
    spool.write(id, std::move(bytes), last);
    told_.wait(lock, [this] { return written_.has_value(); });
    return std::move(*written_);
  }
  BodySpool::Tell tell() {
    return [this](BodySpool::Written written) {
      const std::lock_guard lock(mutex_);
      written_ = std::move(written);
      told_.notify_all();
    };
  }
  bool folder_is_empty() const { return std::filesystem::is_empty(folder_); }
  /// Drops are done in order: when a later piece is written, they are.
  void settle(BodySpool& spool) { write(spool, 999, "", true); }

  const std::string folder_;
  std::mutex mutex_;
  std::condition_variable told_;
  std::optional<BodySpool::Written> written_;
  std::shared_ptr<SpoolBudget> budget_ = std::make_shared<SpoolBudget>(1000);
};

TEST(SpoolBudget, IsNeverPassed) {
  SpoolBudget budget(10);
  EXPECT_TRUE(budget.take(6));
  EXPECT_FALSE(budget.take(5));
  EXPECT_FALSE(budget.take(UINT64_MAX));
  EXPECT_EQ(budget.room(), 4U);
  EXPECT_TRUE(budget.take(4));
  budget.give_back(10);
  EXPECT_EQ(budget.room(), 10U);
}

TEST_F(BodySpoolTest, ABodyIsWholeWithItsLastPieceAndGivesItsBudgetBack) {
  BodySpool spool(in_folder(folder_), budget_, tell());
  BodySpool::Written first = write(spool, 7, "hello, ", false);
  EXPECT_EQ(first.id, 7U);
  EXPECT_FALSE(first.fault);
  EXPECT_EQ(first.body, nullptr);
  EXPECT_EQ(write(spool, 8, "another", true).body->size(), 7U);
  const auto body = write(spool, 7, "you", true).body;
  ASSERT_NE(body, nullptr);
  EXPECT_EQ(bytes_of(*body), "hello, you");
  EXPECT_TRUE(folder_is_empty());
  written_.reset();
  EXPECT_EQ(budget_->room(), 990U);
  const auto part = part_of(body, 0, 3);
  spool.end();
  EXPECT_EQ(bytes_of(*part), "hel") << "a body outlives the spool";
}

TEST_F(BodySpoolTest, TheLastUserGivesTheBudgetBack) {
  BodySpool spool(in_folder(folder_), budget_, tell());
  auto body = write(spool, 1, "0123456789", true).body;
  written_.reset();
  auto part = part_of(body, 2, 2);
  body.reset();
  EXPECT_EQ(budget_->room(), 990U);
  part.reset();
  EXPECT_EQ(budget_->room(), 1000U);
}

TEST_F(BodySpoolTest, ADroppedBodyIsForgotten) {
  BodySpool spool(in_folder(folder_), budget_, tell());
  write(spool, 1, "0123456789", false);
  spool.drop(1);
  settle(spool);
  EXPECT_EQ(budget_->room(), 1000U);
  const auto body = write(spool, 1, "new", true).body;
  EXPECT_EQ(bytes_of(*body), "new");
  write(spool, 2, "unfinished", false);
  spool.end();
  EXPECT_EQ(budget_->room(), 997U);
}

TEST_F(BodySpoolTest, OverTheBudgetABodyIsRefusedAndDropped) {
  BodySpool spool(in_folder(folder_), budget_, tell());
  EXPECT_FALSE(write(spool, 1, std::string(600, 'x'), false).fault);
  EXPECT_FALSE(write(spool, 2, std::string(400, 'x'), false).fault);
  const BodySpool::Written refused = write(spool, 1, "x", true);
  ASSERT_TRUE(refused.fault);
  EXPECT_EQ(refused.fault->status, 503);
  EXPECT_EQ(refused.body, nullptr);
  EXPECT_EQ(budget_->room(), 600U);
}

TEST_F(BodySpoolTest, AFullDiskIsToldAndGivenBack) {
  // A limit on the size of files stands for the disk: write(2) fails half-way as it does there.
  ASSERT_NE(std::signal(SIGXFSZ, SIG_IGN), SIG_ERR);
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small = {100, before.rlim_max};
  BodySpool spool(in_folder(folder_), budget_, tell());
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const BodySpool::Written fits = write(spool, 1, std::string(90, 'x'), false);
  const BodySpool::Written full = write(spool, 1, std::string(90, 'x'), false);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_FALSE(fits.fault);
  ASSERT_TRUE(full.fault);
  EXPECT_EQ(full.fault->status, 507);
  EXPECT_NE(full.fault->sentence.find("no room"), std::string::npos);
  EXPECT_EQ(budget_->room(), 1000U);
  EXPECT_EQ(bytes_of(*write(spool, 1, "again", true).body), "again");
}

TEST_F(BodySpoolTest, LeavesTheReserveOfTheDisk) {
  DoorOptions options = in_folder(folder_);
  options.spool_reserve = UINT64_MAX;
  BodySpool spool(options, budget_, tell());
  EXPECT_EQ(write(spool, 1, "x", false).fault->status, 507);
  EXPECT_EQ(budget_->room(), 1000U);
}

TEST_F(BodySpoolTest, AFolderThatIsNotThereIsTold) {
  BodySpool spool(in_folder(folder_ + "/none"), budget_, tell());
  EXPECT_EQ(write(spool, 1, "x", true).fault->status, 507);
}

}  // namespace
}  // namespace sluice
