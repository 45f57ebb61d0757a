#include "state/chain_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "state/connection_store.h"
#include "state/job_store.h"
#include "state/pipe_store.h"
#include "support/caught.h"
#include "support/fake_random.h"
#include "support/samples.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

using testing::HasSubstr;

class ChainRowsTest : public testing::Test {
 protected:
  ChainRowsTest() { connections_.insert(sample_connection("disk")); }

  Sink sink(const std::string& name, const std::string& after) {
    Sink sink = sample_sink(sample_pipe(name), sample_connection("disk"));
    if (!after.empty()) sink.run_after = PipeName{"t_pipe_" + after, after};
    return sink;
  }
  void make(const std::string& name, const std::string& after = "") {
    Pipe pipe = sample_pipe(name);
    pipe.sink = sink(name, after);
    pipes_.insert(pipe);
  }
  void put_after(const std::string& name, const std::string& after) {
    pipes_.change_sink("t_pipe_" + name, sink(name, after), kMorning);
  }
  static Job follower(const std::string& name) {
    Job job = sample_job("after_" + name);
    job.pipe_id = "t_pipe_" + name;
    job.trigger = JobTrigger::kChained;
    job.after_job = "first";
    return job;
  }

  TestFolder folder_;
  FakeRandom random_;
  StateDatabase database_{folder_ / "state.db"};
  PipeStore pipes_{database_};
  ConnectionStore connections_{database_, Secret(std::string(32, 'k')), random_};
  JobStore jobs_{database_};
};

TEST_F(ChainRowsTest, ShownWithItsName) {
  make("a");
  make("b", "a");
  EXPECT_EQ(pipes_.find("b")->sink->run_after->name, "a");
  EXPECT_FALSE(pipes_.find("a")->sink->run_after);
  const std::vector<Pipe> following = pipes_.following("t_pipe_a");
  ASSERT_EQ(following.size(), 1U);
  EXPECT_EQ(following[0].name, "b");
}

TEST_F(ChainRowsTest, NoCircles) {
  make("a");
  make("b", "a");
  make("c", "b");
  for (const char* after : {"a", "b", "c"}) {
    const Error error = caught([&] { put_after("a", after); });
    EXPECT_EQ(error.code(), ErrorCode::kInvalid) << after;
    EXPECT_THAT(error.what(), HasSubstr("for ever"));
  }
  put_after("c", "a");
  EXPECT_EQ(pipes_.following("t_pipe_a").size(), 2U);
}

TEST_F(ChainRowsTest, OnlyAfterASink) {
  pipes_.insert(sample_pipe("plain"));
  EXPECT_EQ(caught([&] { make("b", "plain"); }).code(), ErrorCode::kInvalid);
  EXPECT_FALSE(pipes_.find("b"));
}

TEST_F(ChainRowsTest, WhatIsFollowedStays) {
  make("a");
  make("b", "a");
  const Error error = caught([&] { pipes_.remove("t_pipe_a"); });
  EXPECT_EQ(error.code(), ErrorCode::kForbidden);
  EXPECT_THAT(error.what(), HasSubstr("b."));
  EXPECT_EQ(caught([&] { pipes_.remove_sink("t_pipe_a", kMorning); }).code(),
            ErrorCode::kForbidden);
  Pipe plain = sample_pipe("a");
  EXPECT_EQ(caught([&] { pipes_.replace(plain); }).code(), ErrorCode::kForbidden);
  EXPECT_TRUE(pipes_.find("a")->sink);
  EXPECT_TRUE(pipes_.remove("t_pipe_b"));
  EXPECT_TRUE(pipes_.remove("t_pipe_a"));
}

TEST_F(ChainRowsTest, AFollowerComesWithTheEndOfItsPredecessorAndOnce) {
  make("flights");
  make("b", "flights");
  make("c");
  jobs_.enqueue(sample_job("first"), 10);
  Job first = *jobs_.claim(kMorning);
  first.status = JobStatus::kDone;
  EXPECT_TRUE(jobs_.finish(first, {follower("b"), follower("c")}, kMorning));
  EXPECT_EQ(jobs_.find("after_b")->status, JobStatus::kWaiting);
  EXPECT_EQ(jobs_.find("after_b")->after_job, "first");
  EXPECT_FALSE(jobs_.find("after_c")) << "it no longer runs after it";
  // What ended once does not end again, and nothing follows twice.
  Job again = follower("b");
  again.id = "another";
  EXPECT_FALSE(jobs_.finish(first, {again}, kMorning));
  EXPECT_FALSE(jobs_.find("another"));
}

}  // namespace
}  // namespace sluice
