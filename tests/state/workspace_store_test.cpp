#include "state/workspace_store.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"
#include "support/fake_random.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

TEST(WorkspaceStore, TheExternalIdIsMadeOnceAndKept) {
  TestFolder folder;
  FakeClock clock;
  FakeRandom random;
  std::string made;
  {
    StateDatabase database(folder / "state.db");
    WorkspaceStore workspace(database, clock, random);
    made = workspace.external_id();
    EXPECT_GE(made.size(), 32U);
    EXPECT_EQ(workspace.external_id(), made);
    EXPECT_EQ(workspace.created_at(), clock.now());
  }
  StateDatabase database(folder / "state.db");
  EXPECT_EQ(WorkspaceStore(database, clock, random).external_id(), made);
}

TEST(WorkspaceStore, EachWorkspaceHasItsOwn) {
  TestFolder folder;
  FakeClock clock;
  FakeRandom random;
  StateDatabase one(folder / "one.db");
  StateDatabase other(folder / "other.db");
  EXPECT_NE(WorkspaceStore(one, clock, random).external_id(),
            WorkspaceStore(other, clock, random).external_id());
}

}  // namespace
}  // namespace sluice
