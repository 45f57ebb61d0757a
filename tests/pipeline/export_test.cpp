#include "pipeline/export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <sstream>
#include <thread>

#include "base/limits.h"
#include "pipeline/export_world.h"
#include "pipeline/publish.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

class ExportTest : public testing::Test, protected ExportWorld {
 protected:
  /// Nothing is visible and nothing is left behind.
  void expect_nothing() {
    EXPECT_THAT(bucket.objects(), IsEmpty());
    EXPECT_EQ(bucket.staged(), 0U) << "something staged is left behind";
    EXPECT_THAT(journal.published_keys, IsEmpty());
    EXPECT_EQ(bucket.count("publish"), 0U);
  }
};

TEST_F(ExportTest, OneFile) {
  const JobFigures figures = run("SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, 'y'", "all");
  EXPECT_THAT(bucket.objects(), ElementsAre(Pair("out/all.csv", "a,b\n1,x\n2,y\n")));
  EXPECT_EQ(figures.rows, 2U);
  EXPECT_EQ(figures.files, 1U);
  EXPECT_EQ(figures.bytes, bucket.objects().at("out/all.csv").size());
  EXPECT_THAT(journal.published_keys, ElementsAre("out/all.csv"));
  EXPECT_EQ(bucket.staged(), 0U);
}

TEST_F(ExportTest, TheFilesTogetherAreTheResult) {
  const JobFigures figures = run(numbers_to(5000) + "SELECT n, n % 7 AS k FROM r", "k={k}/part");
  EXPECT_EQ(figures.rows, 5000U);
  EXPECT_EQ(figures.files, 7U);
  std::multiset<int> seen;
  for (const auto& [key, content] : bucket.objects()) {
    std::istringstream lines(content);
    std::string line;
    std::getline(lines, line);
    EXPECT_EQ(line, "n,k");
    int before = 0;
    while (std::getline(lines, line)) {
      const int n = std::stoi(line);
      EXPECT_EQ(key, "out/k=" + std::to_string(n % 7) + "/part.csv");
      EXPECT_LT(before, n) << "the order of the result was lost";
      before = n;
      seen.insert(n);
    }
  }
  EXPECT_EQ(seen.size(), 5000U);
  EXPECT_EQ(std::set(seen.begin(), seen.end()).size(), 5000U);
}

TEST_F(ExportTest, TheJournalSaysPublishingBeforeAnythingIsVisible) {
  journal.on_publishing = [&] {
    EXPECT_THAT(bucket.objects(), IsEmpty());
    EXPECT_EQ(bucket.staged(), 2U);
  };
  run("SELECT 'a' AS k UNION ALL SELECT 'b'", "{k}");
  EXPECT_EQ(journal.staged.size(), 2U);
  EXPECT_EQ(journal.staged_figures.files, 2U);
  EXPECT_EQ(bucket.objects().size(), 2U);
}

TEST_F(ExportTest, AFailureInALateRowPublishesNothing) {
  const std::string sql = numbers_to(100000) +
                          "SELECT n % 5 AS k, json(CASE n WHEN 100000 THEN 'x' ELSE '1' END) AS v "
                          "FROM r";
  const Error error = caught([&] { run(sql, "{k}"); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), HasSubstr("malformed JSON"));
  expect_nothing();
}

TEST_F(ExportTest, StoppedItPublishesNothing) {
  std::stop_source stop;
  journal.on_progress = [&] { stop.request_stop(); };
  EXPECT_ERROR(run(request(numbers_to(2000000) + "SELECT n FROM r", "all"), stop.get_token()),
               kCancelled);
  EXPECT_EQ(journal.progress_calls, 1);
  expect_nothing();
}

TEST_F(ExportTest, AnyFailureOfTheStoreBeforePublishingLeavesNothing) {
  for (const auto& [call, key] :
       std::vector<std::pair<std::string, std::string>>{{"stage", "out/b.csv"},
                                                        {"write", "out/b.csv"},
                                                        {"finish", "out/b.csv"},
                                                        {"head", "out/b.csv"}}) {
    bucket.fail(call, key, ErrorCode::kUnavailable);
    EXPECT_ERROR(run("SELECT 'a' AS k UNION ALL SELECT 'b' UNION ALL SELECT 'c'", "{k}"),
                 kUnavailable)
        << call;
    expect_nothing();
  }
  bucket.set_hook(nullptr);
  run("SELECT 'b' AS k", "{k}");
  EXPECT_THAT(bucket.objects(), ElementsAre(Pair("out/b.csv", "k\nb\n"))) << "a name was kept";
}

TEST_F(ExportTest, CancelledAtTheLastMomentNothingIsPublished) {
  journal.on_publishing = [] { throw Error(ErrorCode::kCancelled, "The job was cancelled."); };
  EXPECT_ERROR(run("SELECT 'a' AS k UNION ALL SELECT 'b'", "{k}"), kCancelled);
  EXPECT_EQ(bucket.count("discard"), 2U);
  expect_nothing();
}

TEST_F(ExportTest, AFailedDiscardDoesNotHideWhatHappened) {
  bucket.fail("discard", "", ErrorCode::kUnavailable);
  journal.on_publishing = [] { throw Error(ErrorCode::kBusy, "locked"); };
  EXPECT_ERROR(run("SELECT 1 AS a", "all"), kBusy);
  EXPECT_THAT(bucket.objects(), IsEmpty());
}

TEST_F(ExportTest, AFailureWhilePublishingKeepsWhatIsStaged) {
  bucket.fail("publish", "out/b.csv", ErrorCode::kUnavailable);
  EXPECT_ERROR(run("SELECT 'a' AS k UNION ALL SELECT 'b' UNION ALL SELECT 'c'", "{k}"),
               kUnavailable);
  EXPECT_FALSE(bucket.objects().contains("out/b.csv"));
  EXPECT_EQ(bucket.staged(), 3U - bucket.objects().size());
  EXPECT_EQ(journal.published_keys.size(), bucket.objects().size()) << "what is visible is known";
  journal.published_keys.clear();
  // The same files can be published again: those that stand there already are no error.
  bucket.set_hook(nullptr);
  publish(journal.staged, store, journal);
  EXPECT_EQ(bucket.objects().size(), 3U);
  EXPECT_THAT(journal.published_keys, UnorderedElementsAre("out/a.csv", "out/b.csv", "out/c.csv"));
}

TEST_F(ExportTest, NewNeverOverwrites) {
  for (int i = 0; i < 3; ++i) run("SELECT " + std::to_string(i) + " AS a", "all");
  EXPECT_THAT(bucket.objects(),
              UnorderedElementsAre(Pair("out/all.csv", "a\n0\n"), Pair("out/all.1.csv", "a\n1\n"),
                                   Pair("out/all.2.csv", "a\n2\n")));
}

TEST_F(ExportTest, TruncateReplacesTheObjectOfThatNameOnly) {
  bucket.put("out/all.csv", "old");
  bucket.put("out/all.csv.old", "stays");
  ExportRequest truncate = request("SELECT 1 AS a", "all");
  truncate.plan.settings.write_strategy = WriteStrategy::kTruncate;
  run(truncate);
  EXPECT_THAT(bucket.objects(),
              ElementsAre(Pair("out/all.csv", "a\n1\n"), Pair("out/all.csv.old", "stays")));
}

TEST_F(ExportTest, TwoAtTheSameTimeTakeDifferentNames) {
  // Both have chosen their names before either publishes.
  std::atomic<int> there = 0;
  auto export_one = [&] {
    FakeJournal own;
    own.on_publishing = [&] {
      ++there;
      while (there < 2) std::this_thread::yield();
    };
    FakeStore own_store(bucket);
    run_export(request("SELECT 1 AS a", "all"), {*engine, own_store, own, reservations}, {});
  };
  {
    std::jthread first(export_one);
    std::jthread second(export_one);
  }
  EXPECT_THAT(bucket.objects(),
              UnorderedElementsAre(Pair("out/all.csv", "a\n1\n"), Pair("out/all.1.csv", "a\n1\n")));
}

TEST_F(ExportTest, EmptyResults) {
  ExportRequest empty = request("SELECT 1 AS a WHERE 0", "all");
  EXPECT_EQ(run(empty).files, 0U);
  EXPECT_THAT(bucket.objects(), IsEmpty());

  empty.plan.settings.empty_result = EmptyResult::kError;
  const Error error = caught([&] { run(empty); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), HasSubstr("no rows"));
  expect_nothing();

  empty.plan.settings.empty_result = EmptyResult::kWrite;
  EXPECT_EQ(run(empty).files, 1U);
  EXPECT_THAT(bucket.objects(), ElementsAre(Pair("out/all.csv", "a\n")));
}

TEST_F(ExportTest, TooManyFiles) {
  ExportRequest many = request(numbers_to(1001) + "SELECT n FROM r", "{n}");
  many.limits.files = 1000;
  EXPECT_ERROR(run(many), kTooLarge);
  expect_nothing();
}

TEST_F(ExportTest, ABadTemplateFailsBeforeAnythingIsStaged) {
  EXPECT_ERROR(run("SELECT 1 AS a", "{b}"), kInvalid);
  EXPECT_ERROR(run("SELECT 1 AS a", "../x"), kInvalid);
  EXPECT_EQ(bucket.count("stage"), 0U);
}

TEST_F(ExportTest, Variables) {
  ExportRequest with = request("SELECT 1 AS a", "{region}/all");
  with.plan.variables = {{"region", "eu/west"}};
  run(with);
  EXPECT_THAT(bucket.objects(), ElementsAre(Pair("out/eu%2Fwest/all.csv", "a\n1\n")));
}

TEST_F(ExportTest, ProgressKnowsItsShareWhereTheRowsAreCounted) {
  SqliteFile file(folder / "warehouse.db", "CREATE TABLE t (a)");
  file.run(numbers_to(4096) + "INSERT INTO t SELECT hex(zeroblob(500)) FROM r");
  std::vector<double> percents;
  journal.on_progress = [&] {
    percents.push_back(journal.last_progress.progress_percentage.value_or(-1));
  };
  run("SELECT a FROM t", "all");
  EXPECT_GE(percents.size(), 2U);
  EXPECT_TRUE(std::is_sorted(percents.begin(), percents.end()));
  EXPECT_GT(percents.front(), 0);
  EXPECT_EQ(percents.back(), 99) << "100 is for what is published";
  percents.clear();
  run("SELECT a FROM t WHERE a <> 'b'", "all");
  EXPECT_THAT(percents, testing::Each(-1));
}

}  // namespace
}  // namespace sluice
