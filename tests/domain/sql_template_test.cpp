#include "domain/sql_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "domain/template_world.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(SqlTemplateTest, BeginsWithAPercentSign) {
  EXPECT_TRUE(SqlTemplate::is_template("%\nSELECT 1"));
  EXPECT_TRUE(SqlTemplate::is_template(" \n % SELECT 1"));
  EXPECT_FALSE(SqlTemplate::is_template("SELECT 5 % 2"));
  EXPECT_FALSE(SqlTemplate::is_template(""));
  EXPECT_EQ(SqlTemplate::parse(" \n % SELECT 1").render({}), " SELECT 1");
}

TEST(SqlTemplateTest, AWholeStatement) {
  const std::string text =
      " SELECT {{columns(show, 'carrier, delay')}} FROM nyc.flights\n"
      "WHERE ts >= {{DateTime(interval_start)}} AND ts < {{DateTime(interval_end)}}\n"
      "{% if defined(carrier) %} AND carrier = {{String(carrier)}} {% end %}\n"
      "LIMIT {{UInt16(limit, 10)}}";
  EXPECT_EQ(rendered(text, {{"interval_start", "2026-11-24 08:00:00.000000"},
                            {"interval_end", "2026-11-24 09:00:00.000000"},
                            {"carrier", "O'Hare"}}),
            " SELECT `carrier`, `delay` FROM nyc.flights\n"
            "WHERE ts >= '2026-11-24 08:00:00' AND ts < '2026-11-24 09:00:00'\n"
            " AND carrier = 'O''Hare' \n"
            "LIMIT 10");
}

TEST(SqlTemplateTest, ParametersAreFoundWhereverTheyStand) {
  const auto found =
      SqlTemplate::parse(
          "%{% if defined(a) and Int32(b, 5, description='how many', required=True) > 1 %}"
          "{{String(a, 'x', enum=['x', 'y'])}}{% end %}{% set c = d %}{{c}}"
          "{% for i in split_to_array(e, 'f,g') %}{{i}}{% end %}{{Array(h, 'Date')}}{{columns(k)}}")
          .parameters();
  std::vector<std::string> shown;
  for (const TemplateParameter& one : found) {
    shown.push_back(
        one.name + " " + one.type + (one.fallback ? "=" + plain_text(*one.fallback) : "") +
        (one.is_required ? "!" : "") + one.description + std::string(one.choices.size(), '|'));
  }
  EXPECT_THAT(shown, ElementsAre("a String=x||", "b Int32=5!how many", "d String",
                                 "e Array(String)=f,g", "h Array(Date)", "k Columns"));
}

TEST(SqlTemplateTest, ValuesInsideOfQuotesAreRefusedWithTheirPlace) {
  EXPECT_THAT(
      refused("SELECT\n'{{String(a)}}'", {{"a", "x"}}),
      HasSubstr("Line 2, column 2: A value stands inside of quotes. | Take the quotes away"));
}

TEST(SqlTemplateTest, LongTemplatesAndValuesAreRefused) {
  const std::string much(limits::kSqlBytes, 'x');
  EXPECT_EQ(caught([&] { rendered(much); }).code(), ErrorCode::kTooLarge);
  EXPECT_EQ(caught([&] { rendered("{{a}}", {{"a", much}}); }).code(), ErrorCode::kTooLarge);
  EXPECT_EQ(caught([&] {
              rendered("{% for i in range(9999) %}{# a #}0123456789abcdef{% end %}");
            }).code(),
            ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace sluice
