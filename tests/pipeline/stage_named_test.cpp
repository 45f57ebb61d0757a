#include "pipeline/stage_named.h"

#include <gtest/gtest.h>

#include "pipeline/export_world.h"
#include "pipeline/staged_files.h"

namespace sluice {
namespace {

class StageNamedTest : public testing::Test, protected ExportWorld {
 protected:
  std::string name_for(ExportRequest& request, StagedFiles& staged, const std::string& key) {
    const ExportParts parts{*engine, store, journal, reservations};
    return stage_named(request, parts, staged.names(), key, ".csv", "text/csv")->key();
  }
};

TEST_F(StageNamedTest, NewTakesAFreeNameAndKeepsIt) {
  ExportRequest request = this->request("", "x");
  const ExportParts parts{*engine, store, journal, reservations};
  bucket.put("a.csv", "old");
  {
    StagedFiles staged(request, parts);
    EXPECT_EQ(name_for(request, staged, "a.csv"), "a.1.csv");
    EXPECT_EQ(name_for(request, staged, "a.csv"), "a.2.csv") << "a job uses a name once";
    StagedFiles other(request, parts);
    EXPECT_EQ(name_for(request, other, "a.csv"), "a.3.csv") << "and so do jobs beside it";
    staged.discard();
    EXPECT_EQ(name_for(request, staged, "a.csv"), "a.1.csv") << "another try begins anew";
  }
  StagedFiles later(request, parts);
  EXPECT_EQ(name_for(request, later, "a.csv"), "a.1.csv");
}

TEST_F(StageNamedTest, TruncateAsksNobody) {
  ExportRequest request = this->request("", "x");
  request.plan.settings.write_strategy = WriteStrategy::kTruncate;
  bucket.put("a.csv", "old");
  StagedFiles staged(request, {*engine, store, journal, reservations});
  EXPECT_EQ(name_for(request, staged, "a.csv"), "a.csv");
  EXPECT_EQ(bucket.count("head"), 0U);
}

}  // namespace
}  // namespace sluice
