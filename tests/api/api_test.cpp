#include "api/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"
#include "base/limits.h"

namespace sluice {
namespace {

using testing::HasSubstr;

class ApiTest : public testing::Test, protected ApiWorld {
 protected:
  static DoorRequest with_token(const std::string& header, const std::string& target) {
    DoorRequest request = ApiWorld::request("GET", target);
    request.headers = {{"Host", "example.test"}};
    if (!header.empty()) request.headers.push_back({"authorization", header});
    return request;
  }
};

TEST_F(ApiTest, HealthIsOpenAndHonest) {
  EXPECT_EQ(send(with_token("", "/health")).status, 200);
  EXPECT_EQ(get("/health").body.at("version"), "1.2.3");
  api.set_ready(false);
  EXPECT_EQ(get("/health").status, 503);
  EXPECT_EQ(get("/v0/pipes").status, 200) << "calls under way are still answered";
}

TEST_F(ApiTest, ATokenIsNeededEverywhereElse) {
  for (const Route& route : route_table()) {
    std::string path(route.pattern);
    for (size_t at; (at = path.find('{')) != std::string::npos;) {
      path.replace(at, path.find('}') - at + 1, "x");
    }
    DoorRequest request = ApiWorld::request(std::string(route.method), path);
    request.headers.clear();
    if (route.scope == Scope::kOpen) continue;
    const Answer none = send(request);
    EXPECT_EQ(none.status, 403) << path;
    EXPECT_THAT(none.error(), HasSubstr("scope")) << path;
    request.headers = {{"Authorization", "Bearer p.reader"}};
    if (route.scope == Scope::kAnyPipe || route.scope == Scope::kAnyToken) continue;
    EXPECT_EQ(send(request).status, 403) << path;
  }
}

TEST_F(ApiTest, TokensInHeaderAndQuery) {
  for (const char* header : {"Bearer p.admin", "bearer p.admin", "BEARER  p.admin "}) {
    EXPECT_EQ(send(with_token(header, "/v0/pipes")).status, 200) << header;
  }
  for (const char* header : {"Bearer p.wrong", "Bearer ", "p.admin", "Basic p.admin", "Bearer"}) {
    EXPECT_EQ(send(with_token(header, "/v0/pipes")).status, 403) << header;
  }
  EXPECT_EQ(send(with_token("", "/v0/pipes?token=p.admin")).status, 200);
  EXPECT_EQ(send(with_token("", "/v0/pipes?token=p.wrong")).status, 403);
  EXPECT_EQ(send(with_token("Bearer p.wrong", "/v0/pipes?token=p.admin")).status, 403)
      << "the header is what counts where there is one";
}

TEST_F(ApiTest, TheScopeThatIsMissingIsTold) {
  DoorRequest request = ApiWorld::request("POST", "/v0/pipes/flights/sink");
  request.headers = {{"Authorization", "Bearer p.none"}};
  EXPECT_THAT(send(request).error(), HasSubstr("PIPES:READ:flights"));
}

TEST_F(ApiTest, WithoutATokenNothingElseIsTold) {
  DoorRequest request = ApiWorld::request("POST", "/v0/pipes", "{not json", "application/json");
  request.headers = {{"Content-Type", "application/json"}};
  EXPECT_EQ(send(request).status, 403);
  EXPECT_EQ(send(ApiWorld::request("POST", "/v0/pipes", "{not json", "application/json")).status,
            400);
}

TEST_F(ApiTest, UnknownPathsAndMethods) {
  for (const char* path : {"/", "/v0", "/v0/pipes//", "/v0/pipes//nodes", "/v0/nothing",
                           "/V0/pipes", "/v0/pipes/a/b", "/health/x", "*"}) {
    const Answer answer = get(path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_FALSE(answer.error().empty());
  }
  const Answer put = send(request("PUT", "/v0/pipes"));
  EXPECT_EQ(put.status, 405);
  EXPECT_EQ(put.header("Allow"), "GET, POST");
  EXPECT_THAT(put.error(), HasSubstr("PUT"));
}

TEST_F(ApiTest, ASlashAtTheEndIsIgnored) {
  EXPECT_EQ(get("/v0/pipes/").status, 200);
  EXPECT_EQ(get("/v0/jobs/?limit=1").status, 200);
}

TEST_F(ApiTest, ARateIsHeldPerToken) {
  RateLimit two(clock, 2);
  Api limited({pipe_catalog,
               pipes,
               sink_catalog,
               connection_catalog,
               schedule_catalog,
               datasource_catalog,
               events,
               service,
               backfills,
               webhooks,
               preview,
               verifier,
               runner.metrics(),
               queries,
               database,
               token_catalog,
               variable_catalog,
               two,
               workspace,
               clock,
               random,
               "",
               "1"});
  auto call = [&](const std::string& token) {
    DoorRequest request = ApiWorld::request("GET", "/v0/pipes");
    request.headers[1].value = "Bearer " + token;
    const DoorResponse response = limited.handle(request);
    return Answer{response.status, json::parse(response.body), response.headers};
  };
  EXPECT_EQ(call("p.admin").header("X-RateLimit-Remaining"), "1");
  EXPECT_EQ(call("p.admin").status, 200);
  const Answer over = call("p.admin");
  EXPECT_EQ(over.status, 429);
  EXPECT_EQ(over.header("Retry-After"), "30");
  for (const char* prefix : {"X-RateLimit-", "RateLimit-"}) {
    EXPECT_EQ(over.header(std::string(prefix) + "Limit"), "2");
    EXPECT_EQ(over.header(std::string(prefix) + "Remaining"), "0");
    EXPECT_EQ(over.header(std::string(prefix) + "Reset"), "30");
  }
  EXPECT_THAT(over.error(), HasSubstr("--rate-limit"));
  EXPECT_EQ(call("p.reader").status, 200) << "another token has a rate of its own";
  clock.advance(std::chrono::seconds(30));
  EXPECT_EQ(call("p.admin").status, 200);
  DoorRequest health = ApiWorld::request("GET", "/health");
  EXPECT_EQ(find_header(limited.handle(health).headers, "X-RateLimit-Limit"), nullptr);
  EXPECT_EQ(get("/v0/pipes").header("X-RateLimit-Limit"), "") << "no limit, no header";
}

TEST_F(ApiTest, HeadIsAnsweredLikeGet) {
  EXPECT_EQ(send(request("HEAD", "/v0/pipes")).status, 200);
  EXPECT_EQ(send(request("HEAD", "/v0/pipes/nope")).status, 404);
  EXPECT_EQ(send(request("HEAD", "/v0/jobs/x/cancel")).status, 405);
}

TEST_F(ApiTest, PathsAreDecodedOnce) {
  make_flights();
  EXPECT_EQ(get("/v0/pipes/fl%69ghts").status, 200);
  EXPECT_EQ(get("/v0/pipes/fl%2569ghts").status, 404);
  EXPECT_EQ(get("/v0/pipes/%zz").status, 400);
  EXPECT_EQ(get("/v0/pipes/%").status, 400);
  EXPECT_EQ(get("/v0/pipes/a%2Fb").status, 404);
  const Answer bytes = get("/v0/pipes/%ff%fe");
  EXPECT_EQ(bytes.status, 404);
  EXPECT_THAT(bytes.error(), HasSubstr("\xEF\xBF\xBD")) << "answers are UTF-8 whatever was sent";
}

TEST_F(ApiTest, EveryAnswerHasARequestId) {
  const std::string first = get("/health").header("X-Request-Id");
  const std::string second = get("/nothing").header("X-Request-Id");
  EXPECT_THAT(first, testing::MatchesRegex("[0-9a-f]{16}"));
  EXPECT_THAT(second, testing::MatchesRegex("[0-9a-f]{16}"));
  EXPECT_NE(first, second);
}

TEST_F(ApiTest, ErrorsAreJson) {
  const DoorResponse response = api.handle(request("GET", "/v0/pipes/nope"));
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, "application/json");
  const json body = json::parse(response.body);
  EXPECT_EQ(body.size(), 2U);
  EXPECT_THAT(body.at("error").get<std::string>(), HasSubstr("'nope'"));
  EXPECT_EQ(body.at("documentation"), "http://example.test:7181/docs#get-v0-pipes-pipe");
}

TEST_F(ApiTest, AFullQueueSaysWhenToComeBack) {
  make_sink();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(post("/v0/pipes/flights/sink").status, 200);
  const Answer full = post("/v0/pipes/flights/sink");
  EXPECT_EQ(full.status, 429);
  EXPECT_EQ(full.header("Retry-After"), "5");
}

TEST_F(ApiTest, UnexpectedFailuresTellNothing) {
  make_flights();
  bucket.set_hook([](const std::string& call, const std::string&) {
    if (call == "probe") throw std::runtime_error("inner details");
  });
  const Answer answer = post("/v0/pipes/flights/nodes/flights_0/sink",
                             "connection=disk&path=local://out&file_template=all");
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.error(), testing::Not(HasSubstr("inner details")));
  EXPECT_THAT(answer.error(), HasSubstr(answer.header("X-Request-Id")));
}

TEST_F(ApiTest, BaseAddress) {
  make_flights();
  auto url = [&](const std::string& host) {
    DoorRequest request = ApiWorld::request("GET", "/v0/pipes/flights");
    request.headers[0].value = host;
    return send(request).body.at("url").get<std::string>();
  };
  EXPECT_EQ(url("example.test:7181"), "http://example.test:7181/v0/pipes/flights");
  EXPECT_EQ(url("[::1]:80"), "http://[::1]:80/v0/pipes/flights");
  EXPECT_EQ(url("evil/<script>"), "http://localhost/v0/pipes/flights");
  EXPECT_EQ(url(""), "http://localhost/v0/pipes/flights");
  Api behind_proxy({pipe_catalog,
                    pipes,
                    sink_catalog,
                    connection_catalog,
                    schedule_catalog,
                    datasource_catalog,
                    events,
                    service,
                    backfills,
                    webhooks,
                    preview,
                    verifier,
                    runner.metrics(),
                    queries,
                    database,
                    token_catalog,
                    variable_catalog,
                    rate_limit,
                    workspace,
                    clock,
                    random,
                    "https://sluice.example",
                    "1"});
  const DoorResponse response = behind_proxy.handle(request("GET", "/v0/pipes/flights"));
  EXPECT_EQ(json::parse(response.body).at("url"), "https://sluice.example/v0/pipes/flights");
}

TEST_F(ApiTest, ALargeBodyNeedsTheTokenBeforeItComes) {
  DoorRequest head = request("POST", "/v0/pipes");
  EXPECT_FALSE(api.refuse_body(head));
  head.headers = {{"Authorization", "Bearer p.reader"}};
  const std::optional<DoorResponse> refused = api.refuse_body(head);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 403);
  EXPECT_THAT(refused->body, HasSubstr("PIPES:CREATE"));
  head.headers.clear();
  EXPECT_EQ(api.refuse_body(head)->status, 403);
  head.query = "token=p.admin&a=%zz";
  EXPECT_EQ(api.refuse_body(head)->status, 400) << "a badly encoded query is told, too";
  head.path = "/nothing";
  EXPECT_FALSE(api.refuse_body(head)) << "the call itself says what is wrong";
}

TEST_F(ApiTest, BodyLimits) {
  EXPECT_EQ(Api::body_limit("POST", "/v0/pipes").most, limits::kBodyBytes);
  EXPECT_EQ(Api::body_limit("GET", "/v0/pipes").most, 0U);
  EXPECT_EQ(Api::body_limit("GET", "/v0/pipes/x").most, 0U);
  EXPECT_EQ(Api::body_limit("POST", "/v0/pipes/x/sink").most, limits::kBodyBytes);
  EXPECT_LE(Api::body_limit("POST", "/nothing/%zz").most, limits::kBodyBytes);
}

}  // namespace
}  // namespace sluice
