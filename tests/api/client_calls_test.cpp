#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"

namespace sluice {
namespace {

class ClientCallsTest : public testing::Test, protected ApiWorld {};

TEST_F(ClientCallsTest, TheTablesOfAStatement) {
  const json expected = json::parse(R"([["nyc", "flights"], ["", "late"]])");
  const std::string sql = "SELECT+*+FROM+nyc.flights+JOIN+late";
  EXPECT_EQ(post("/v0/sql_tables", "q=" + sql + "&raising=true&is_copy=false").body.at("tables"),
            expected);
  EXPECT_EQ(get("/v0/sql_tables?table_functions=false&q=" + sql).body.at("tables"), expected);
  EXPECT_EQ(post("/v0/sql_tables", "q=SELECT+1").body.at("tables"), json::array());
  EXPECT_EQ(post("/v0/sql_tables").status, 400);
}

TEST_F(ClientCallsTest, TheTablesOfATemplate) {
  const auto tables = [&](const std::string& sql) {
    return post_json("/v0/sql_tables", {{"q", sql}}).body.value("tables", json()).dump();
  };
  EXPECT_EQ(tables("% SELECT * FROM {{table('nyc.flights')}} WHERE a = {{Int32(a)}}"),
            R"([["nyc","flights"]])");
  EXPECT_EQ(tables("%SELECT * FROM {% if defined(a) %}x{% else %}y{% end %} JOIN z"),
            R"([["","y"],["","z"]])");
  EXPECT_EQ(tables("%SELECT {{column(a)}} FROM t"), R"([["","t"]])") << "it refuses samples";
  const Answer bad = post_json("/v0/sql_tables", {{"q", "%SELECT {{String(a"}});
  EXPECT_EQ(bad.status, 400);
  EXPECT_THAT(bad.error(), testing::HasSubstr("Line 1, column 9"));
}

TEST_F(ClientCallsTest, WhatIsNotHereIsEmpty) {
  EXPECT_EQ(get("/v0/environments").body, json::parse(R"({"environments": []})"));
  EXPECT_EQ(get("/v0/tags").body, json::parse(R"({"tags": []})"));
  EXPECT_EQ(get("/v0/dependencies?no_deps=false").body, json::parse(R"({"dependencies": {}})"));
}

TEST_F(ClientCallsTest, ATokenIsNoUser) {
  EXPECT_EQ(get("/v0/auth").body, json::parse(R"({"is_valid": true, "is_user": false})"));
  EXPECT_EQ(send_as("p.nobody", request("GET", "/v0/auth")).status, 403);
}

}  // namespace
}  // namespace sluice
