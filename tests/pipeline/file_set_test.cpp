#include "pipeline/file_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "base/limits.h"
#include "pipeline/export_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

/// The text of one gzip member; nothing may follow it.
std::string gunzip(const std::string& bytes) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
  std::string copy = bytes;
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  std::string text;
  int code = Z_OK;
  while (code == Z_OK) {
    char part[65536];
    stream.next_out = reinterpret_cast<Bytef*>(part);
    stream.avail_out = sizeof part;
    code = inflate(&stream, Z_NO_FLUSH);
    text.append(part, sizeof part - stream.avail_out);
  }
  EXPECT_EQ(code, Z_STREAM_END);
  EXPECT_EQ(stream.avail_in, 0U) << "a second member";
  inflateEnd(&stream);
  return text;
}

/// Columns `k` (text) and `v` (integer).
class FileSetTest : public testing::Test {
 protected:
  FileSet& files(const std::string& file_template,
                 WriteStrategy strategy = WriteStrategy::kTruncate) {
    request_ = world_.request("", file_template);
    request_.plan.settings.write_strategy = strategy;
    return begin();
  }
  FileSet& begin() {
    plan_ = plan_output(request_, columns_, {});
    staged_ = std::make_unique<StagedFiles>(request_, parts_);
    opener_ = std::make_unique<FileOpener>(request_, parts_, plan_, *staged_);
    files_ = std::make_unique<FileSet>(
        *opener_, KeyBuilder(FileTemplate::parse(request_.plan.settings.file_template),
                             request_.destination.prefix, plan_.extension, plan_.columns,
                             request_.plan.variables));
    return *files_;
  }
  void add(Batch batch) {
    EXPECT_TRUE(files_->add(batch, [](Batch&) { return true; }));
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
    files_->finish();
    for (const StagedFile& file : staged_->files()) world_.store.publish(file.ticket);
    staged_->keep();
    return world_.bucket.objects();
  }

  ExportWorld world_;
  ExportParts parts_{*world_.engine, world_.store, world_.journal, world_.reservations};
  ExportRequest request_;
  const std::vector<ColumnInfo> columns_ = {{"k", "TEXT"}, {"v", "INTEGER"}};
  OutputPlan plan_;
  std::unique_ptr<StagedFiles> staged_;
  std::unique_ptr<FileOpener> opener_;
  std::unique_ptr<FileSet> files_;
};

TEST_F(FileSetTest, OneFileWhereNoColumnNamesFiles) {
  FileSet& set = files("all");
  add(batch_of({{"a", 1}, {"b", 2}}));
  add(batch_of({{"c", 3}}));
  EXPECT_EQ(set.rows(), 3U);
  EXPECT_EQ(set.files(), 1U);
  EXPECT_THAT(published(), ElementsAre(Pair("out/all.csv", "k,v\na,1\nb,2\nc,3\n")));
}

TEST_F(FileSetTest, RowsGoWhereTheirValueSays) {
  FileSet& set = files("k={k}/part");
  add(batch_of({{"a", 1}, {"b", 2}, {"a", 3}}));
  add(batch_of({{"b", 4}, {"", 5}, {"../x", 6}}));
  EXPECT_EQ(set.files(), 4U);
  EXPECT_THAT(published(), ElementsAre(Pair("out/k=..%2Fx/part.csv", "k,v\n../x,6\n"),
                                       Pair("out/k=__EMPTY__/part.csv", "k,v\n\"\",5\n"),
                                       Pair("out/k=a/part.csv", "k,v\na,1\na,3\n"),
                                       Pair("out/k=b/part.csv", "k,v\nb,2\nb,4\n")));
}

TEST_F(FileSetTest, EachFileSaysItsRowsAndBytes) {
  files("{k}");
  add(batch_of({{"a", 1}, {"b", 2}, {"a", 3}}));
  files_->finish();
  const std::vector<StagedFile>& staged = staged_->files();
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
  begin();
  add(batch_of({{"a", 1}}));
  const auto objects = published();
  ASSERT_EQ(objects.size(), 1U);
  EXPECT_EQ(objects.begin()->first, "out/all.ndjson.gz");
  EXPECT_EQ(objects.begin()->second.substr(0, 2), "\x1f\x8b");
}

TEST_F(FileSetTest, DestroyedBeforeItsEndNothingIsLeft) {
  files("{k}");
  for (int i = 0; i < 40; ++i) {
    add(batch_of({{"a", 1}, {std::string(limits::kBlockBytes, 'x').substr(0, 500), 2}}));
  }
  add(batch_of({{"a", 1}}));
  files_.reset();
  staged_.reset();
  EXPECT_EQ(world_.bucket.staged(), 0U);
  EXPECT_THAT(world_.bucket.objects(), IsEmpty());
}

TEST_F(FileSetTest, WhatWasEndedBeforeAFailureIsHandedOver) {
  files("{k}");
  add(batch_of({{"a", 1}, {"b", 2}}));
  world_.bucket.fail("finish", "out/b.csv", ErrorCode::kStorage);
  EXPECT_ERROR(files_->finish(), kStorage);
  ASSERT_EQ(staged_->files().size(), 1U);
  EXPECT_EQ(staged_->files()[0].key, "out/a.csv");
}

TEST_F(FileSetTest, NewTakesTheNextFreeNumber) {
  world_.bucket.put("out/a.csv", "old");
  world_.bucket.put("out/a.1.csv", "old");
  files("{k}", WriteStrategy::kNew);
  add(batch_of({{"a", 1}, {"b", 2}, {"a.2", 3}}));
  const auto objects = published();
  EXPECT_EQ(objects.at("out/a.csv"), "old");
  EXPECT_EQ(objects.at("out/a.2.csv"), "k,v\na,1\n");
  EXPECT_EQ(objects.at("out/b.csv"), "k,v\nb,2\n");
  EXPECT_EQ(objects.at("out/a.2.1.csv"), "k,v\na.2,3\n") << "two files of a job share no name";
}

TEST_F(FileSetTest, TruncateTakesTheNameAsItIs) {
  world_.bucket.put("out/a.csv", "old");
  files("{k}");
  add(batch_of({{"a", 1}}));
  EXPECT_THAT(published(), ElementsAre(Pair("out/a.csv", "k,v\na,1\n")));
  EXPECT_EQ(world_.bucket.count("head"), 0U);
}

TEST_F(FileSetTest, TooManyFilesAreToldByName) {
  constexpr size_t kMost = 1000;
  FileSet& set = files("{v}");
  request_.limits.files = kMost;
  std::vector<std::pair<std::string, int64_t>> rows;
  for (size_t i = 0; i < kMost; ++i) rows.emplace_back("x", i);
  add(batch_of(rows));
  EXPECT_EQ(set.files(), kMost);
  const Error error = caught([&] { add(batch_of({{"x", 77777}})); });
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
  files("{k}");
  add(batch_of({{"a", 1}}));
  published();
  EXPECT_THAT(world_.journal.begun_keys, ElementsAre("out/a.csv"));
}

TEST_F(FileSetTest, FilesRollOverAtTheirRows) {
  request_ = world_.request("", "{k}");
  request_.plan.settings.write_strategy = WriteStrategy::kTruncate;
  request_.plan.settings.options.max_rows_per_file = 2;
  begin();
  add(batch_of({{"a", 1}, {"b", 2}, {"a", 3}, {"a", 4}}));
  add(batch_of({{"a", 5}, {"a", 6}}));
  EXPECT_THAT(published(), ElementsAre(Pair("out/a-0000.csv", "k,v\na,1\na,3\n"),
                                       Pair("out/a-0001.csv", "k,v\na,4\na,5\n"),
                                       Pair("out/a-0002.csv", "k,v\na,6\n"),
                                       Pair("out/b-0000.csv", "k,v\nb,2\n")));
}

TEST_F(FileSetTest, PartitionColumnsCanBeDropped) {
  request_ = world_.request("", "{k}");
  request_.plan.settings.options.drop_partition_columns = true;
  begin();
  add(batch_of({{"a", 1}, {"b", 2}}));
  EXPECT_THAT(published(), ElementsAre(Pair("out/a.csv", "v\n1\n"), Pair("out/b.csv", "v\n2\n")));
}

TEST_F(FileSetTest, LittleMemoryChangesNothingOfTheFiles) {
  request_ = world_.request("", "{k}");
  request_.limits.memory_bytes = 64 * 1024;
  begin();
  std::map<std::string, std::string> expected;
  for (int64_t i = 0; i < 20000; ++i) {
    const std::string key = "k" + std::to_string(i * 7919 % 101);
    add(batch_of({{key, i}}));
    std::string& file = expected["out/" + key + ".csv"];
    if (file.empty()) file = "k,v\n";
    file += key + "," + std::to_string(i) + "\n";
  }
  EXPECT_EQ(published(), expected);
}

TEST_F(FileSetTest, FewStreamsAreOpenAtATime) {
  request_ = world_.request("", "{k}");
  request_.limits.memory_bytes = 4 * 1024 * 1024;  // One stream of 1 MiB.
  request_.plan.settings.compression = Compression::kGzip;
  request_.plan.settings.options.single_gzip_member = true;
  begin();
  constexpr int kFiles = 6;
  std::map<std::string, std::string> expected;
  const std::string filler(900, 'x');
  for (int64_t i = 0; i < 12000; ++i) {
    const std::string key = filler + std::to_string(i % kFiles);
    add(batch_of({{key, i}}));
    std::string& file = expected["out/" + key + ".csv.gz"];
    if (file.empty()) file = "k,v\n";
    file += key + "," + std::to_string(i) + "\n";
    ASSERT_LE(world_.bucket.staged(), 1U) << "more than one file is begun";
  }
  const std::map<std::string, std::string> files = published();
  ASSERT_EQ(files.size(), expected.size());
  for (const auto& [key, text] : expected) EXPECT_EQ(gunzip(files.at(key)), text) << key;
}

TEST_F(FileSetTest, WhatMemoryHasNoRoomForGoesToTheSpoolFolder) {
  request_ = world_.request("", "{k}");
  request_.limits.memory_bytes = 64 * 1024;
  request_.limits.spool_dir = world_.folder / "not there";
  begin();
  EXPECT_ERROR(for (int64_t i = 0; i < 20000; ++i)
                   add(batch_of({{"k" + std::to_string(i % 100), i}})),
               kStorage);
}

}  // namespace
}  // namespace sluice
