// What the publisher's and the copier's tests do not reach.
#include "object_store/s3_verdict.h"

#include <gtest/gtest.h>

#include <deque>

#include "stores.h"
#include "support/caught.h"

namespace sluice {
namespace {

class S3VerdictTest : public testing::Test {
 protected:
  static S3Ticket ticket(Overwrite overwrite) {
    return {.key = "k",
            .job_id = "job-1",
            .content_type = "text/csv",
            .overwrite = overwrite,
            .size = 3,
            .finished = true};
  }
  void put(const std::string& job_id) { world_.s3.put("k", {"abc", "e", "", job_id}); }
  /// Answers so one after the other; `done` puts the object.
  S3Verdict::Write answering(std::deque<S3Written> answers) {
    return [this, answers = std::move(answers)](bool only_if_new) mutable {
      conditions_.push_back(only_if_new);
      const S3Written answer = answers.front();
      answers.pop_front();
      if (answer == S3Written::kDone) put("job-1");
      return answer;
    };
  }

  S3World world_;
  S3Client s3_{world_.options().s3, world_.s3, world_.clock, world_.random};
  S3Verdict verdict_{s3_};
  std::vector<bool> conditions_;
};

TEST_F(S3VerdictTest, ConditionsAreDroppedOnceTheyAreRefused) {
  const auto write = answering({S3Written::kUnsupported, S3Written::kUnclear, S3Written::kDone});
  EXPECT_EQ(verdict_.write(ticket(Overwrite::kNever), true, write, ""), PublishResult::kPublished);
  EXPECT_EQ(conditions_, (std::vector{true, false, false}));
}

TEST_F(S3VerdictTest, NoConditionWhereItMayReplaceOrTheStoreKnowsNone) {
  verdict_.write(ticket(Overwrite::kReplace), true, answering({S3Written::kDone}), "");
  verdict_.write(ticket(Overwrite::kNever), false, answering({S3Written::kDone}), "");
  EXPECT_EQ(conditions_, (std::vector{false, false}));
}

TEST_F(S3VerdictTest, WhatStandsThereDecides) {
  const auto taken = [&] {
    return verdict_.write(ticket(Overwrite::kNever), true, answering({S3Written::kNameTaken}), "");
  };
  put("job-1");
  EXPECT_EQ(taken(), PublishResult::kPublished);
  EXPECT_EQ(verdict_.before(ticket(Overwrite::kNever)), PublishResult::kPublished);
  EXPECT_EQ(verdict_.before(ticket(Overwrite::kReplace)), std::nullopt);
  EXPECT_EQ(verdict_.gone(ticket(Overwrite::kNever), "why"), PublishResult::kPublished);
  put("job-2");
  EXPECT_EQ(taken(), PublishResult::kNameTaken);
  EXPECT_EQ(verdict_.before(ticket(Overwrite::kNever)), PublishResult::kNameTaken);
  EXPECT_ERROR(verdict_.gone(ticket(Overwrite::kNever), "why"), kConflict);
}

TEST_F(S3VerdictTest, UnclearToTheEndIsUnavailable) {
  const std::deque<S3Written> unclear(100, S3Written::kUnclear);
  EXPECT_ERROR(verdict_.write(ticket(Overwrite::kReplace), true, answering(unclear), ""),
               kUnavailable);
}

}  // namespace
}  // namespace sluice
