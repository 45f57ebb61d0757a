#include "jobs/webhook_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "jobs/jobs_world.h"
#include "support/caught.h"
#include "support/scripted_client.h"

namespace sluice {
namespace {

using testing::HasSubstr;

class WebhookServiceTest : public testing::Test, protected JobsWorld {
 protected:
  int status_ = 200;
  ScriptedClient http_{[this](const ScriptedClient::Seen&) {
    return HttpResponse{status_, {}, {}};
  }};
  WebhookStore store_{database, Secret(std::string(32, 'k')), random};
  WebhookSender sender_{store_, http_, clock, random};
  WebhookService service_{store_, sender_, clock, random};
};

TEST_F(WebhookServiceTest, MadeShownAndDeleted) {
  const Webhook made = service_.create({}, "https://a.example/x", "");
  EXPECT_EQ(made.events.size(), 3U) << "all but done";
  EXPECT_EQ(made.key.reveal().size(), 32U);
  EXPECT_EQ(service_.get(made.id).url.reveal(), "https://a.example/x");
  EXPECT_EQ(service_.list().size(), 1U);
  service_.remove(made.id);
  EXPECT_EQ(caught([&] { service_.get(made.id); }).code(), ErrorCode::kNotFound);
  EXPECT_EQ(caught([&] { service_.remove(made.id); }).code(), ErrorCode::kNotFound);
}

TEST_F(WebhookServiceTest, WhatIsNoneIsNotKept) {
  EXPECT_THROW(service_.create({}, "nonsense", ""), Error);
  EXPECT_THROW(service_.create({}, "https://a.example", "nonsense"), Error);
  EXPECT_TRUE(service_.list().empty());
}

TEST_F(WebhookServiceTest, ATestIsSentAtOnceAndNotKept) {
  const Webhook made = service_.create({}, "https://a.example/x", "done");
  EXPECT_EQ(service_.test(made, {}).error, "");
  EXPECT_THAT(http_.seen().at(0).body, HasSubstr("sink.test"));
  status_ = 403;
  const WebhookSender::Outcome refused = service_.test(made, {});
  EXPECT_EQ(refused.http_status, 403);
  EXPECT_THAT(refused.error, HasSubstr("403"));
  EXPECT_TRUE(service_.deliveries(made).empty());
}

}  // namespace
}  // namespace sluice
