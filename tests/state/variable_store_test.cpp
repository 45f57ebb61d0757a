#include "state/variable_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "base/error.h"
#include "support/caught.h"
#include "support/fake_random.h"
#include "support/samples.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::Not;

class VariableStoreTest : public testing::Test {
 protected:
  static Variable variable(const std::string& name) {
    return {name, kMorning, kMorning, "token: 'admin'"};
  }
  std::string file() {
    std::string all;
    for (const char* ending : {"", "-wal"}) {
      std::ifstream in(folder_ / (std::string("state.db") + ending), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(in), {});
    }
    return all;
  }

  TestFolder folder_;
  FakeRandom random_;
  Secret key_{std::string(32, 'k')};
  StateDatabase database_{folder_ / "state.db"};
  VariableStore store_{database_, key_, random_};
};

TEST_F(VariableStoreTest, KeepsAValueSealed) {
  store_.insert(variable("pg_password"), Secret("very-hidden"), 10);
  EXPECT_EQ(store_.value("pg_password")->reveal(), "very-hidden");
  EXPECT_EQ(store_.find("pg_password")->edited_by, "token: 'admin'");
  EXPECT_THAT(file(), HasSubstr("pg_password"));
  EXPECT_THAT(file(), Not(HasSubstr("very-hidden")));
  EXPECT_FALSE(store_.value("PG_PASSWORD"));
  EXPECT_FALSE(store_.find("other"));
}

TEST_F(VariableStoreTest, ChangesAndRemoves) {
  store_.insert(variable("b"), Secret("1"), 10);
  store_.insert(variable("a"), Secret("2"), 10);
  Variable changed = variable("b");
  changed.updated_at += std::chrono::hours(1);
  changed.edited_by = "token: 'other'";
  EXPECT_TRUE(store_.change(changed, Secret("3")));
  EXPECT_EQ(store_.value("b")->reveal(), "3");
  EXPECT_EQ(store_.find("b")->created_at, kMorning);
  EXPECT_EQ(store_.find("b")->updated_at, changed.updated_at);
  const std::vector<Variable> all = store_.all();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].name, "a");
  EXPECT_TRUE(store_.remove("b"));
  EXPECT_FALSE(store_.remove("b"));
  EXPECT_FALSE(store_.change(changed, Secret("4")));
}

TEST_F(VariableStoreTest, NamesAreTakenOnceAndNotEndlesslyMany) {
  store_.insert(variable("a"), Secret("1"), 2);
  EXPECT_ERROR(store_.insert(variable("a"), Secret("1"), 2), kConflict);
  store_.insert(variable("b"), Secret("1"), 2);
  EXPECT_ERROR(store_.insert(variable("c"), Secret("1"), 2), kForbidden);
}

TEST_F(VariableStoreTest, ABoxOpensForItsOwnNameAlone) {
  store_.insert(variable("a"), Secret("1"), 2);
  store_.insert(variable("b"), Secret("2"), 2);
  database_.write([](SQLite::Database& database) {
    database.exec("UPDATE variables SET value = (SELECT value FROM variables WHERE name = 'a')");
  });
  EXPECT_EQ(store_.value("a")->reveal(), "1");
  EXPECT_THROW(store_.value("b"), Error);
}

TEST_F(VariableStoreTest, IsSealedAnew) {
  EXPECT_FALSE(database_.read([](auto& database) { return any_sealed_variable(database); }));
  store_.insert(variable("a"), Secret("hidden"), 2);
  const Secret next(std::string(32, 'n'));
  database_.write(
      [&](SQLite::Database& database) { reseal_variables(database, key_, next, random_); });
  EXPECT_THROW(store_.value("a"), Error);
  EXPECT_EQ(VariableStore(database_, next, random_).value("a")->reveal(), "hidden");
  EXPECT_EQ(database_.read([](auto& database) { return any_sealed_variable(database); })->id,
            "variable/a");
}

}  // namespace
}  // namespace sluice
