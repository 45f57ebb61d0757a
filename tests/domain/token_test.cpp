#include "domain/token.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(Token, OnlyTheScopeAdminIsAdmin) {
  EXPECT_TRUE((Token{"1", "a", {"TOKENS", "ADMIN"}}.is_admin()));
  EXPECT_FALSE((Token{"1", "ADMIN", {}}.is_admin()));
  EXPECT_FALSE((Token{"1", "a", {"PIPES:READ:ADMIN", "admin"}}.is_admin()));
}

}  // namespace
}  // namespace sluice
