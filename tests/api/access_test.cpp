#include "api/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;

/// Which scopes open which route: every route's scope with the token that has just that.
class AccessTest : public testing::Test, protected ApiWorld {
 protected:
  AccessTest() {
    make_sink();
    job_ = run_sink();
    for (const auto& [value, scope] : std::vector<std::pair<std::string, std::string>>{
             {"p.tokens", "TOKENS"},
             {"p.create", "PIPES:CREATE"},
             {"p.read", "PIPES:READ:flights"},
             {"p.read_id", "PIPES:READ:" + pipes.find("flights")->id},
             {"p.drop", "PIPES:DROP:flights"},
             {"p.data", "DATASOURCES:READ:flights"},
             {"p.fill", "DATASOURCES:APPEND:flights"},
             {"p.make", "DATASOURCES:CREATE"},
             {"p.end", "DATASOURCES:DROP:flights"}}) {
      tokens.put({value, value, {scope}}, Secret(value), clock.now());
    }
  }
  /// Whether the token gets past the scope of the route.
  bool gets_in(const std::string& value, const Route& route) {
    std::string path(route.pattern);
    const std::vector<std::pair<std::string, std::string>> names = {
        {"{pipe}", "flights"}, {"{node}", "none"},       {"{datasource}", "flights"},
        {"{job}", job_},       {"{connection}", "none"}, {"{token}", "none"}};
    for (const auto& [from, to] : names) {
      if (const size_t at = path.find(from); at != std::string::npos) {
        path.replace(at, from.size(), to);
      }
    }
    // No call gets as far as doing something.
    DoorRequest request = ApiWorld::request(std::string(route.method), path + "?no=such&job=1");
    const Answer answer = send_as(value, request);
    return answer.status != 403 || answer.error().find("It needs the scope") == std::string::npos;
  }

  std::string job_;
};

TEST_F(AccessTest, EveryRouteAsksForItsScope) {
  const std::map<Scope, std::set<std::string>> allowed = {
      {Scope::kAdmin, {}},
      {Scope::kAnyToken,
       {"p.tokens", "p.create", "p.read", "p.read_id", "p.data", "p.drop", "p.fill", "p.make",
        "p.end"}},
      {Scope::kTokens, {"p.tokens"}},
      {Scope::kAnyPipe, {"p.create", "p.read", "p.read_id"}},
      {Scope::kCreatePipes, {"p.create"}},
      {Scope::kReadPipe, {"p.create", "p.read", "p.read_id"}},
      {Scope::kRunPipe, {"p.read", "p.read_id"}},
      {Scope::kReadJob, {"p.read", "p.read_id"}},
      {Scope::kReadSource, {"p.data", "p.fill", "p.make"}},
      {Scope::kFillSource, {"p.fill", "p.make"}},
      {Scope::kCreateSources, {"p.make"}},
      {Scope::kDropSource, {"p.end"}},
      {Scope::kDropPipe, {"p.drop"}}};
  // The last: afterwards the pipe is gone.
  for (const bool drop : {false, true}) {
    for (const Route& route : route_table()) {
      if (route.scope == Scope::kOpen || (route.scope == Scope::kDropPipe) != drop) continue;
      std::set<std::string> in;
      for (const char* value : {"p.tokens", "p.create", "p.read", "p.read_id", "p.data", "p.drop",
                                "p.fill", "p.make", "p.end"}) {
        if (gets_in(value, route)) in.insert(value);
      }
      EXPECT_EQ(in, allowed.at(route.scope)) << route.method << " " << route.pattern;
    }
  }
}

TEST_F(AccessTest, WhoMayReadAPipeRunsItAndSeesItsJob) {
  const Answer ran = send_as("p.read", request("POST", "/v0/pipes/flights/sink?format=ndjson"));
  ASSERT_EQ(ran.status, 200) << ran.error();
  const std::string job = ran.body.at("job").at("id");
  EXPECT_EQ(send_as("p.read", request("GET", "/v0/jobs/" + job)).status, 200);
  EXPECT_EQ(send_as("p.read", request("POST", "/v0/jobs/" + job + "/cancel")).status, 403);
  for (const char* parameter : {"connection=disk", "path=local://elsewhere"}) {
    const Answer refused =
        send_as("p.read", request("POST", std::string("/v0/pipes/flights/sink?") + parameter));
    EXPECT_EQ(refused.status, 403) << parameter;
    EXPECT_THAT(refused.error(), HasSubstr("another connection or path"));
  }
  EXPECT_EQ(send_as("p.read", request("GET", "/v0/jobs/nope")).status, 403);
}

TEST_F(AccessTest, APipeIsListedForWhoMayReadIt) {
  pipe("other", {"SELECT 1 AS a"});
  EXPECT_EQ(send_as("p.read", request("GET", "/v0/pipes")).body.at("pipes").size(), 1U);
  EXPECT_EQ(send_as("p.create", request("GET", "/v0/pipes")).body.at("pipes").size(), 2U);
  EXPECT_EQ(send_as("p.read", request("GET", "/v0/pipes/other")).status, 403);
}

TEST_F(AccessTest, AnExpiredTokenIsToldSo) {
  Token token{"9", "short", {"ADMIN"}};
  token.expires_at = clock.now();
  tokens.insert(token, Secret("p.short"), 99);
  const Answer answer = send_as("p.short", request("GET", "/v0/pipes"));
  EXPECT_EQ(answer.status, 403);
  EXPECT_THAT(answer.error(), HasSubstr("'short' expired"));
}

}  // namespace
}  // namespace sluice
