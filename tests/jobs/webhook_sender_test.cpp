#include "jobs/webhook_sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "jobs/jobs_world.h"
#include "support/scripted_client.h"

namespace sluice {
namespace {

using std::chrono::hours;
using testing::HasSubstr;

class WebhookSenderTest : public testing::Test, protected JobsWorld {
 protected:
  void listen(const std::string& id) {
    Webhook webhook;
    webhook.id = id;
    webhook.events = parse_webhook_events("done,error");
    webhook.address = "https://" + id + ".example";
    webhook.url = Secret("https://" + id + ".example/path");
    webhook.key = Secret("key");
    webhook.created_at = kMorning;
    store_.insert(webhook, 10);
  }
  void end_a_job() {
    enqueue(std::to_string(++jobs_made_), "SELECT 1 AS a");
    run_next();
  }
  WebhookDelivery newest(const std::string& id) { return store_.deliveries(id, 1).at(0); }

  int jobs_made_ = 0;
  std::function<HttpResponse(const ScriptedClient::Seen&)> answer_ =
      [](const ScriptedClient::Seen&) {
        return HttpResponse{204, {}, {}};
      };
  ScriptedClient http_{[this](const ScriptedClient::Seen& seen) { return answer_(seen); }};
  WebhookStore store_{database, Secret(std::string(32, 'k')), random};
  WebhookSender sender_{store_, http_, clock, random};
};

TEST_F(WebhookSenderTest, TellsOnceSignedWhatHappened) {
  listen("a");
  end_a_job();
  EXPECT_EQ(sender_.send_due({}), 1U);
  EXPECT_EQ(sender_.send_due({}), 0U);
  ASSERT_EQ(http_.seen().size(), 1U);
  const ScriptedClient::Seen seen = http_.seen()[0];
  EXPECT_EQ(seen.request.method, "POST");
  EXPECT_EQ(seen.request.url, "https://a.example/path");
  EXPECT_THAT(seen.body, HasSubstr("sink.done"));
  const WebhookHeaders expected =
      sign_webhook(Secret("key"), newest("a").id, clock.now(), seen.body);
  EXPECT_EQ(seen.header("webhook-id"), newest("a").id);
  EXPECT_EQ(seen.header("webhook-timestamp"), expected.timestamp);
  EXPECT_EQ(seen.header("webhook-signature"), expected.signature);
  EXPECT_TRUE(newest("a").delivered_at);
  EXPECT_EQ(newest("a").http_status, 204);
}

TEST_F(WebhookSenderTest, WhatIsNotTakenIsSentAgainAtLongerPauses) {
  listen("a");
  end_a_job();
  int calls = 0;
  answer_ = [&](const ScriptedClient::Seen&) -> HttpResponse {
    if (++calls == 1) throw Error(ErrorCode::kUnavailable, "Nobody is there.");
    return {calls == 2 ? 500 : 200, {}, {}};
  };
  EXPECT_EQ(sender_.send_due({}), 1U);
  EXPECT_EQ(newest("a").error, "Nobody is there.");
  EXPECT_EQ(newest("a").http_status, 0);
  EXPECT_EQ(sender_.send_due({}), 0U);
  const Timestamp second = *newest("a").next_at;
  EXPECT_GE(second, clock.now() + std::chrono::seconds(5));
  clock.set_now(second);
  EXPECT_EQ(sender_.send_due({}), 1U);
  EXPECT_EQ(newest("a").http_status, 500);
  EXPECT_GE(*newest("a").next_at, second + std::chrono::seconds(30));
  clock.set_now(*newest("a").next_at);
  EXPECT_EQ(sender_.send_due({}), 1U);
  EXPECT_TRUE(newest("a").delivered_at);
  EXPECT_EQ(newest("a").attempt, 3);
  EXPECT_EQ(http_.seen()[0].header("webhook-id"), http_.seen()[2].header("webhook-id"));
}

TEST_F(WebhookSenderTest, GivesUpInTheEnd) {
  listen("a");
  end_a_job();
  answer_ = [](const ScriptedClient::Seen&) { return HttpResponse{404, {}, {}}; };
  const Timestamp begin = clock.now();
  while (store_.next_due()) {
    clock.set_now(*store_.next_due());
    ASSERT_EQ(sender_.send_due({}), 1U);
  }
  EXPECT_EQ(newest("a").attempt, 10);
  EXPECT_FALSE(newest("a").delivered_at);
  EXPECT_GT(clock.now(), begin + hours(22));
  EXPECT_LT(clock.now(), begin + hours(26));
}

TEST_F(WebhookSenderTest, AReceiverThatFailsHoldsUpNoOther) {
  listen("bad");
  listen("good");
  end_a_job();
  end_a_job();
  answer_ = [](const ScriptedClient::Seen& seen) {
    return HttpResponse{seen.request.url.find("bad") == std::string::npos ? 200 : 503, {}, {}};
  };
  EXPECT_EQ(sender_.send_due({}), 3U) << "one of the bad one's, both of the other's";
  EXPECT_TRUE(newest("good").delivered_at);
  EXPECT_EQ(store_.due(clock.now(), 10).size(), 0U);
}

TEST_F(WebhookSenderTest, StoppedInTheMidstItIsSentAgainLater) {
  listen("a");
  end_a_job();
  answer_ = [](const ScriptedClient::Seen&) -> HttpResponse {
    throw Error(ErrorCode::kCancelled, "Stopped.");
  };
  EXPECT_THROW(sender_.send_due({}), Error);
  EXPECT_EQ(store_.due(clock.now(), 10).size(), 1U);
}

}  // namespace
}  // namespace sluice
