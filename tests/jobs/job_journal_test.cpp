#include "jobs/job_journal.h"

#include <gtest/gtest.h>

#include "jobs/jobs_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

class JobJournalTest : public testing::Test, protected JobsWorld {
 protected:
  JobJournalTest() {
    enqueue("1", "SELECT 1 AS a");
    jobs.claim(clock.now());
  }
  JobJournal journal_{jobs, clock, "1"};
};

TEST_F(JobJournalTest, WhatIsBegunStandsInTheDatabase) {
  journal_.begun("out/a.csv", {"ticket"});
  const auto files = jobs.files("1");
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].state, JobFile::State::kBegun);
  EXPECT_EQ(files[0].ticket, "ticket");
}

TEST_F(JobJournalTest, PublishingAndPublished) {
  journal_.publishing({{"out/a.csv", 1, 2, {"a"}}, {"out/b.csv", 3, 4, {"b"}}}, {4, 6, 2, {}});
  EXPECT_EQ(job("1").stage, JobStage::kPublishing);
  EXPECT_EQ(job("1").figures.rows, 4U);
  journal_.published({"out/a.csv"});
  journal_.published({});
  const auto files = jobs.files("1");
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].state, JobFile::State::kPublished);
  EXPECT_EQ(files[0].rows, 1U);
  EXPECT_EQ(files[1].state, JobFile::State::kStaged);
  EXPECT_EQ(files[1].bytes, 4U);
}

TEST_F(JobJournalTest, AFileThatTakesAnothersPlace) {
  journal_.publishing({{"out/a.csv", 1, 2, {"a"}}, {"out/b.csv", 3, 4, {"b"}}}, {4, 6, 2, {}});
  StagedFile now{"out/a.1.csv", 1, 2, {"other"}};
  journal_.replaced({{"out/a.csv", now}, {"out/b.csv", {"out/b.csv", 3, 5, {"again"}}}});
  const auto files = jobs.files("1");
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].key, "out/a.1.csv");
  EXPECT_EQ(files[0].state, JobFile::State::kStaged);
  EXPECT_EQ(files[0].ticket, "other");
  EXPECT_EQ(files[1].ticket, "again");
  EXPECT_EQ(files[1].bytes, 5U);
}

TEST_F(JobJournalTest, ACancelledJobDoesNotPublish) {
  jobs.cancel("1", clock.now());
  EXPECT_ERROR(journal_.publishing({{"out/a.csv", 1, 2, {"a"}}}, {}), kCancelled);
  EXPECT_TRUE(jobs.files("1").empty());
}

TEST_F(JobJournalTest, ProgressIsWrittenTwiceASecond) {
  journal_.progress({1, 1, 1, {}});
  EXPECT_EQ(job("1").figures.rows, 0U);
  clock.advance(std::chrono::milliseconds(499));
  journal_.progress({2, 1, 1, {}});
  EXPECT_EQ(job("1").figures.rows, 0U);
  clock.advance(std::chrono::milliseconds(1));
  journal_.progress({3, 1, 1, 40.0});
  EXPECT_EQ(job("1").figures.rows, 3U);
  EXPECT_EQ(job("1").figures.progress_percentage, 40.0);
  journal_.progress({4, 1, 1, {}});
  EXPECT_EQ(job("1").figures.rows, 3U);
}

}  // namespace
}  // namespace sluice
