#include "state/token_store.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace sluice
