#include "catalog/connection_trial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_random.h"
#include "support/fake_store.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using Outcome = ConnectionTrial::Outcome;

class ConnectionTrialTest : public testing::Test {
 protected:
  ConnectionTrial run() { return try_connection(store_, "a/b", random_); }
  static std::vector<Outcome> outcomes(const ConnectionTrial& trial) {
    std::vector<Outcome> out;
    for (const auto& step : trial.steps) out.push_back(step.outcome);
    return out;
  }

  FakeBucket bucket_;
  FakeStore store_{bucket_};
  FakeRandom random_;
};

TEST_F(ConnectionTrialTest, ListsWritesDeletesAndLeavesNothing) {
  const ConnectionTrial trial = run();
  EXPECT_EQ(trial.failed(), nullptr);
  EXPECT_THAT(outcomes(trial), testing::ElementsAre(Outcome::kOk, Outcome::kOk, Outcome::kOk));
  EXPECT_TRUE(bucket_.objects().empty());
  EXPECT_THAT(trial.steps[1].detail, HasSubstr("a/b/.sluice-test-"));
}

TEST_F(ConnectionTrialTest, WithoutTheRightToDeleteAnUploadIsBegunAndAborted) {
  bucket_.fail("remove", "", ErrorCode::kForbidden);
  const ConnectionTrial trial = run();
  EXPECT_EQ(trial.failed(), nullptr);
  EXPECT_THAT(outcomes(trial), testing::ElementsAre(Outcome::kOk, Outcome::kOk, Outcome::kSkipped));
  EXPECT_THAT(trial.steps[1].detail, HasSubstr("begun and aborted"));
  EXPECT_THAT(trial.steps[2].detail, HasSubstr("no sink needs it"));
  EXPECT_TRUE(bucket_.objects().empty());
}

TEST_F(ConnectionTrialTest, TheStepThatFailedIsNamedAndTheOthersAreNotReached) {
  bucket_.fail("list", "", ErrorCode::kNotFound);
  const ConnectionTrial trial = run();
  ASSERT_NE(trial.failed(), nullptr);
  EXPECT_EQ(trial.failed()->name, "list");
  EXPECT_THAT(outcomes(trial),
              testing::ElementsAre(Outcome::kFailed, Outcome::kSkipped, Outcome::kSkipped));
  EXPECT_EQ(trial.steps[2].detail, "not reached");
}

TEST_F(ConnectionTrialTest, AWriteThatFails) {
  bucket_.fail("publish", "", ErrorCode::kForbidden);
  const ConnectionTrial trial = run();
  ASSERT_NE(trial.failed(), nullptr);
  EXPECT_EQ(trial.failed()->name, "write");
  EXPECT_THAT(outcomes(trial),
              testing::ElementsAre(Outcome::kOk, Outcome::kFailed, Outcome::kSkipped));
}

TEST_F(ConnectionTrialTest, AnObjectThatStaysIsAFailureOfDelete) {
  bool first = true;
  bucket_.set_hook([&](const std::string& call, const std::string&) {
    if (call == "remove" && !std::exchange(first, false)) {
      throw Error(ErrorCode::kForbidden, "Now it is not allowed.");
    }
  });
  const ConnectionTrial trial = run();
  ASSERT_NE(trial.failed(), nullptr);
  EXPECT_EQ(trial.failed()->name, "delete");
}

}  // namespace
}  // namespace sluice
