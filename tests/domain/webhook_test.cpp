#include "domain/webhook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/error.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Webhook, Events) {
  using enum WebhookEvent;
  EXPECT_THAT(parse_webhook_events(" Missed,done,done"), ElementsAre(kDone, kMissed));
  EXPECT_TRUE(parse_webhook_events("").empty());
  const Error error = caught([] { parse_webhook_events("done,begun"); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), HasSubstr("'begun'"));
  for (const WebhookEvent event : kWebhookEvents) {
    EXPECT_THAT(parse_webhook_events(webhook_event_name(event)), ElementsAre(event));
  }
}

TEST(Webhook, OnlySchemeAndHostOfTheAddressAreShown) {
  EXPECT_EQ(webhook_address("https://hooks.example.com/T0/secret?x=y"),
            "https://hooks.example.com");
  EXPECT_EQ(webhook_address("http://[::1]:8080"), "http://[::1]:8080");
  EXPECT_EQ(webhook_address("https://a.example?key=1"), "https://a.example");
}

TEST(Webhook, AddressesThatAreNone) {
  for (const std::string& url :
       {std::string(), std::string("ftp://a.example"), std::string("a.example/x"),
        std::string("https://"), std::string("https:///x"), std::string("https://me:pw@a.example/"),
        std::string("https://a.example/a b"), "https://" + std::string(3000, 'a')}) {
    EXPECT_EQ(caught([&] { webhook_address(url); }).code(), ErrorCode::kInvalid) << url;
  }
}

/// The example that the libraries of the specification test themselves with.
TEST(Webhook, SignaturesAreThoseOfTheSpecification) {
  const Secret key(*hex_decode("31f290f6bf06298aab4f08d43c3f082cf648a362da2da4b0"));
  const Timestamp at{std::chrono::seconds(1614265330)};
  const WebhookHeaders headers =
      sign_webhook(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, R"({"test": 2432232314})");
  EXPECT_EQ(headers.id, "msg_p5jXN8AQM9LWM0D4loKWxJek");
  EXPECT_EQ(headers.timestamp, "1614265330");
  EXPECT_EQ(headers.signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Webhook, TheKeyAsReceiversAreGivenIt) {
  EXPECT_EQ(shown_webhook_key(Secret("abc")).reveal(), "whsec_YWJj");
}

}  // namespace
}  // namespace sluice
