#include "domain/token.h"

#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

TEST(Token, OnlyTheScopeAdminIsAdmin) {
  EXPECT_TRUE((Token{"1", "a", {"TOKENS", "ADMIN"}}.is_admin()));
  EXPECT_FALSE((Token{"1", "ADMIN", {}}.is_admin()));
  EXPECT_FALSE((Token{"1", "a", {"PIPES:READ:ADMIN", "admin"}}.is_admin()));
}

TEST(Token, ARightIsForOneThing) {
  const Token token{"1", "a", {"PIPES:READ:Flights", "PIPES:DROP:t_1", "PIPES:CREATE"}};
  EXPECT_TRUE(token.has_for("PIPES:READ", "t_9", "flights"));
  EXPECT_TRUE(token.has_for("PIPES:DROP", "t_1", "other"));
  EXPECT_FALSE(token.has_for("PIPES:READ", "t_1", "other"));
  EXPECT_FALSE(token.has_for("PIPES:READ", "t_9", "flights2"));
  EXPECT_FALSE(token.has_for("PIPES:REA", "t_9", "D:flights"));
  EXPECT_FALSE(token.has_for("PIPES", "t_9", "flights"));
  EXPECT_TRUE(token.has_any("PIPES:READ"));
  EXPECT_FALSE(token.has_any("DATASOURCES:READ"));
  EXPECT_FALSE(token.has_any("PIPES:CREATE")) << "it is not for one pipe";
}

TEST(Token, ScopesInAnyCase) {
  for (const char* text : {"ADMIN", "admin", " Tokens ", "pipes:create", "DATASOURCES:CREATE"}) {
    const TokenScope scope = parse_scope(text);
    EXPECT_EQ(scope.resource, "") << text;
    EXPECT_EQ(parse_scope(scope_text(scope)).right, scope.right);
  }
  EXPECT_EQ(scope_text(parse_scope("pipes:read:Flights")), "PIPES:READ:Flights");
  EXPECT_EQ(scope_text(parse_scope("datasources:append:x y")), "DATASOURCES:APPEND:x y");
}

TEST(Token, ScopesThatAreNone) {
  for (const char* text :
       {"", ":", "::", "PIPES", "PIPES:", "PIPES:READ", "PIPES:READ:", "PIPES:WRITE:x", "ADMIN:x",
        "TOKENS:x", "PIPES:CREATE:x", "ADMINISTRATOR", "WORKSPACE:READ_ALL"}) {
    EXPECT_ERROR(parse_scope(text), kInvalid) << text;
  }
  EXPECT_EQ(caught([] { parse_scope("DATASOURCES:READ:x:a = 1"); }).message(),
            "The scope 'DATASOURCES:READ:x:a = 1' has a filter.");
  EXPECT_ERROR(parse_scope("PIPES:READ:" + std::string(200, 'x')), kInvalid);
}

}  // namespace
}  // namespace sluice
