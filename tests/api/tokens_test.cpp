#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::Not;

class TokensApiTest : public testing::Test, protected ApiWorld {};

TEST_F(TokensApiTest, TheValueIsShownOnce) {
  const Answer made = post("/v0/tokens", "name=t&scope=PIPES:READ:flights&description=x");
  ASSERT_EQ(made.status, 200) << made.error();
  const std::string value = made.body.at("token");
  EXPECT_THAT(value, testing::StartsWith("p."));
  EXPECT_EQ(made.body.at("scopes"), json::parse(R"([{"type":"PIPES:READ","resource":"flights"}])"));
  for (const Answer& later : {get("/v0/tokens"), get("/v0/tokens/t"),
                              get("/v0/tokens/" + made.body.at("id").get<std::string>())}) {
    EXPECT_EQ(later.status, 200);
    EXPECT_THAT(later.body.dump(), Not(HasSubstr(value)));
  }
  EXPECT_EQ(get("/v0/tokens/t").body.at("token"), nullptr);
  EXPECT_EQ(get("/v0/tokens/t").body.at("description"), "x");
  EXPECT_EQ(send_as(value, request("GET", "/v0/pipes")).status, 200);
}

TEST_F(TokensApiTest, ScopesTravelInEveryWay) {
  const json want = json::parse(R"([{"type":"PIPES:READ","resource":"a"},{"type":"TOKENS"}])");
  EXPECT_EQ(post("/v0/tokens?name=q&scope=PIPES:READ:a&scope=TOKENS").body.at("scopes"), want);
  EXPECT_EQ(post("/v0/tokens", "name=f&scope=PIPES:READ:a&scope=TOKENS").body.at("scopes"), want);
  const std::vector<json> bodies = {{{"name", "j1"}, {"scope", {"PIPES:READ:a", "TOKENS"}}},
                                    {{"name", "j2"}, {"scopes", want}}};
  for (const json& body : bodies) {
    EXPECT_EQ(post_json("/v0/tokens", body).body.at("scopes"), want) << body;
  }
}

TEST_F(TokensApiTest, Expiry) {
  const Answer text = post("/v0/tokens", "name=a&scope=TOKENS&expires_at=2026-11-23+09:00:00");
  EXPECT_EQ(text.body.at("expires_at"), "2026-11-23 09:00:00.000000");
  const Answer number = post("/v0/tokens?name=b&scope=TOKENS&expiration_time=1795424400");
  EXPECT_EQ(number.body.at("expires_at"), "2026-11-23 09:00:00.000000");
  for (const char* bad : {"expires_at=soon", "expires_at=2020-01-01+00:00:00", "expiration_time=x",
                          "expiration_time=-1", "expiration_time=99999999999999"}) {
    EXPECT_EQ(post("/v0/tokens", std::string("name=c&scope=TOKENS&") + bad).status, 400) << bad;
  }
  const std::string value = text.body.at("token");
  clock.advance(std::chrono::hours(1));
  EXPECT_EQ(send_as(value, request("GET", "/v0/tokens")).status, 403);
}

TEST_F(TokensApiTest, RefreshChangeDelete) {
  const std::string old = post("/v0/tokens", "name=t&scope=TOKENS").body.at("token");
  const std::string fresh = post("/v0/tokens/t/refresh").body.at("token");
  EXPECT_EQ(send_as(old, request("GET", "/v0/tokens")).status, 403);
  EXPECT_EQ(send_as(fresh, request("GET", "/v0/tokens")).status, 200);
  EXPECT_EQ(put("/v0/tokens/t", "scope=PIPES:CREATE").status, 200);
  EXPECT_EQ(send_as(fresh, request("GET", "/v0/tokens")).status, 403);
  EXPECT_EQ(del("/v0/tokens/t").status, 204);
  EXPECT_EQ(del("/v0/tokens/t").status, 404);
  EXPECT_EQ(get("/v0/tokens/t").status, 404);
}

TEST_F(TokensApiTest, Refusals) {
  const std::vector<std::tuple<std::string, int, const char*>> bodies = {
      {"scope=TOKENS", 400, "'name'"},
      {"name=x", 400, "no scope"},
      {"name=x&scope=PIPES:WRITE:a", 400, "PIPES:WRITE:a"},
      {"name=x&scope=DATASOURCES:READ:a:b=1", 400, "filter"},
      {"name=admin&scope=TOKENS", 409, "'admin'"},
      {"name=x&scope=TOKENS&colour=blue", 400, "'colour'"},
      {"name=x&scope={%C2%B5", 400, "no JSON"},
      {"name=x&name=y&scope=TOKENS", 400, "twice"}};
  for (const auto& [body, status, word] : bodies) {
    const Answer answer = post("/v0/tokens", body);
    EXPECT_EQ(answer.status, status) << body;
    EXPECT_THAT(answer.error(), HasSubstr(word)) << body;
  }
  const json fixed = {
      {"name", "x"},
      {"scopes", {{{"type", "PIPES:READ"}, {"resource", "a"}, {"fixed_params", {{"k", "v"}}}}}}};
  EXPECT_THAT(post_json("/v0/tokens", fixed).error(), HasSubstr("fixed_params"));
  EXPECT_THAT(get("/v0/tokens/p.0123456789").error(), Not(HasSubstr("0123456789")));
}

}  // namespace
}  // namespace sluice
