#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::Not;

class WebhooksTest : public testing::Test, protected ApiWorld {};

TEST_F(WebhooksTest, TheKeyIsShownOnceAndTheAddressInPart) {
  make_sink();
  const Answer made =
      post("/v0/webhooks", "url=https://a.example/hidden&events=done,error&pipe=flights");
  ASSERT_EQ(made.status, 200) << made.error();
  EXPECT_EQ(made.body.at("url"), "https://a.example/***");
  EXPECT_EQ(made.body.at("events"), (json{"done", "error"}));
  EXPECT_EQ(made.body.at("pipe").at("name"), "flights");
  EXPECT_TRUE(made.body.at("secret").get<std::string>().starts_with("whsec_"));
  const std::string path = "/v0/webhooks/" + made.body.at("id").get<std::string>();
  EXPECT_TRUE(get(path).body.at("secret").is_null());
  EXPECT_THAT(get("/v0/webhooks").body.dump(), Not(HasSubstr("hidden")));
  EXPECT_EQ(del(path).status, 204);
  EXPECT_EQ(get(path).status, 404);
}

TEST_F(WebhooksTest, ShowsWhatWasTold) {
  make_sink();
  const Answer made = post("/v0/webhooks", "url=https://a.example/x&events=done");
  const std::string path = "/v0/webhooks/" + made.body.at("id").get<std::string>();
  run_sink();
  ASSERT_TRUE(workers.run_one());
  EXPECT_EQ(get(path).body.at("deliveries")[0].at("status"), "waiting");
  webhook_sender.send_due({});
  const json delivery = get(path).body.at("deliveries")[0];
  EXPECT_EQ(delivery.at("status"), "delivered");
  EXPECT_EQ(delivery.at("http_status"), 204);
  EXPECT_EQ(post(path + "/test").body.at("ok"), true);
}

TEST_F(WebhooksTest, BadOnes) {
  for (const auto& [form, status, mention] : std::vector<std::tuple<std::string, int, const char*>>{
           {"", 400, "url"},
           {"url=file:///etc/passwd", 400, "https://"},
           {"url=https://a.example&events=begun", 400, "begun"},
           {"url=https://a.example&pipe=none", 404, "none"},
           {"url=https://a.example&colour=red", 400, "colour"}}) {
    const Answer answer = post("/v0/webhooks", form);
    EXPECT_EQ(answer.status, status) << form;
    EXPECT_THAT(answer.error(), HasSubstr(mention));
  }
  EXPECT_EQ(post("/v0/webhooks/none/test").status, 404);
  EXPECT_EQ(send_as("p.reader", request("GET", "/v0/webhooks")).status, 403);
}

}  // namespace
}  // namespace sluice
