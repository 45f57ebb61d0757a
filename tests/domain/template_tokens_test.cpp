#include "domain/template_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/template_syntax.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

std::vector<std::string> words(const std::string& text) {
  TemplateTokens tokens(text, 0, text.size());
  std::vector<std::string> out;
  for (TemplateToken token = tokens.next(); token.kind != TemplateToken::Kind::kEnd;
       token = tokens.next()) {
    const bool is_constant = token.kind == TemplateToken::Kind::kConstant;
    out.push_back(is_constant ? "=" + plain_text(token.constant) : token.text);
  }
  return out;
}

TEST(TemplateTokensTest, NamesNumbersAndSigns) {
  EXPECT_THAT(words("a_1>=12//1.5e2"), ElementsAre("a_1", ">=", "=12", "//", "=150.0"));
  EXPECT_THAT(words(" .5 "), ElementsAre("=0.5"));
  EXPECT_THAT(words("99999999999999999999"), ElementsAre("=1e+20"));
}

TEST(TemplateTokensTest, Texts) {
  EXPECT_THAT(words("'a' \"b\""), ElementsAre("=a", "=b"));
  EXPECT_THAT(words(R"('it\'s\n' '\d')"), ElementsAre("=it's\n", "=\\d"));
  EXPECT_THAT(words("'''a 'b' c'''"), ElementsAre("=a 'b' c"));
  EXPECT_THAT(words("''"), ElementsAre("="));
}

TEST(TemplateTokensTest, WhatIsNoWord) {
  EXPECT_THAT(caught([] { words("a\n ; b"); }).message(), StartsWith("Line 2, column 2: ';'"));
  EXPECT_THAT(caught([] { words("'abc"); }).message(),
              StartsWith("Line 1, column 1: The text that begins here has no end"));
  EXPECT_THAT(caught([] { words("12abc"); }).message(), StartsWith("Line 1, column 1: This is no"));
}

TEST(TemplateTokensTest, PlacesCountCharacters) {
  EXPECT_EQ(place_in("a\näb", 4), "Line 2, column 2");
  EXPECT_EQ(place_in("", 0), "Line 1, column 1");
}

}  // namespace
}  // namespace sluice
