#include "domain/template_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/template_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;

TEST(TemplateJsonTest, EveryKindOfValue) {
  const TemplateValue list =
      read_template_json(R"([1, -1.5, "x", true, null, {"a": [2]}, 18446744073709551615])");
  const auto& items = std::get<TemplateList>(list.data);
  ASSERT_EQ(items.size(), 7U);
  EXPECT_EQ(std::get<int64_t>(items[0].data), 1);
  EXPECT_EQ(std::get<double>(items[1].data), -1.5);
  EXPECT_EQ(std::get<std::string>(items[2].data), "x");
  EXPECT_EQ(std::get<bool>(items[3].data), true);
  EXPECT_EQ(kind_of(items[4]), "None");
  EXPECT_EQ(std::get<std::string>(std::get<TemplateMap>(items[5].data).keys[0].data), "a");
  EXPECT_EQ(std::get<double>(items[6].data), 18446744073709551615.0);
}

TEST(TemplateJsonTest, WhatIsNone) {
  EXPECT_THAT(caught([] { read_template_json("[1"); }).what(), HasSubstr("'[1' is no JSON"));
  EXPECT_THAT(caught([] { read_template_json(""); }).what(), HasSubstr("no JSON"));
  EXPECT_THAT(caught([] { read_template_json("'a'"); }).what(), HasSubstr("no JSON"));
  const std::string deep(100000, '[');
  EXPECT_THAT(caught([&] { read_template_json(deep); }).what(), HasSubstr("60 deep"));
  EXPECT_THAT(caught([&] { read_template_json(deep + std::string(100000, ']')); }).what(),
              HasSubstr("60 deep"));
}

TEST(TemplateJsonTest, AsAParameter) {
  const std::string text =
      "1{% for f in JSON(filters, '[]') %} AND {{column(f['column'])}} = {{f.get('value', 0)}}{% "
      "end %}";
  EXPECT_EQ(rendered(text), "1");
  EXPECT_EQ(rendered(text, {{"filters", R"([{"column": "a", "value": "x'"}, {"column": "b"}])"}}),
            "1 AND `a` = 'x''' AND `b` = 0");
  EXPECT_THAT(refused(text, {{"filters", "{"}}),
              HasSubstr("Line 1, column 15: The parameter 'filters': '{' is no JSON."));
  EXPECT_THAT(refused("{{JSON(a)}}", {{"a", "{}"}}), HasSubstr("A map can't stand"));
  EXPECT_EQ(SqlTemplate::parse("%SELECT 1{% if JSON(a) %}{% end %}").render_sample({}),
            std::nullopt);
}

}  // namespace
}  // namespace sluice
