#include "engine/sqlite_reader.h"

#include <gtest/gtest.h>

#include "engine/sqlite_engine.h"
#include "support/fake_clock.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

TEST(SqliteReader, SaysWhereItsRowsStand) {
  TestFolder folder;
  FakeClock clock;
  auto session =
      std::make_unique<SqliteSession>(SqliteEngineOptions{folder / "warehouse.db", {}}, clock);
  session->prepare({{},
                    "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < "
                    "2500) SELECT n FROM r"});
  const auto reader = make_sqlite_reader(std::move(session), 2500);
  EXPECT_EQ(reader->expected_rows(), 2500U);
  Batch batch;
  int64_t rows = 0;
  while (reader->next(batch)) {
    for (size_t i = 0; i < batch.rows(); ++i) EXPECT_EQ(batch.at(0, i).integer, ++rows);
    EXPECT_EQ(batch.place(batch.rows() - 1), "row " + std::to_string(rows) + " of the result");
  }
  EXPECT_EQ(rows, 2500);
  EXPECT_FALSE(reader->next(batch)) << "the end stays the end";
}

}  // namespace
}  // namespace sluice
