#include "domain/template_types.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

/// The literal of a text as the type; "-" for what is none.
std::string as(std::string_view type, const std::string& text) {
  const auto value = to_template_type(type, {text});
  return value ? sql_literal(*value) : "-";
}

TEST(TemplateTypesTest, WholeNumbersHaveTheRangeOfTheirType) {
  EXPECT_EQ(as("Int8", "-128"), "-128");
  EXPECT_EQ(as("Int8", "128"), "-");
  EXPECT_EQ(as("UInt16", "65535"), "65535");
  EXPECT_EQ(as("UInt16", "-1"), "-");
  EXPECT_EQ(as("Int64", "9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(as("UInt256", "9223372036854775808"), "-") << "SQLite would make it a real number";
  EXPECT_EQ(as("Int32", " +7 "), "7");
  for (const std::string text : {"", "1.5", "1 OR 1=1", "0x10", "1e3", "--1", "٣"}) {
    EXPECT_EQ(as("Int32", text), "-") << text;
  }
}

TEST(TemplateTypesTest, IntIsWhatFits) {
  EXPECT_EQ(as("Int", "-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(as("Integer", "5"), "5");
  EXPECT_EQ(as("Integer", "5.5"), "-");
}

TEST(TemplateTypesTest, Uuids) {
  EXPECT_EQ(as("UUID", "123e4567-E89b-12d3-a456-426614174000"),
            "'123e4567-E89b-12d3-a456-426614174000'");
  for (const std::string text :
       {"", "123e4567-e89b-12d3-a456-42661417400", "123e4567e89b12d3a456426614174000",
        "123e4567-e89b-12d3-a456-42661417400g", "'23e4567-e89b-12d3-a456-426614174000"})
    EXPECT_EQ(as("UUID", text), "-") << text;
}

TEST(TemplateTypesTest, RealNumbersEnd) {
  EXPECT_EQ(as("Float64", "1.5"), "1.5");
  EXPECT_EQ(as("Float32", "-2"), "-2.0");
  for (const std::string text : {"inf", "nan", "1e999", "1,5", ""})
    EXPECT_EQ(as("Float64", text), "-");
}

TEST(TemplateTypesTest, Booleans) {
  for (const std::string text : {"1", "true", "TRUE", "on", "yes"})
    EXPECT_EQ(as("Boolean", text), "1");
  for (const std::string text : {"0", "false", "no", "off"}) EXPECT_EQ(as("Boolean", text), "0");
  EXPECT_EQ(as("Boolean", "2"), "-");
}

TEST(TemplateTypesTest, TimesHaveOneForm) {
  EXPECT_EQ(as("Date", "2026-11-24T08:30:00Z"), "'2026-11-24'");
  EXPECT_EQ(as("DateTime", "2026-11-24"), "'2026-11-24 00:00:00'");
  EXPECT_EQ(as("DateTime", "2026-11-24 10:30:00+02:00"), "'2026-11-24 08:30:00'");
  EXPECT_EQ(as("DateTime64", "2026-11-24 08:30:00.5"), "'2026-11-24 08:30:00.500'");
  EXPECT_EQ(as("DateTime64", "2026-11-24 08:30:00.000001"), "'2026-11-24 08:30:00.000001'");
  for (const std::string text : {"2026-02-30", "tomorrow", "'; DROP", ""})
    EXPECT_EQ(as("Date", text), "-");
}

TEST(TemplateTypesTest, WhichTypesThereAre) {
  for (const std::string& type : template_types()) {
    ASSERT_TRUE(is_template_type(type)) << type;
    EXPECT_TRUE(to_template_type(type, template_type_sample(type))) << type;
    EXPECT_FALSE(template_type_takes(type).empty());
  }
  for (const std::string type : {"Int7", "UInt", "Int 8", "string", "Array", ""}) {
    EXPECT_FALSE(is_template_type(type)) << type;
  }
}

TEST(TemplateTypesTest, SqlIsNoValue) {
  EXPECT_FALSE(to_template_type("String", {SqlFragment{"`a`"}}));
}

}  // namespace
}  // namespace sluice
