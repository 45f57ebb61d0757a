#include "state/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "state/job_store.h"
#include "support/caught.h"
#include "support/samples.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

using testing::HasSubstr;

void add_job(StateDatabase& state, const std::string& id) {
  JobStore(state).enqueue(sample_job(id), 100);
}

class BackupTest : public testing::Test {
 protected:
  TestFolder folder_;
  const std::string file_ = folder_ / "state.db";
  const std::string copy_ = folder_ / "copy.db";
};

TEST_F(BackupTest, WhatIsCommittedWhileAServerRuns) {
  StateDatabase state(file_);
  add_job(state, "1");
  const BackupFigures figures = back_up_state(file_, copy_);
  EXPECT_EQ(figures.jobs, 1);
  EXPECT_EQ(figures.bytes, std::filesystem::file_size(copy_));
  struct stat found {};
  ASSERT_EQ(stat(copy_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600U);
  add_job(state, "2");  // It goes on.
  StateDatabase restored(copy_);
  EXPECT_EQ(restored.read([](SQLite::Database& database) {
    return database.execAndGet("SELECT group_concat(id) FROM jobs").getString();
  }),
            "1");
}

TEST_F(BackupTest, ReplacesNothing) {
  StateDatabase state(file_);
  std::ofstream(copy_) << "mine";
  const Error error = caught([&] { back_up_state(file_, copy_); });
  EXPECT_EQ(error.code(), ErrorCode::kConflict);
  EXPECT_THAT(error.what(), HasSubstr(copy_));
  std::ifstream kept(copy_);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(kept), {}), "mine");
  EXPECT_FALSE(std::filesystem::exists(copy_ + ".unfinished"));
}

TEST_F(BackupTest, WhatCanNotBe) {
  EXPECT_ERROR(back_up_state(file_, copy_), kNotFound);
  std::ofstream(file_)
      << "no database, but as long as the header of one would be, and longer still "
         "than that: a hundred bytes and more";
  EXPECT_ERROR(back_up_state(file_, copy_), kStorage);
  std::filesystem::remove(file_);
  { SQLite::Database other(file_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE); }
  EXPECT_ERROR(back_up_state(file_, copy_), kInvalid);
  StateDatabase state(folder_ / "good.db");
  EXPECT_ERROR(back_up_state(folder_ / "good.db", folder_ / "missing/copy.db"), kStorage);
  EXPECT_FALSE(std::filesystem::exists(copy_));
}

}  // namespace
}  // namespace sluice
