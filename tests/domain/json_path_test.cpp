#include "domain/json_path.h"

#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

TEST(JsonPath, Steps) {
  using Steps = std::vector<JsonStep>;
  EXPECT_EQ(parse_json_path("$"), Steps{});
  EXPECT_EQ(parse_json_path("$.a"), (Steps{{"a"}}));
  EXPECT_EQ(parse_json_path("$.a.b_c.D-1"), (Steps{{"a"}, {"b_c"}, {"D-1"}}));
  EXPECT_EQ(parse_json_path("$.tags[:]"), (Steps{{"tags"}, {"", true}}));
  EXPECT_EQ(parse_json_path("$.items[:].price"), (Steps{{"items"}, {"", true}, {"price"}}));
  EXPECT_EQ(parse_json_path("$.['a key'].x"), (Steps{{"a key"}, {"x"}}));
  EXPECT_EQ(parse_json_path("$[\"it's\"]"), (Steps{{"it's"}}));
  EXPECT_EQ(parse_json_path("$['it\\'s']"), (Steps{{"it's"}}));
  EXPECT_EQ(parse_json_path("$.['']"), (Steps{{""}}));
}

TEST(JsonPath, WhatCantBeRead) {
  for (const char* wrong : {"", "a", "$a", "$.", "$..a", "$.a.", "$.a[", "$.a[0]", "$.a['b",
                            "$.a['b'", "$.a b", "$.a[:", "$.a'b'"}) {
    EXPECT_ERROR(parse_json_path(wrong), kInvalid) << wrong;
  }
  std::string deep = "$";
  for (int i = 0; i < 1000; ++i) deep += ".a";
  EXPECT_ERROR(parse_json_path(deep), kInvalid);
}

TEST(JsonPath, OfKeysReadsBack) {
  for (const std::vector<std::string>& keys :
       {std::vector<std::string>{}, {"a"}, {"a", "b c"}, {"it's", "\\"}, {""}, {"a.b", "[:]"}}) {
    const std::vector<JsonStep> steps = parse_json_path(json_path_of(keys));
    ASSERT_EQ(steps.size(), keys.size());
    for (size_t i = 0; i < keys.size(); ++i) EXPECT_EQ(steps[i], (JsonStep{keys[i], false}));
  }
  EXPECT_EQ(json_path_of({"a", "b"}), "$.a.b");
}

}  // namespace
}  // namespace sluice
