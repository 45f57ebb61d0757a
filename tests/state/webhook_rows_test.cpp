#include "state/webhook_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "state/connection_store.h"
#include "state/job_store.h"
#include "state/pipe_store.h"
#include "state/webhook_store.h"
#include "support/fake_random.h"
#include "support/samples.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class WebhookRowsTest : public testing::Test {
 protected:
  void listen(const std::string& id, const std::string& events, const std::string& pipe_id = "") {
    Webhook webhook;
    webhook.id = id;
    webhook.pipe_id = pipe_id;
    webhook.events = parse_webhook_events(events);
    webhook.address = "https://a.example";
    webhook.url = Secret("https://a.example/x");
    webhook.key = Secret("key");
    webhook.created_at = kMorning;
    webhooks_.insert(webhook, 10);
  }
  /// A job of the pipe that ends so.
  void end_job(const std::string& id, JobStatus status, int minute) {
    Job job = sample_job(id, kMorning + minutes(minute));
    job.error = status == JobStatus::kError ? "It failed." : "";
    jobs_.enqueue(job, 100);
    jobs_.claim(kMorning + minutes(minute));
    job.status = status;
    jobs_.finish(job, {}, kMorning + minutes(minute));
  }
  /// Event and webhook of each message.
  std::vector<std::string> told() {
    std::vector<std::string> all;
    for (const WebhookDelivery& one : webhooks_.due(kMorning + minutes(100), 100)) {
      all.push_back(one.webhook_id + " " + one.event);
    }
    return all;
  }

  TestFolder folder_;
  FakeRandom random_;
  StateDatabase database_{folder_ / "state.db"};
  PipeStore pipes_{database_};
  JobStore jobs_{database_};
  WebhookStore webhooks_{database_, Secret(std::string(32, 'k')), random_};
};

TEST_F(WebhookRowsTest, NobodyIsToldWhereNobodyListens) {
  end_job("1", JobStatus::kError, 1);
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(WebhookRowsTest, EachIsToldWhatItAskedFor) {
  pipes_.insert(sample_pipe("flights"));
  pipes_.insert(sample_pipe("other"));
  listen("all", "done,error,recovered,missed");
  listen("flights", "error", "t_pipe_flights");
  listen("other", "done,error", "t_pipe_other");
  end_job("1", JobStatus::kDone, 1);
  EXPECT_THAT(told(), ElementsAre("all done"));
  end_job("2", JobStatus::kError, 2);
  EXPECT_THAT(told(), UnorderedElementsAre("all done", "all error", "flights error"));
  end_job("3", JobStatus::kCancelled, 3);
  end_job("4", JobStatus::kDone, 4);
  EXPECT_THAT(told(), UnorderedElementsAre("all done", "all error", "flights error", "all done",
                                           "all recovered"));
  end_job("5", JobStatus::kDone, 5);
  EXPECT_EQ(told().size(), 6U) << "it had recovered before";
}

TEST_F(WebhookRowsTest, WhatIsTold) {
  listen("all", "error");
  end_job("1", JobStatus::kError, 1);
  const std::vector<WebhookDelivery> due = webhooks_.due(kMorning + minutes(9), 10);
  ASSERT_EQ(due.size(), 1U);
  const auto body = nlohmann::json::parse(due[0].body);
  EXPECT_EQ(body.at("type"), "sink.error");
  EXPECT_EQ(body.at("timestamp"), "2026-11-23 08:31:00.000000");
  EXPECT_EQ(body.at("data").at("job_id"), "1");
  EXPECT_EQ(body.at("data").at("pipe").at("name"), "flights");
  EXPECT_EQ(body.at("data").at("error"), "It failed.");
  EXPECT_TRUE(due[0].id.starts_with("msg_"));
  EXPECT_EQ(due[0].id.size(), 36U);
}

TEST_F(WebhookRowsTest, MissedRuns) {
  listen("all", "missed");
  database_.write([](SQLite::Database& database) {
    note_missed_event(database, {"t_pipe_flights", "flights"},
                      {kMorning, kMorning + minutes(3), 4, MissedReason::kOverlap}, "", kMorning);
  });
  const auto body = nlohmann::json::parse(webhooks_.due(kMorning, 10).at(0).body);
  EXPECT_EQ(body.at("type"), "sink.missed");
  EXPECT_EQ(body.at("data").at("runs"), 4);
  EXPECT_EQ(body.at("data").at("reason"), "overlap");
  EXPECT_TRUE(body.at("data").at("covered_by").is_null());
}

TEST_F(WebhookRowsTest, ANewKeyOpensWhatTheOldOneSealed) {
  listen("all", "done");
  const Secret next(std::string(32, 'n'));
  ConnectionStore connections(database_, Secret(std::string(32, 'k')), random_);
  EXPECT_EQ(connections.is_sealed_with(next), std::optional(false));
  connections.change_key(next);
  EXPECT_EQ(connections.is_sealed_with(next), std::optional(true));
  EXPECT_EQ(WebhookStore(database_, next, random_).find("all")->url.reveal(),
            "https://a.example/x");
}

}  // namespace
}  // namespace sluice
