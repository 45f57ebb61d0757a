#include "state/token_store.h"

#include <gtest/gtest.h>

#include "support/caught.h"
#include "support/samples.h"
#include "support/sqlite_file.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

class TokenStoreTest : public testing::Test {
 protected:
  TestFolder folder_;
  StateDatabase database_{folder_ / "state.db"};
  TokenStore tokens_{database_};
};

TEST_F(TokenStoreTest, FindsATokenByItsValue) {
  tokens_.put({"1", "admin", {"ADMIN"}}, Secret("p.one"), kMorning);
  const std::optional<Token> token = tokens_.find(Secret("p.one"));
  ASSERT_TRUE(token);
  EXPECT_EQ(token->id, "1");
  EXPECT_EQ(token->name, "admin");
  EXPECT_TRUE(token->is_admin());
  EXPECT_FALSE(tokens_.find(Secret("p.two")));
  EXPECT_FALSE(tokens_.find(Secret("")));
}

TEST_F(TokenStoreTest, ANewValueTakesThePlaceOfTheOld) {
  tokens_.put({"1", "admin", {"ADMIN"}}, Secret("p.one"), kMorning);
  tokens_.put({"2", "admin", {"ADMIN"}}, Secret("p.two"), kMorning);
  EXPECT_FALSE(tokens_.find(Secret("p.one")));
  EXPECT_EQ(tokens_.find(Secret("p.two"))->id, "1");
}

TEST_F(TokenStoreTest, Exists) {
  EXPECT_FALSE(tokens_.exists("admin"));
  tokens_.put({"1", "admin", {}}, Secret("p.one"), kMorning);
  EXPECT_TRUE(tokens_.exists("admin"));
  EXPECT_FALSE(tokens_.find(Secret("p.one"))->is_admin());
}

TEST_F(TokenStoreTest, TheValueIsNotKept) {
  tokens_.put({"1", "admin", {}}, Secret("p.one"), kMorning);
  SqliteFile file(folder_ / "state.db");
  EXPECT_EQ(file.value("SELECT hash FROM tokens"),
            "d9d0d337d3f75073fcb0ae77cfd251eeedb53fe2e384d857995c5224c8c20a34");
}

TEST_F(TokenStoreTest, AllThatIsKnownOfATokenComesBack) {
  Token token{"1", "reader", {"PIPES:READ:a", "TOKENS"}, "for a", kMorning, kMorning};
  token.expires_at = kMorning + std::chrono::hours(1);
  tokens_.insert(token, Secret("p.one"), 9);
  for (const std::optional<Token>& found :
       {tokens_.find(Secret("p.one")), tokens_.find_named("1"), tokens_.find_named("reader")}) {
    ASSERT_TRUE(found);
    EXPECT_EQ(found->scopes, token.scopes);
    EXPECT_EQ(found->description, "for a");
    EXPECT_EQ(found->created_at, kMorning);
    EXPECT_EQ(found->expires_at, token.expires_at);
  }
  EXPECT_EQ(tokens_.all().size(), 1U);
  EXPECT_FALSE(tokens_.find_named("2"));
}

TEST_F(TokenStoreTest, NamesAreTakenOnceAndThereIsALimit) {
  tokens_.insert({"1", "a", {"TOKENS"}}, Secret("p.one"), 2);
  EXPECT_ERROR(tokens_.insert({"2", "a", {"TOKENS"}}, Secret("p.two"), 2), kConflict);
  tokens_.insert({"2", "b", {"TOKENS"}}, Secret("p.two"), 2);
  EXPECT_ERROR(tokens_.insert({"3", "c", {"TOKENS"}}, Secret("p.three"), 2), kForbidden);
}

TEST_F(TokenStoreTest, ChangesAndRemoval) {
  Token token{"1", "a", {"TOKENS"}, "", kMorning, kMorning};
  tokens_.insert(token, Secret("p.one"), 9);
  token.scopes = {"ADMIN"};
  token.updated_at = kMorning + std::chrono::seconds(5);
  tokens_.update(token);
  EXPECT_EQ(tokens_.find_named("a")->updated_at, token.updated_at);
  EXPECT_TRUE(tokens_.find_named("a")->is_admin());
  tokens_.set_value("1", Secret("p.new"), kMorning);
  EXPECT_FALSE(tokens_.find(Secret("p.one")));
  EXPECT_TRUE(tokens_.find(Secret("p.new")));
  tokens_.remove("1");
  EXPECT_FALSE(tokens_.find(Secret("p.new")));
}

}  // namespace
}  // namespace sluice
