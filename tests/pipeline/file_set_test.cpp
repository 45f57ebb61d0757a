#include "pipeline/file_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "pipeline/export_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

/// Columns `k` (text) and `v` (integer).
class FileSetTest : public testing::Test {
 protected:
  FileSet& files(const std::string& file_template,
                 WriteStrategy strategy = WriteStrategy::kTruncate) {
    request_ = world_.request("", file_template);
    request_.plan.settings.write_strategy = strategy;
    files_ = std::make_unique<FileSet>(request_, parts_, columns_);
    return *files_;
  }
  static Batch batch_of(const std::vector<std::pair<std::string, int64_t>>& rows) {
    Batch batch;
    batch.reset(2);
    for (const auto& [key, value] : rows) {
      batch.add_text(0, key);
      batch.add_integer(1, value);
      batch.end_row();
    }
    return batch;
  }
  /// Ends and publishes all.
  std::map<std::string, std::string> published() {
    std::vector<StagedFile> staged;
    files_->finish(staged);
    for (const StagedFile& file : staged) world_.store.publish(file.ticket);
    return world_.bucket.objects();
  }

  ExportWorld world_;
  ExportParts parts_{*world_.engine, world_.store, world_.journal, world_.reservations};
  ExportRequest request_;
  const std::vector<ColumnInfo> columns_ = {{"k", "TEXT"}, {"v", "INTEGER"}};
  std::unique_ptr<FileSet> files_;
};

TEST_F(FileSetTest, OneFileWhereNoColumnNamesFiles) {
  FileSet& set = files("all");
  set.add(batch_of({{"a", 1}, {"b", 2}}));
  set.add(batch_of({{"c", 3}}));
  EXPECT_EQ(set.rows(), 3U);
  EXPECT_EQ(set.files(), 1U);
  EXPECT_THAT(published(), ElementsAre(Pair("out/all.csv", "k,v\na,1\nb,2\nc,3\n")));
}

TEST_F(FileSetTest, RowsGoWhereTheirValueSays) {
  FileSet& set = files("k={k}/part");
  set.add(batch_of({{"a", 1}, {"b", 2}, {"a", 3}}));
  set.add(batch_of({{"b", 4}, {"", 5}, {"../x", 6}}));
  EXPECT_EQ(set.files(), 4U);
  EXPECT_THAT(published(), ElementsAre(Pair("out/k=..%2Fx/part.csv", "k,v\n../x,6\n"),
                                       Pair("out/k=__EMPTY__/part.csv", "k,v\n\"\",5\n"),
                                       Pair("out/k=a/part.csv", "k,v\na,1\na,3\n"),
                                       Pair("out/k=b/part.csv", "k,v\nb,2\nb,4\n")));
}

TEST_F(FileSetTest, EachFileSaysItsRowsAndBytes) {
  files("{k}").add(batch_of({{"a", 1}, {"b", 2}, {"a", 3}}));
  std::vector<StagedFile> staged;
  files_->finish(staged);
  ASSERT_EQ(staged.size(), 2U);
  EXPECT_EQ(staged[0].key, "out/a.csv");
  EXPECT_EQ(staged[0].rows, 2U);
  EXPECT_EQ(staged[0].bytes, std::string("k,v\na,1\na,3\n").size());
  EXPECT_EQ(files_->bytes(), staged[0].bytes + staged[1].bytes);
}

TEST_F(FileSetTest, CompressedFilesAreGzip) {
  request_ = world_.request("", "all");
  request_.plan.settings.compression = Compression::kGzip;
  request_.plan.settings.format = Format::kNdjson;
  files_ = std::make_unique<FileSet>(request_, parts_, columns_);
  files_->add(batch_of({{"a", 1}}));
  const auto objects = published();
  ASSERT_EQ(objects.size(), 1U);
  EXPECT_EQ(objects.begin()->first, "out/all.ndjson.gz");
  EXPECT_EQ(objects.begin()->second.substr(0, 2), "\x1f\x8b");
}

TEST_F(FileSetTest, DestroyedBeforeItsEndNothingIsLeft) {
  files("{k}").add(batch_of({{"a", 1}, {"b", 2}}));
  EXPECT_EQ(world_.bucket.staged(), 2U);
  files_.reset();
  EXPECT_EQ(world_.bucket.staged(), 0U);
  EXPECT_THAT(world_.bucket.objects(), IsEmpty());
}

TEST_F(FileSetTest, WhatWasEndedBeforeAFailureIsHandedOver) {
  files("{k}").add(batch_of({{"a", 1}, {"b", 2}}));
  world_.bucket.fail("finish", "out/b.csv", ErrorCode::kStorage);
  std::vector<StagedFile> staged;
  EXPECT_ERROR(files_->finish(staged), kStorage);
  ASSERT_EQ(staged.size(), 1U);
  EXPECT_EQ(staged[0].key, "out/a.csv");
}

TEST_F(FileSetTest, NewTakesTheNextFreeNumber) {
  world_.bucket.put("out/a.csv", "old");
  world_.bucket.put("out/a.1.csv", "old");
  files("{k}", WriteStrategy::kNew).add(batch_of({{"a", 1}, {"b", 2}, {"a.2", 3}}));
  const auto objects = published();
  EXPECT_EQ(objects.at("out/a.csv"), "old");
  EXPECT_EQ(objects.at("out/a.2.csv"), "k,v\na,1\n");
  EXPECT_EQ(objects.at("out/b.csv"), "k,v\nb,2\n");
  EXPECT_EQ(objects.at("out/a.2.1.csv"), "k,v\na.2,3\n") << "two files of a job share no name";
}

TEST_F(FileSetTest, TruncateTakesTheNameAsItIs) {
  world_.bucket.put("out/a.csv", "old");
  files("{k}").add(batch_of({{"a", 1}}));
  EXPECT_THAT(published(), ElementsAre(Pair("out/a.csv", "k,v\na,1\n")));
  EXPECT_EQ(world_.bucket.count("head"), 0U);
}

TEST_F(FileSetTest, TooManyFilesAreToldByName) {
  FileSet& set = files("{v}");
  std::vector<std::pair<std::string, int64_t>> rows;
  for (size_t i = 0; i < limits::kFilesPerJob; ++i) rows.emplace_back("x", i);
  set.add(batch_of(rows));
  EXPECT_EQ(set.files(), limits::kFilesPerJob);
  const Error error = caught([&] { set.add(batch_of({{"x", 77777}})); });
  EXPECT_EQ(error.code(), ErrorCode::kTooLarge);
  EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("1000"), HasSubstr("77777")));
}

TEST_F(FileSetTest, AnEmptyFileHasItsHeader) {
  files("all").open_empty();
  EXPECT_THAT(published(), ElementsAre(Pair("out/all.csv", "k,v\n")));
}

TEST_F(FileSetTest, NoEmptyFileWhereRowsWouldNameIt) {
  files("{k}").open_empty();
  EXPECT_EQ(files_->files(), 0U);
  EXPECT_THAT(published(), IsEmpty());
}

TEST_F(FileSetTest, WhatBeginsAtTheStoreIsJournalled) {
  world_.bucket.remote = true;
  files("{k}").add(batch_of({{"a", 1}}));
  published();
  EXPECT_THAT(world_.journal.begun_keys, ElementsAre("out/a.csv"));
}

}  // namespace
}  // namespace sluice
