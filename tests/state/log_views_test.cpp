#include "state/log_views.h"

#include <gtest/gtest.h>

#include "state/state_database.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

TEST(LogViews, AreAsTheMigrationsMakeThem) {
  const TestFolder folder;
  StateDatabase database(folder / "state.db");
  database.read([](SQLite::Database& state) {
    for (const LogView& view : log_views()) {
      SQLite::Statement all(state, "SELECT * FROM " + view.name);
      ASSERT_EQ(all.getColumnCount(), static_cast<int>(view.columns.size())) << view.name;
      for (int i = 0; i < all.getColumnCount(); ++i) {
        EXPECT_EQ(all.getColumnName(i), view.columns[static_cast<size_t>(i)]);
      }
      EXPECT_LE(view.columns.size(), 31U) << "what engine/log_tables.h can have";
    }
  });
}

}  // namespace
}  // namespace sluice
