#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "api/api.h"
#include "base/limits.h"

namespace sluice {
namespace {

TEST(RouteTable, NoRouteStandsTwice) {
  std::set<std::string> seen;
  for (const Route& route : route_table()) {
    EXPECT_TRUE(seen.insert(std::string(route.method) + " " + std::string(route.pattern)).second)
        << route.pattern;
  }
}

TEST(RouteTable, EveryLineIsComplete) {
  for (const Route& route : route_table()) {
    EXPECT_THAT(std::string(route.pattern), testing::StartsWith("/"));
    EXPECT_NE(route.handle, nullptr) << route.pattern;
    EXPECT_FALSE(route.summary.empty()) << route.pattern;
    EXPECT_LE(route.body_limit.in_memory, limits::kBodyBytes) << route.pattern;
    EXPECT_EQ(route.body_limit.most == 0, route.method == "GET") << route.pattern;
  }
}

TEST(RouteTable, OnlyTheseAreOpen) {
  const std::set<std::string_view> open = {"/health", "/openapi.json", "/docs"};
  for (const Route& route : route_table()) {
    EXPECT_EQ(route.scope == Scope::kOpen, open.contains(route.pattern)) << route.pattern;
  }
}

TEST(RouteTable, TheRoutesOfTheContract) {
  for (const auto& [method, pattern] : std::vector<std::pair<std::string, std::string>>{
           {"POST", "/v0/pipes/{pipe}/nodes/{node}/sink"},
           {"DELETE", "/v0/pipes/{pipe}/nodes/{node}/sink"},
           {"POST", "/v0/pipes/{pipe}/sink"},
           {"GET", "/v0/jobs"},
           {"GET", "/v0/jobs/{job}"},
           {"POST", "/v0/jobs/{job}/cancel"},
           {"POST", "/v0/connectors"},
           {"POST", "/v0/pipes/{pipe}/nodes"}}) {
    EXPECT_TRUE(std::any_of(route_table().begin(), route_table().end(), [&](const Route& route) {
      return route.method == method && route.pattern == pattern;
    })) << pattern;
  }
}

}  // namespace
}  // namespace sluice
