#include "object_store/gcs_store.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "stores.h"
#include "support/caught.h"

// What it shares with the other stores is in store_contract_test.cpp.
namespace sluice {
namespace {

TEST(GcsStore, ProbeNeedsNoRightToDelete) {
  GcsWorldParts world;
  const auto store = world.open();
  store->probe("a/b");
  EXPECT_EQ(world.gcs.calls("begin"), 1);
  EXPECT_EQ(world.gcs.calls("abort"), 1);
  EXPECT_EQ(world.gcs.calls("insert"), 0);
  world.gcs.plan("begin", {403});
  EXPECT_ERROR(store->probe("a/b"), kForbidden);
}

TEST(GcsStore, UploadsCanNotBeListed) {
  GcsWorldParts world;
  const auto store = world.open();
  world.client().begin_upload("k", {"text/csv", "job-1"});
  EXPECT_TRUE(store->unfinished("").empty());
}

TEST(GcsStore, StopEndsItsCalls) {
  GcsWorldParts world;
  const auto store = world.open();
  world.stop.request_stop();
  EXPECT_ERROR(store->head("k"), kCancelled);
}

}  // namespace
}  // namespace sluice
