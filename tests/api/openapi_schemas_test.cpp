#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "api/openapi.h"

namespace sluice {
namespace {

/// Every `$ref` inside.
void collect(const nlohmann::json& value, std::set<std::string>& refs) {
  if (value.is_object() && value.contains("$ref")) refs.insert(value.at("$ref"));
  if (value.is_structured()) {
    for (const nlohmann::json& inner : value) collect(inner, refs);
  }
}

TEST(OpenapiSchemas, WhatIsReferredToIsThere) {
  std::set<std::string> refs;
  collect(openapi_schemas(), refs);
  EXPECT_GT(refs.size(), 10U);
  const std::string prefix = "#/components/schemas/";
  for (const std::string& ref : refs) {
    ASSERT_EQ(ref.substr(0, prefix.size()), prefix);
    EXPECT_TRUE(openapi_schemas().contains(ref.substr(prefix.size()))) << ref;
  }
}

TEST(OpenapiSchemas, WhatIsRequiredIsDescribed) {
  for (const auto& [name, schema] : openapi_schemas().items()) {
    const nlohmann::json none = nlohmann::json::object();
    for (const nlohmann::json& field : schema.value("required", nlohmann::json::array())) {
      EXPECT_TRUE(schema.value("properties", none).contains(field.get<std::string>()))
          << name << "." << field;
    }
  }
}

}  // namespace
}  // namespace sluice
