#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kS3 =
    "service=s3&name=store&s3_access_key_id=AKIAPLAIN&s3_secret_access_key=VERYSECRET&"
    "s3_region=us-east-1&s3_endpoint=http://127.0.0.1:9000/&s3_path_style=true";

class ConnectorsApiTest : public testing::Test, protected ApiWorld {};

TEST_F(ConnectorsApiTest, CreateAnswersTheConnectionWithoutItsSecrets) {
  const DoorResponse response =
      api.handle(request("POST", "/v0/connectors", kS3, "application/x-www-form-urlencoded"));
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_THAT(response.body, Not(HasSubstr("VERYSECRET")));
  EXPECT_THAT(response.body, Not(HasSubstr("AKIAPLAIN")));
  const json body = json::parse(response.body);
  EXPECT_EQ(body.at("service"), "s3");
  EXPECT_EQ(body.at("name"), "store");
  EXPECT_EQ(body.at("linkers"), json::array());
  EXPECT_EQ(body.at("sinks"), json::array());
  EXPECT_EQ(body.at("settings"), json({{"s3_endpoint", "http://127.0.0.1:9000"},
                                       {"s3_path_style", "true"},
                                       {"s3_region", "us-east-1"}}));
  EXPECT_EQ(body, get("/v0/connectors/store").body);
  EXPECT_EQ(body, get("/v0/connectors/" + body.at("id").get<std::string>()).body);
}

TEST_F(ConnectorsApiTest, JsonAndQuery) {
  EXPECT_EQ(post_json("/v0/connectors", {{"service", "local"}, {"name", "a"}}).status, 200);
  EXPECT_EQ(post("/v0/connectors?service=local&name=b&root=c&debug=1").status, 200);
  EXPECT_EQ(get("/v0/connectors/b").body.at("settings").at("root"), "c");
}

TEST_F(ConnectorsApiTest, ADryRunStoresNothing) {
  EXPECT_EQ(post("/v0/connectors?dry_run=true", kS3).status, 200);
  EXPECT_EQ(post("/v0/connectors?dry_run=true", "service=s3&name=x").status, 400);
  EXPECT_EQ(get("/v0/connectors").body, json({{"connectors", json::array()}}));
}

TEST_F(ConnectorsApiTest, Refusals) {
  post("/v0/connectors", "service=local&name=taken");
  const std::vector<std::tuple<std::string, int, const char*>> bodies = {
      {"", 400, "service"},
      {"service=s3", 400, "name"},
      {"service=ftp&name=x", 400, "s3, s3_iamrole, gcs_hmac"},
      {"service=s3&name=x", 400, "s3_access_key_id"},
      {"service=local&name=x&colour=red", 400, "'colour'"},
      {"service=local&name=x&root=../y", 400, "../y"},
      {"service=local&name=a/b", 400, "a/b"},
      {"service=local&name=Taken", 409, "Taken"},
      {"service=local&name=x&dry_run=maybe", 400, "dry_run"},
      {"service=s3&name=x&s3_region=Mars&s3_access_key_id=a&s3_secret_access_key=b", 400, "Mars"}};
  for (const auto& [body, status, word] : bodies) {
    const Answer answer = post("/v0/connectors", body);
    EXPECT_EQ(answer.status, status) << body;
    EXPECT_THAT(answer.error(), HasSubstr(word)) << body;
  }
  EXPECT_EQ(get("/v0/connectors").body.at("connectors").size(), 1U);
}

TEST_F(ConnectorsApiTest, AFolderThatCanNotBeMade) {
  bucket.fail("probe", "", ErrorCode::kStorage);
  EXPECT_EQ(post("/v0/connectors", "service=local&name=x").status, 507);
}

TEST_F(ConnectorsApiTest, ListShowsWhoUsesThem) {
  make_sink();
  const json list = get("/v0/connectors").body.at("connectors");
  ASSERT_EQ(list.size(), 1U);
  ASSERT_EQ(list[0].at("sinks").size(), 1U);
  EXPECT_EQ(list[0].at("sinks")[0].at("resource_id"), get("/v0/pipes/flights").body.at("id"));
  EXPECT_EQ(list[0].at("sinks")[0].at("settings").at("bucket_path"), "local://out");
}

TEST_F(ConnectorsApiTest, Delete) {
  make_sink();
  const Answer used = del("/v0/connectors/disk");
  EXPECT_EQ(used.status, 403);
  EXPECT_THAT(used.error(), HasSubstr("flights"));
  EXPECT_EQ(del("/v0/pipes/flights/nodes/flights_0/sink").status, 200);
  EXPECT_EQ(del("/v0/connectors/disk").status, 204);
  EXPECT_EQ(del("/v0/connectors/disk").status, 404);
  EXPECT_EQ(get("/v0/connectors/disk").status, 404);
}

TEST_F(ConnectorsApiTest, ATestReportsEveryStep) {
  post("/v0/connectors", "service=local&name=disk");
  const Answer answer = post("/v0/connectors/disk/test", "");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body.at("ok"), true);
  EXPECT_EQ(answer.body.at("failed_step"), nullptr);
  EXPECT_EQ(answer.body.at("steps").size(), 3U);
  EXPECT_EQ(answer.body.at("steps")[0].at("step"), "list");
  EXPECT_EQ(answer.body.at("steps")[2].at("status"), "ok");
  EXPECT_TRUE(bucket.objects().empty());
  bucket.fail("publish", "", ErrorCode::kForbidden);
  const Answer failed = post("/v0/connectors/disk/test", "path=local://a");
  EXPECT_EQ(failed.status, 200);
  EXPECT_EQ(failed.body.at("ok"), false);
  EXPECT_EQ(failed.body.at("failed_step"), "write");
  EXPECT_THAT(failed.body.at("error").get<std::string>(), HasSubstr("publish"));
}

TEST_F(ConnectorsApiTest, ATestNeedsToKnowWhere) {
  post("/v0/connectors", kS3);
  EXPECT_EQ(post("/v0/connectors/store/test", "").status, 400);
  EXPECT_EQ(post("/v0/connectors/store/test", "path=local://a").status, 400);
  EXPECT_EQ(post("/v0/connectors/store/test", "path=s3://bucket&bucket=b").status, 400);
  EXPECT_EQ(post("/v0/connectors/nope/test", "").status, 404);
  EXPECT_EQ(post("/v0/connectors/store/test", "path=s3://bucket/a").body.at("ok"), true);
}

}  // namespace
}  // namespace sluice
