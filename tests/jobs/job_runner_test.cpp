#include "jobs/job_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "jobs/jobs_world.h"
#include "jobs/retry.h"
#include "support/caught.h"
#include "support/sqlite_file.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

class JobRunnerTest : public testing::Test, protected JobsWorld {
 protected:
  void expect_both_files() {
    EXPECT_THAT(bucket.objects(),
                ElementsAre(Pair("out/a.csv", "k\na\n"), Pair("out/b.csv", "k\nb\n")));
    EXPECT_EQ(bucket.staged(), 0U);
    EXPECT_EQ(job("1").figures.files, 2U);
    EXPECT_EQ(job("1").figures.rows, 2U);
  }
  /// The process dies and another one starts: what was working is put back.
  void restart() {
    bucket.set_hook(nullptr);
    jobs.requeue_interrupted(clock.now());
  }
  /// What a process leaves that is killed as it writes the first of two files: an upload at the
  /// store, and its journal.
  void leave_half_an_upload(const std::string& id) {
    bucket.remote = true;
    enqueue(id, kTwoFilesSql, "{k}");
    jobs.claim(clock.now());
    FakeStore store(bucket);
    StageOptions options;
    options.job_id = id;
    options.on_remote_begin = [&](const StageTicket& ticket) {
      jobs.add_file(id, {"out/a.csv", JobFile::State::kBegun, 0, 0, ticket.text});
    };
    auto staged = store.stage("out/a.csv", options);
    staged->write("half");
    staged->finish();
    staged.reset();
    ASSERT_EQ(bucket.staged(), 1U);
    restart();
  }
};

TEST_F(JobRunnerTest, Done) {
  enqueue("1", kTwoFilesSql, "{k}");
  run_next();
  const Job done = job("1");
  EXPECT_EQ(done.status, JobStatus::kDone);
  EXPECT_EQ(done.stage, JobStage::kFinished);
  EXPECT_EQ(done.figures.progress_percentage, 100);
  EXPECT_EQ(done.error, "");
  expect_both_files();
  EXPECT_EQ(bucket.calls().back(), "remove_staging 1");
  for (const JobFile& file : jobs.files("1")) {
    EXPECT_EQ(file.state, JobFile::State::kPublished);
  }
}

TEST_F(JobRunnerTest, DataIsSettledBeforeItIsRead) {
  SqliteFile data(folder / "warehouse.db");
  data.run("CREATE TABLE t (n)");
  JobRunner with_data({jobs, connections, *engine, stores, clock, random, test_limits(), 1, nullptr,
                       [&] { data.run("INSERT INTO t VALUES (1)"); }});
  enqueue("j1", "SELECT * FROM t");
  with_data.run(*jobs.claim(clock.now()), {}, *budget.take({}));
  EXPECT_EQ(job("j1").status, JobStatus::kDone);
  EXPECT_EQ(job("j1").figures.rows, 1U);
}

TEST_F(JobRunnerTest, AnErrorSaysWhatFailedAndLeavesNothing) {
  enqueue("1", "SELECT json('x') AS a");
  run_next();
  const Job failed = job("1");
  EXPECT_EQ(failed.status, JobStatus::kError);
  EXPECT_EQ(failed.error_code, "invalid");
  EXPECT_THAT(failed.error, HasSubstr("malformed JSON"));
  EXPECT_THAT(bucket.objects(), IsEmpty());
  EXPECT_EQ(bucket.staged(), 0U);
}

TEST_F(JobRunnerTest, EveryFailureOfTheStoreIsTold) {
  int id = 0;
  for (ErrorCode code :
       {ErrorCode::kUnauthenticated, ErrorCode::kForbidden, ErrorCode::kNotFound,
        ErrorCode::kUnavailable, ErrorCode::kStorage, ErrorCode::kCorrupt, ErrorCode::kTimeout}) {
    bucket.fail("finish", "", code);
    const std::string name = "job" + std::to_string(++id);
    enqueue(name, "SELECT 1 AS a");
    while (!is_final(job(name).status)) run_next();
    EXPECT_EQ(job(name).status, JobStatus::kError);
    EXPECT_EQ(job(name).attempt, may_heal(code) ? limits::kJobAttempts : 1);
    EXPECT_EQ(job(name).error_code, error_code_name(code));
    EXPECT_THAT(job(name).error, HasSubstr("fails at finish"));
  }
  EXPECT_THAT(bucket.objects(), IsEmpty());
}

TEST_F(JobRunnerTest, WhatIsNoErrorOfOursIsToldToo) {
  bucket.set_hook([](const std::string& call, const std::string&) {
    if (call == "stage") throw std::runtime_error("surprise");
  });
  enqueue("1", "SELECT 1 AS a");
  run_next();
  EXPECT_EQ(job("1").status, JobStatus::kError);
  EXPECT_EQ(job("1").error_code, "internal");
  EXPECT_THAT(job("1").error, HasSubstr("surprise"));
}

TEST_F(JobRunnerTest, ADeletedConnection) {
  connections.remove("id_disk");
  enqueue("1", "SELECT 1 AS a");
  run_next();
  EXPECT_EQ(job("1").status, JobStatus::kError);
  EXPECT_EQ(job("1").error_code, "not_found");
}

TEST_F(JobRunnerTest, CancelledWhileItRuns) {
  enqueue("1", kEndlessSql);
  std::stop_source stop;
  bucket.set_hook([&](const std::string& call, const std::string&) {
    if (call != "stage") return;
    jobs.cancel("1", clock.now());
    stop.request_stop();
  });
  run_next(stop.get_token());
  EXPECT_EQ(job("1").status, JobStatus::kCancelled);
  EXPECT_THAT(bucket.objects(), IsEmpty());
  EXPECT_EQ(bucket.staged(), 0U);
}

TEST_F(JobRunnerTest, CancelledAtTheLastMoment) {
  enqueue("1", "SELECT 1 AS a");
  bucket.set_hook([&](const std::string& call, const std::string&) {
    if (call == "finish") jobs.cancel("1", clock.now());  // Its stop comes too late.
  });
  run_next();
  EXPECT_EQ(job("1").status, JobStatus::kCancelled);
  EXPECT_THAT(bucket.objects(), IsEmpty());
  EXPECT_EQ(bucket.staged(), 0U);
}

TEST_F(JobRunnerTest, StoppedWithTheProcessItStartsOver) {
  enqueue("1", kEndlessSql);
  std::stop_source stop;
  bucket.set_hook([&](const std::string& call, const std::string&) {
    if (call == "stage") stop.request_stop();
  });
  run_next(stop.get_token());
  EXPECT_EQ(job("1").status, JobStatus::kWaiting);
  EXPECT_EQ(job("1").stage, JobStage::kQueued);
  EXPECT_THAT(bucket.objects(), IsEmpty());
  EXPECT_EQ(bucket.staged(), 0U);
}

TEST_F(JobRunnerTest, StoppedWhileItPublishesItGoesOnLater) {
  enqueue("1", kTwoFilesSql, "{k}");
  std::stop_source stop;
  bucket.set_hook([&](const std::string& call, const std::string& key) {
    if (call == "publish" && key == "out/b.csv") stop.request_stop();
  });
  run_next(stop.get_token());
  EXPECT_EQ(job("1").status, JobStatus::kWaiting);
  EXPECT_EQ(job("1").stage, JobStage::kPublishing);
  EXPECT_EQ(bucket.staged(), 1U) << "what is staged must be kept";
  restart();
  run_next();
  EXPECT_EQ(job("1").status, JobStatus::kDone);
  expect_both_files();
}

TEST_F(JobRunnerTest, KilledBeforePublishingItStartsOverWithoutLeftovers) {
  leave_half_an_upload("1");
  run_next();
  EXPECT_EQ(job("1").status, JobStatus::kDone);
  EXPECT_EQ(job("1").attempt, 2);
  expect_both_files();
}

TEST_F(JobRunnerTest, WhatReachesAnAbortedUploadLateIsRemovedToo) {
  leave_half_an_upload("1");
  bucket.late_parts = 1;
  run_next();
  EXPECT_EQ(job("1").status, JobStatus::kDone);
  expect_both_files();
}

TEST_F(JobRunnerTest, WhatReachesAnAbortedUploadLateIsRemovedWhereTheNextAttemptFails) {
  leave_half_an_upload("1");
  bucket.late_parts = 1;
  bucket.fail("publish", "", ErrorCode::kForbidden);
  run_next();
  EXPECT_EQ(job("1").status, JobStatus::kError);
  EXPECT_EQ(bucket.staged(), 0U);
}

TEST_F(JobRunnerTest, KilledWhilePublishingItIsRolledForward) {
  enqueue("1", kTwoFilesSql, "{k}");
  bucket.set_hook([&](const std::string& call, const std::string& key) {
    if (call != "publish" || key != "out/b.csv") return;
    throw Error(ErrorCode::kUnavailable, "gone");
  });
  run_next();
  ASSERT_EQ(job("1").stage, JobStage::kPublishing);
  ASSERT_EQ(bucket.objects().size(), 1U);
  restart();
  run_next();
  EXPECT_EQ(job("1").status, JobStatus::kDone);
  expect_both_files();
  EXPECT_EQ(bucket.count("stage"), 2U) << "the query did not run again";
}

TEST_F(JobRunnerTest, PublishingIsTriedSoOften) {
  enqueue("1", kTwoFilesSql, "{k}");
  bucket.fail("publish", "out/b.csv", ErrorCode::kUnavailable);
  for (int attempt = 1; attempt < limits::kJobAttempts; ++attempt) {
    run_next();
    EXPECT_EQ(job("1").status, JobStatus::kWaiting) << attempt;
  }
  run_next();
  const Job failed = job("1");
  EXPECT_EQ(failed.status, JobStatus::kError);
  EXPECT_EQ(failed.error_code, "unavailable");
  EXPECT_EQ(failed.attempt, limits::kJobAttempts);
  EXPECT_THAT(bucket.objects(), ElementsAre(Pair("out/a.csv", "k\na\n")));
  EXPECT_EQ(bucket.staged(), 0U) << "what will not be published is removed";
  ASSERT_EQ(jobs.files("1").size(), 1U);
  EXPECT_EQ(jobs.files("1")[0].key, "out/a.csv");
}

TEST_F(JobRunnerTest, WhatMayHealIsTriedAgainLater) {
  enqueue("1", "SELECT 1 AS a");
  bucket.fail("finish", "", ErrorCode::kUnavailable);
  run_next();
  EXPECT_EQ(job("1").status, JobStatus::kWaiting);
  ASSERT_TRUE(job("1").not_before);
  EXPECT_GT(*job("1").not_before, clock.now());
  EXPECT_FALSE(jobs.claim(clock.now())) << "not yet";
  EXPECT_EQ(bucket.staged(), 0U);
  bucket.fail("", "", ErrorCode::kUnavailable);
  run_next();
  EXPECT_EQ(job("1").status, JobStatus::kDone);
  EXPECT_EQ(job("1").error, "");
  const std::vector<JobAttempt> attempts = jobs.attempts("1");
  ASSERT_EQ(attempts.size(), 2U);
  EXPECT_EQ(attempts[0].error_code, "unavailable");
  EXPECT_THAT(attempts[0].error, HasSubstr("fails at finish"));
  EXPECT_EQ(attempts[1].error_code, "");
  EXPECT_EQ(attempts[1].figures.rows, 1U);
}

TEST_F(JobRunnerTest, PublishingThatCanNotHealIsNotTriedAgain) {
  enqueue("1", kTwoFilesSql, "{k}");
  bucket.fail("publish", "out/b.csv", ErrorCode::kForbidden);
  run_next();
  EXPECT_EQ(job("1").status, JobStatus::kError);
  EXPECT_EQ(job("1").attempt, 1);
  EXPECT_EQ(bucket.staged(), 0U);
}

TEST_F(JobRunnerTest, ATakenNameBecomesAnotherOne) {
  enqueue("1", "SELECT 1 AS a");
  bucket.set_hook([&](const std::string& call, const std::string& key) {
    if (call == "publish" && key == "out/all.csv") bucket.put(key, "theirs");
  });
  run_next();
  EXPECT_EQ(job("1").status, JobStatus::kDone);
  EXPECT_THAT(bucket.objects(),
              ElementsAre(Pair("out/all.1.csv", "a\n1\n"), Pair("out/all.csv", "theirs")));
  ASSERT_EQ(jobs.files("1").size(), 1U);
  EXPECT_EQ(jobs.files("1")[0].key, "out/all.1.csv");
  EXPECT_EQ(jobs.files("1")[0].state, JobFile::State::kPublished);
}

TEST_F(JobRunnerTest, KilledWhileAFileIsStagedAgain) {
  bucket.remote = true;
  enqueue("1", "SELECT 1 AS a");
  int publishes = 0;
  bucket.set_hook([&](const std::string& call, const std::string& key) {
    if (call == "publish" && publishes++ == 0) bucket.put(key, "theirs");
    // The second writing has begun its upload when the process ends.
    if (call == "finish" && publishes == 1) throw Error(ErrorCode::kUnavailable, "gone");
  });
  run_next();
  ASSERT_EQ(job("1").stage, JobStage::kPublishing);
  bucket.clear();  // Whoever took the name has removed it again.
  restart();
  run_next();
  EXPECT_EQ(job("1").status, JobStatus::kDone);
  EXPECT_THAT(bucket.objects(), ElementsAre(Pair("out/all.csv", "a\n1\n")));
  EXPECT_EQ(bucket.staged(), 0U) << "the second upload is left behind";
  EXPECT_EQ(jobs.files("1").size(), 1U);
}

TEST_F(JobRunnerTest, ATakenNameIsToldAfterARestart) {
  enqueue("1", "SELECT 1 AS a");
  bucket.fail("publish", "", ErrorCode::kUnavailable);
  run_next();
  ASSERT_EQ(job("1").stage, JobStage::kPublishing);
  restart();
  bucket.put("out/all.csv", "theirs");
  run_next();
  EXPECT_EQ(job("1").status, JobStatus::kError);
  EXPECT_EQ(job("1").error_code, "conflict");
  EXPECT_EQ(bucket.objects().at("out/all.csv"), "theirs");
  EXPECT_EQ(bucket.staged(), 0U);
}

TEST_F(JobRunnerTest, AnInterruptedJobThatWasCancelledIsCleanedUp) {
  bucket.remote = true;
  enqueue("1", "SELECT 1 AS a");
  jobs.claim(clock.now());
  FakeStore store(bucket);
  StageOptions options;
  options.job_id = "1";
  auto staged = store.stage("out/all.csv", options);
  staged->finish();
  jobs.add_file("1", {"out/all.csv", JobFile::State::kBegun, 0, 0, staged->ticket().text});
  restart();
  jobs.cancel("1", clock.now());
  run_next();
  EXPECT_EQ(job("1").status, JobStatus::kCancelled);
  EXPECT_EQ(bucket.staged(), 0U);
  EXPECT_THAT(jobs.files("1"), IsEmpty());
}

TEST_F(JobRunnerTest, WhatCanNotBeDiscardedStaysInTheJournal) {
  bucket.remote = true;
  enqueue("1", kEndlessSql);
  bucket.set_hook([](const std::string& call, const std::string&) {
    if (call == "discard") throw Error(ErrorCode::kUnavailable, "gone");
    if (call == "write") throw Error(ErrorCode::kForbidden, "gone");
  });
  jobs.claim(clock.now());
  jobs.add_file("1", {"out/x.csv", JobFile::State::kBegun, 0, 0, "ticket x"});
  jobs.put_back(job("1"), clock.now(), clock.now());
  run_next();
  EXPECT_EQ(job("1").status, JobStatus::kError);
  ASSERT_EQ(jobs.files("1").size(), 1U);
  EXPECT_EQ(jobs.files("1")[0].key, "out/x.csv");
}

TEST_F(JobRunnerTest, AFailureAfterTheEndChangesNothing) {
  bucket.fail("remove_staging", "", ErrorCode::kStorage);
  enqueue("1", "SELECT 1 AS a");
  run_next();
  EXPECT_EQ(job("1").status, JobStatus::kDone);
}

TEST_F(JobRunnerTest, TheTimeLimitIsAnError) {
  JobRunner hasty(
      {jobs, connections, *engine, stores, clock, random, test_limits(std::chrono::seconds(0))});
  enqueue("1", kEndlessSql);
  hasty.run(*jobs.claim(clock.now()), {}, *budget.take({}));
  EXPECT_EQ(job("1").status, JobStatus::kError);
  EXPECT_EQ(job("1").error_code, "timeout");
}

}  // namespace
}  // namespace sluice
