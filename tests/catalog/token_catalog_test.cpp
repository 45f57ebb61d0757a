#include "catalog/token_catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "support/caught.h"
#include "support/fake_clock.h"
#include "support/fake_random.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

using testing::HasSubstr;

class TokenCatalogTest : public testing::Test {
 protected:
  static TokenSpec with(std::vector<std::string> scopes) {
    TokenSpec spec;
    spec.scopes = std::move(scopes);
    return spec;
  }

  TestFolder folder_;
  FakeClock clock_;
  FakeRandom random_;
  StateDatabase database_{folder_ / "state.db"};
  TokenStore store_{database_};
  TokenCatalog tokens_{store_, clock_, random_};
  Token admin_{"1", "admin", {"ADMIN"}};
  Token keeper_{"2", "keeper", {"TOKENS"}};
};

TEST_F(TokenCatalogTest, AMadeTokenIsFoundByItsValue) {
  const NewToken made = tokens_.create(keeper_, "reader", with({"pipes:read:a", "PIPES:READ:a"}));
  EXPECT_THAT(made.value.reveal(), testing::MatchesRegex("p\\.[0-9a-f]{64}"));
  EXPECT_EQ(made.token.scopes, std::vector<std::string>{"PIPES:READ:a"});
  EXPECT_EQ(tokens_.find(made.value)->id, made.token.id);
  EXPECT_EQ(tokens_.get("reader").id, tokens_.get(made.token.id).id);
  EXPECT_FALSE(tokens_.find(Secret("p.other")));
}

TEST_F(TokenCatalogTest, ATokenExpires) {
  TokenSpec spec = with({"TOKENS"});
  spec.expires_at = clock_.now() + std::chrono::seconds(10);
  const NewToken made = tokens_.create(admin_, "short", spec);
  EXPECT_TRUE(tokens_.find(made.value));
  clock_.advance(std::chrono::seconds(10));
  const Error error = caught([&] { tokens_.find(made.value); });
  EXPECT_EQ(error.code(), ErrorCode::kForbidden);
  EXPECT_THAT(error.what(), HasSubstr("'short' expired at 2026-11-23 08:30:10"));
  TokenSpec later;
  later.expires_at = clock_.now() + std::chrono::seconds(10);
  tokens_.change(admin_, "short", later);
  EXPECT_TRUE(tokens_.find(made.value));
  later.expires_at = clock_.now();
  EXPECT_ERROR(tokens_.change(admin_, "short", later), kInvalid);
}

TEST_F(TokenCatalogTest, RefreshTakesTheOldValueAway) {
  const NewToken made = tokens_.create(keeper_, "reader", with({"PIPES:READ:a"}));
  const NewToken fresh = tokens_.refresh(keeper_, "reader");
  EXPECT_NE(fresh.value.reveal(), made.value.reveal());
  EXPECT_FALSE(tokens_.find(made.value));
  EXPECT_EQ(tokens_.find(fresh.value)->id, made.token.id);
}

TEST_F(TokenCatalogTest, TokensIsNoWayToAdmin) {
  EXPECT_ERROR(tokens_.create(keeper_, "x", with({"ADMIN"})), kForbidden);
  tokens_.create(admin_, "boss", with({"ADMIN"}));
  EXPECT_ERROR(tokens_.refresh(keeper_, "boss"), kForbidden);
  EXPECT_ERROR(tokens_.change(keeper_, "boss", with({"TOKENS"})), kForbidden);
  EXPECT_ERROR(tokens_.remove(keeper_, "boss"), kForbidden);
  tokens_.create(keeper_, "reader", with({"PIPES:READ:a"}));
  EXPECT_ERROR(tokens_.change(keeper_, "reader", with({"ADMIN"})), kForbidden);
  tokens_.remove(admin_, "boss");
  tokens_.remove(keeper_, "reader");
  EXPECT_TRUE(tokens_.all().empty());
}

TEST_F(TokenCatalogTest, TheServersOwnTokenStays) {
  store_.put(admin_, Secret("p.admin"), clock_.now());
  EXPECT_ERROR(tokens_.remove(admin_, "admin"), kForbidden);
  EXPECT_ERROR(tokens_.change(admin_, "admin", with({"TOKENS"})), kForbidden);
  TokenSpec described;
  described.description = "ours";
  EXPECT_EQ(tokens_.change(admin_, "admin", described).description, "ours");
  tokens_.refresh(admin_, "admin");
  EXPECT_FALSE(tokens_.find(Secret("p.admin")));
}

TEST_F(TokenCatalogTest, Refusals) {
  for (const std::string& name : std::vector<std::string>{
           "", " ", "a/b", "a\nb", "p.abc", std::string(limits::kNameBytes + 1, 'x')}) {
    EXPECT_ERROR(tokens_.create(admin_, name, with({"TOKENS"})), kInvalid) << name;
  }
  EXPECT_ERROR(tokens_.create(admin_, "x", {}), kInvalid);
  EXPECT_ERROR(tokens_.create(admin_, "x", with({"PIPES:WRITE:a"})), kInvalid);
  TokenSpec wordy = with({"TOKENS"});
  wordy.description = std::string(limits::kDescriptionBytes + 1, 'x');
  EXPECT_ERROR(tokens_.create(admin_, "x", wordy), kTooLarge);
  std::vector<std::string> many;
  for (size_t i = 0; i <= limits::kScopesPerToken; ++i) {
    many.push_back("PIPES:READ:p" + std::to_string(i));
  }
  EXPECT_ERROR(tokens_.create(admin_, "x", with(many)), kInvalid);
  EXPECT_ERROR(tokens_.get("nope"), kNotFound);
  EXPECT_THAT(caught([&] { tokens_.get("p.0123456789"); }).what(),
              testing::Not(HasSubstr("0123456789")))
      << "a value in a name's place is not repeated";
}

}  // namespace
}  // namespace sluice
