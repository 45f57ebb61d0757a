#include "pipeline/lost_races.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "pipeline/export_world.h"
#include "pipeline/publish.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

struct LostRacesTest : testing::Test, ExportWorld {
  /// Before anything of the job is visible, somebody else writes under these names.
  void take_meanwhile(const std::vector<std::string>& keys) {
    journal.on_publishing = [this, keys] {
      for (const std::string& key : keys) bucket.put(key, "theirs");
    };
  }
  std::vector<std::string> journalled() const {
    std::vector<std::string> keys;
    for (const StagedFile& file : journal.staged) keys.push_back(file.key);
    return keys;
  }
};

TEST_F(LostRacesTest, TheFileGetsAnotherNameAndTheirsStays) {
  for (const bool is_remote : {false, true}) {
    bucket.clear();
    bucket.remote = is_remote;
    take_meanwhile({"out/all.csv"});
    run("SELECT 1 AS a", "all");
    EXPECT_THAT(bucket.objects(), UnorderedElementsAre(Pair("out/all.csv", "theirs"),
                                                       Pair("out/all.1.csv", "a\n1\n")));
    EXPECT_EQ(bucket.staged(), 0U) << "what was staged first is left behind";
    EXPECT_THAT(journalled(), ElementsAre("out/all.1.csv"));
    EXPECT_EQ(journal.published_keys.back(), "out/all.1.csv");
  }
}

TEST_F(LostRacesTest, OnlyThatFileIsStagedAgain) {
  for (const bool is_remote : {false, true}) {
    bucket.clear();
    bucket.remote = is_remote;
    const size_t before = bucket.count("stage");
    take_meanwhile({"out/b.csv"});
    run("SELECT 'a' AS k UNION ALL SELECT 'b' UNION ALL SELECT 'c'", "{k}");
    EXPECT_THAT(bucket.objects(),
                UnorderedElementsAre(Pair("out/a.csv", "k\na\n"), Pair("out/b.csv", "theirs"),
                                     Pair("out/b.1.csv", "k\nb\n"), Pair("out/c.csv", "k\nc\n")));
    EXPECT_EQ(bucket.count("stage") - before, is_remote ? 4U : 3U);
    EXPECT_EQ(bucket.staged(), 0U);
  }
}

TEST_F(LostRacesTest, ALargeFileIsWrittenTheSameASecondTime) {
  bucket.remote = true;
  ExportRequest zipped =
      request(numbers_to(200000) + "SELECT n, n % 3 AS k, hex(n) AS h FROM r", "{k}");
  zipped.plan.settings.compression = Compression::kGzip;
  take_meanwhile({"out/1.csv.gz", "out/2.csv.gz"});
  run(zipped);
  EXPECT_EQ(bucket.objects().size(), 5U);
  EXPECT_EQ(bucket.objects().at("out/1.csv.gz"), "theirs");
  EXPECT_EQ(bucket.objects().count("out/1.1.csv.gz"), 1U);
  EXPECT_EQ(bucket.objects().count("out/2.1.csv.gz"), 1U);
  EXPECT_EQ(bucket.staged(), 0U);
}

TEST_F(LostRacesTest, TheManifestNamesWhatIsThere) {
  ExportRequest listed = request("SELECT 'a' AS k UNION ALL SELECT 'b'", "{k}");
  listed.plan.settings.options.manifest = true;
  take_meanwhile({"out/a.csv", "out/b.csv"});
  run(listed);
  const std::string manifest = bucket.objects().at("out/_manifest.json");
  EXPECT_THAT(manifest, HasSubstr("out/a.1.csv"));
  EXPECT_THAT(manifest, HasSubstr("out/b.1.csv"));
  EXPECT_THAT(manifest, Not(HasSubstr("out/a.csv")));
  EXPECT_THAT(journalled(),
              UnorderedElementsAre("out/a.1.csv", "out/b.1.csv", "out/_manifest.json"));
  store.remove_staging("job-1");
  EXPECT_EQ(bucket.staged(), 0U);
}

TEST_F(LostRacesTest, AManifestThatIsAnUploadIsNotWrittenAgain) {
  bucket.remote = true;
  ExportRequest listed = request("SELECT 1 AS a", "all");
  listed.plan.settings.options.manifest = true;
  take_meanwhile({"out/all.csv"});
  const Error error = caught([&] { run(listed); });
  EXPECT_EQ(error.code(), ErrorCode::kConflict);
  EXPECT_THAT(error.what(), HasSubstr("the manifest is too large"));
  EXPECT_THAT(bucket.objects(), ElementsAre(Pair("out/all.csv", "theirs")));
}

TEST_F(LostRacesTest, TheManifestMayLoseItsNameToo) {
  ExportRequest listed = request("SELECT 1 AS a", "all");
  listed.plan.settings.options.manifest = true;
  take_meanwhile({"out/_manifest.json"});
  run(listed);
  EXPECT_EQ(bucket.objects().at("out/_manifest.json"), "theirs");
  EXPECT_THAT(bucket.objects().at("out/_manifest.1.json"), HasSubstr("out/all.csv"));
}

TEST_F(LostRacesTest, RowsThatHaveChangedSinceAreAConflict) {
  bucket.remote = true;
  take_meanwhile({"out/all.csv"});
  const Error error = caught([&] { run("SELECT random() AS a", "all"); });
  EXPECT_EQ(error.code(), ErrorCode::kConflict);
  EXPECT_THAT(error.what(), HasSubstr("'out/all.csv'"));
  EXPECT_THAT(error.what(), HasSubstr("the data have changed"));
  EXPECT_THAT(bucket.objects(), ElementsAre(Pair("out/all.csv", "theirs")));
  EXPECT_EQ(bucket.staged(), 1U) << "what is in the journal is the job's to remove";
  EXPECT_THAT(journalled(), ElementsAre("out/all.csv"));
}

TEST_F(LostRacesTest, AWriterThatTakesEveryNameEndsIt) {
  bucket.set_hook([&](const std::string& call, const std::string& key) {
    if (call == "publish") bucket.put(key, "theirs");
  });
  const Error error = caught([&] { run("SELECT 1 AS a", "all"); });
  EXPECT_EQ(error.code(), ErrorCode::kConflict);
  EXPECT_THAT(error.what(), HasSubstr("out/all.10.csv"));
  for (const auto& [key, content] : bucket.objects()) EXPECT_EQ(content, "theirs") << key;
}

TEST_F(LostRacesTest, TheJournalKnowsTheNewNameBeforeItIsVisible) {
  take_meanwhile({"out/all.csv"});
  bucket.set_hook([&](const std::string& call, const std::string& key) {
    if (call == "publish" && key == "out/all.1.csv") {
      EXPECT_THAT(journalled(), ElementsAre("out/all.1.csv"));
    }
  });
  run("SELECT 1 AS a", "all");
  EXPECT_EQ(bucket.count("publish"), 2U);
}

}  // namespace
}  // namespace sluice
