#include "engine/scan_program.h"

#include <gtest/gtest.h>

#include "engine/engine_world.h"

namespace sluice {
namespace {

struct ScanProgramTest : testing::Test {
  EngineWorld world{
      "CREATE TABLE orders (id INTEGER PRIMARY KEY, region TEXT, amount REAL, both TEXT AS (region "
      "|| "
      "id), kept TEXT AS (upper(region)) STORED); CREATE INDEX by_region ON orders (region)"};
  std::vector<ProgramStep> program(const std::string& sql) {
    SqliteSession session(world.options, world.clock);
    session.prepare({{}, sql});
    return session.program();
  }
};

TEST_F(ScanProgramTest, NamesTheTreeOfOnePass) {
  const auto tree = scanned_tree(program("SELECT * FROM shop.orders WHERE amount > 3"));
  ASSERT_TRUE(tree);
  EXPECT_EQ(std::to_string(tree->page),
            world.shop.value("SELECT rootpage FROM sqlite_schema WHERE name = 'orders'"));
  EXPECT_FALSE(scanned_tree(program("SELECT count(*) FROM shop.orders")));
  EXPECT_FALSE(scanned_tree(program("SELECT 1")));
}

TEST_F(ScanProgramTest, TellsWhetherItSeeks) {
  EXPECT_TRUE(program_seeks(program("SELECT * FROM shop.orders WHERE id > 5")));
  EXPECT_FALSE(program_seeks(program("SELECT * FROM shop.orders")));
}

TEST_F(ScanProgramTest, StoredColumnsOfPlainScans) {
  const auto stored = stored_columns(program("SELECT amount, id, region FROM shop.orders"));
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->rowids, std::vector<size_t>{1});
  ASSERT_EQ(stored->targets.size(), 3U);
  EXPECT_EQ(stored->targets[0].column, StoredColumns::kUnused);
  EXPECT_EQ(stored->targets[1].column, 2);
  EXPECT_FALSE(stored->targets[1].is_real);
  EXPECT_EQ(stored->targets[2].column, 0);
  EXPECT_TRUE(stored->targets[2].is_real);
  // What is computed at every write is stored, too, behind the others.
  const auto kept = stored_columns(program("SELECT kept FROM shop.orders"));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->targets.size(), 4U);
}

TEST_F(ScanProgramTest, NothingOfWhatComputesOrFilters) {
  for (const char* sql :
       {"SELECT * FROM shop.orders", "SELECT both FROM shop.orders",
        "SELECT id + 1 FROM shop.orders", "SELECT amount FROM shop.orders WHERE id > 1",
        "SELECT id FROM shop.orders WHERE amount > 1", "SELECT amount, amount FROM shop.orders",
        "SELECT 1, amount FROM shop.orders", "SELECT upper(region) FROM shop.orders",
        "SELECT amount FROM shop.orders LIMIT 1", "SELECT typeof(amount) FROM shop.orders",
        "SELECT count(*) FROM shop.orders"}) {
    EXPECT_FALSE(stored_columns(program(sql))) << sql;
  }
}

TEST_F(ScanProgramTest, UnknownInstructionsAreNotGuessedAt) {
  std::vector<ProgramStep> steps = program("SELECT amount FROM shop.orders");
  ASSERT_TRUE(stored_columns(steps));
  steps.insert(steps.end() - 2, ProgramStep{"Novelty", 0, 0, 0});
  EXPECT_FALSE(stored_columns(steps));
}

}  // namespace
}  // namespace sluice
