#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"

namespace sluice {
namespace {

class WorkspaceTest : public testing::Test, protected ApiWorld {};

TEST_F(WorkspaceTest, TheSameIdEverywhereAndAlways) {
  const json one = get("/v0/workspace").body;
  EXPECT_THAT(
      one.at("id").get<std::string>(),
      testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_NE(one.at("id"), one.at("user_id"));
  EXPECT_EQ(one.at("created_at"), format_timestamp(clock.now()));
  EXPECT_EQ(get("/v1/workspace").body, one);
  const json all = get("/v0/user/workspaces/?with_environments=false").body;
  ASSERT_EQ(all.at("workspaces").size(), 1U);
  EXPECT_EQ(all.at("workspaces")[0].at("id"), one.at("id"));
  EXPECT_EQ(all.at("workspaces")[0].at("token"), nullptr) << "tokens are not told";
  EXPECT_EQ(get("/v0/user/workspaces?only_environments=true").body.at("workspaces").size(), 0U);
}

TEST_F(WorkspaceTest, TheRegionIsThisServer) {
  const json region = get("/v0/regions").body.at("regions")[0];
  EXPECT_EQ(region.at("api_host"), "http://example.test:7181");
  EXPECT_EQ(region.at("host"), region.at("api_host"));
}

TEST_F(WorkspaceTest, AnyTokenWillDo) {
  EXPECT_EQ(send_as("p.reader", request("GET", "/v0/workspace")).status, 200);
  EXPECT_EQ(send_as("p.nobody", request("GET", "/v0/workspace")).status, 403);
  EXPECT_EQ(get("/v0/datasources").body.at("datasources"), json::array());
}

}  // namespace
}  // namespace sluice
