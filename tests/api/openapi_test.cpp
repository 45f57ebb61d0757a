#include "api/openapi.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"
#include "api/route_docs.h"

namespace sluice {
namespace {

class OpenapiTest : public testing::Test, protected ApiWorld {};

TEST_F(OpenapiTest, EveryRouteIsInIt) {
  const json document = get("/openapi.json").body;
  EXPECT_EQ(document.at("openapi"), "3.1.0");
  EXPECT_EQ(document.at("servers")[0].at("url"), "http://example.test:7181");
  size_t operations = 0;
  for (const json& path : document.at("paths")) operations += path.size();
  EXPECT_EQ(operations, route_table().size());
  for (const Route& route : route_table()) {
    std::string method(route.method);
    std::transform(method.begin(), method.end(), method.begin(), [](char c) { return c | 0x20; });
    const json& operation = document.at("paths").at(std::string(route.pattern)).at(method);
    EXPECT_EQ(operation.at("operationId"), operation_id(route));
    EXPECT_EQ(operation.contains("security"), route.scope == Scope::kOpen);
    const RouteDoc& doc = doc_of(route);
    EXPECT_EQ(operation.contains("requestBody"),
              route.body_limit.most > 0 && (doc.takes_more || !doc.parameters.empty()));
    EXPECT_TRUE(operation.at("responses").contains("default"));
  }
}

TEST_F(OpenapiTest, AParameterTravelsInEveryWay) {
  const json document = get("/openapi.json").body;
  const json& set = document.at("paths").at("/v0/pipes/{pipe}/nodes/{node}/sink").at("post");
  EXPECT_THAT(set.at("description").get<std::string>(), testing::HasSubstr("ADMIN"));
  EXPECT_EQ(set.at("parameters")[0].at("in"), "path");
  EXPECT_EQ(set.at("parameters")[1].at("name"), "node");
  EXPECT_EQ(set.at("parameters")[2].at("name"), "connection");
  for (const char* type :
       {"application/json", "application/x-www-form-urlencoded", "multipart/form-data"}) {
    const json& schema = set.at("requestBody").at("content").at(type).at("schema");
    EXPECT_TRUE(schema.at("properties").contains("file_template")) << type;
    EXPECT_EQ(schema.at("additionalProperties"), false);
  }
  const json& run = document.at("paths").at("/v0/pipes/{pipe}/sink").at("post");
  EXPECT_EQ(run.at("requestBody")
                .at("content")
                .at("application/json")
                .at("schema")
                .at("additionalProperties"),
            true);
}

}  // namespace
}  // namespace sluice
