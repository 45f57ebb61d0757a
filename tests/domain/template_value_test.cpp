#include "domain/template_value.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "support/caught.h"

namespace sluice {
namespace {

TemplateValue text(const std::string& value) { return {value}; }
TemplateValue whole(int64_t value) { return {value}; }

TEST(TemplateValueTest, Literals) {
  EXPECT_EQ(sql_literal(text("it's")), "'it''s'");
  EXPECT_EQ(sql_literal(whole(-5)), "-5");
  EXPECT_EQ(sql_literal({0.1}), "0.10000000000000001");
  EXPECT_EQ(sql_literal({5.0}), "5.0") << "a number that stays a real one";
  EXPECT_EQ(sql_literal({true}), "1");
  EXPECT_EQ(sql_literal({}), "NULL");
  EXPECT_EQ(sql_literal({TemplateList{whole(1), text("a")}}), "(1, 'a')");
  EXPECT_EQ(sql_literal({SqlFragment{"`a`"}}), "`a`");
}

TEST(TemplateValueTest, WhatHasNoLiteral) {
  EXPECT_EQ(caught([] { sql_literal({TemplateMap()}); }).code(), ErrorCode::kInvalid);
  EXPECT_EQ(caught([] { sql_literal({std::string("a\0b", 3)}); }).code(), ErrorCode::kInvalid);
  EXPECT_EQ(caught([] { sql_literal({std::string("\xff")}); }).code(), ErrorCode::kInvalid);
  const double endless = std::numeric_limits<double>::infinity();
  EXPECT_EQ(caught([&] { sql_literal({endless}); }).code(), ErrorCode::kInvalid);
}

TEST(TemplateValueTest, Names) {
  EXPECT_EQ(sql_name("a").sql, "`a`");
  EXPECT_EQ(sql_name("nyc.flights").sql, "`nyc`.`flights`");
  EXPECT_EQ(sql_name("a` FROM b--").sql, "`a`` FROM b--`");
  for (const std::string name : {"", ".", "a.", ".a", "a..b"}) {
    EXPECT_EQ(caught([&] { sql_name(name); }).code(), ErrorCode::kInvalid) << name;
  }
}

TEST(TemplateValueTest, ComparedAsInPython) {
  EXPECT_TRUE(equals(whole(1), {1.0}));
  EXPECT_TRUE(equals({true}, whole(1)));
  EXPECT_FALSE(equals(text("1"), whole(1)));
  EXPECT_TRUE(equals({TemplateList{whole(1)}}, {TemplateList{whole(1)}}));
  EXPECT_LT(compare(text("a"), text("b")), 0);
  EXPECT_GT(compare(whole(INT64_MAX), whole(INT64_MAX - 1)), 0) << "not as doubles";
  EXPECT_EQ(caught([] { compare(text("1"), whole(1)); }).code(), ErrorCode::kInvalid);
}

TEST(TemplateValueTest, Truth) {
  for (const TemplateValue& value :
       {TemplateValue{}, whole(0), text(""), TemplateValue{TemplateList()}}) {
    EXPECT_FALSE(is_true(value));
  }
  EXPECT_TRUE(is_true(text("0")));
  EXPECT_TRUE(is_true({0.5}));
}

TEST(TemplateValueTest, Arithmetic) {
  EXPECT_TRUE(equals(arithmetic("+", whole(2), whole(3)), whole(5)));
  EXPECT_TRUE(equals(arithmetic("/", whole(3), whole(2)), {1.5}));
  EXPECT_TRUE(equals(arithmetic("//", whole(-3), whole(2)), whole(-2)));
  EXPECT_TRUE(equals(arithmetic("%", whole(-3), whole(2)), whole(1)));
  EXPECT_TRUE(equals(arithmetic("+", text("a"), text("b")), text("ab")));
  EXPECT_TRUE(equals(arithmetic("%", whole(INT64_MIN), whole(-1)), whole(0)));
}

TEST(TemplateValueTest, ArithmeticThatCanNotBe) {
  EXPECT_EQ(caught([] { arithmetic("*", whole(INT64_MAX), whole(2)); }).code(),
            ErrorCode::kInvalid);
  EXPECT_EQ(caught([] { arithmetic("//", whole(INT64_MIN), whole(-1)); }).code(),
            ErrorCode::kInvalid);
  for (const std::string op : {"/", "//", "%"}) {
    EXPECT_EQ(caught([&] { arithmetic(op, whole(1), whole(0)); }).message(), "Division by zero.");
  }
  EXPECT_EQ(caught([] { arithmetic("*", text("a"), whole(9)); }).code(), ErrorCode::kInvalid);
}

}  // namespace
}  // namespace sluice
