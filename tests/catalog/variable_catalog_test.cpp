#include "catalog/variable_catalog.h"

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
using testing::Not;

class VariableCatalogTest : public testing::Test {
 protected:
  TestFolder folder_;
  FakeClock clock_;
  FakeRandom random_;
  StateDatabase database_{folder_ / "state.db"};
  VariableStore store_{database_, Secret(std::string(32, 'k')), random_};
  VariableCatalog variables_{store_, clock_};
  Token admin_{"1", "admin", {"ADMIN"}};
  Token other_{"2", "other", {"ADMIN"}};
};

TEST_F(VariableCatalogTest, SaysWhoChangedItLast) {
  const Variable made = variables_.create(admin_, "db_host", Secret("a"));
  EXPECT_EQ(made.edited_by, "token: 'admin'");
  EXPECT_EQ(made.created_at, clock_.now());
  clock_.advance(std::chrono::hours(1));
  variables_.change(other_, "db_host", Secret("b"));
  const Variable now = variables_.get("db_host");
  EXPECT_EQ(now.edited_by, "token: 'other'");
  EXPECT_EQ(now.updated_at - now.created_at, std::chrono::hours(1));
  EXPECT_EQ(store_.value("db_host")->reveal(), "b");
  EXPECT_EQ(variables_.all().size(), 1U);
  variables_.remove("db_host");
  EXPECT_ERROR(variables_.get("db_host"), kNotFound);
  EXPECT_ERROR(variables_.remove("db_host"), kNotFound);
  EXPECT_ERROR(variables_.change(admin_, "db_host", Secret("c")), kNotFound);
}

TEST_F(VariableCatalogTest, NamesAndValuesHaveLimits) {
  EXPECT_ERROR(variables_.create(admin_, "a b", Secret("x")), kInvalid);
  EXPECT_ERROR(variables_.create(admin_, std::string(129, 'a'), Secret("x")), kInvalid);
  EXPECT_ERROR(variables_.create(admin_, "a", Secret("")), kInvalid);
  EXPECT_ERROR(variables_.create(admin_, "a", Secret(std::string("x\0y", 3))), kInvalid);
  const std::string most(limits::kVariableBytes, 'x');
  const Error error = caught([&] { variables_.create(admin_, "a", Secret(most + "y")); });
  EXPECT_EQ(error.code(), ErrorCode::kTooLarge);
  EXPECT_THAT(error.what(), HasSubstr("65536"));
  EXPECT_THAT(error.what(), Not(HasSubstr("xx")));
  variables_.create(admin_, "a", Secret(most));
}

}  // namespace
}  // namespace sluice
