#include "pipeline/cluster_export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/export_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

/// What a cluster has written: the file, its rows, and the value of the one key.
struct Written {
  std::string file;
  int64_t rows;
  std::string value;
};

class WrittenReader final : public RowReader {
 public:
  WrittenReader(std::vector<Written> files, size_t keys) : files_(std::move(files)), keys_(keys) {
    columns_ = {{"file", "String"}, {"row_count", "Int64"}};
    for (size_t i = 0; i < keys; ++i)
      columns_.push_back({"key_" + std::to_string(i + 1), "String"});
  }
  const std::vector<ColumnInfo>& columns() const override { return columns_; }
  bool next(Batch& batch) override {
    batch.reset(columns_.size());
    for (const Written& file : files_) {
      batch.add_text(0, file.file);
      batch.add_integer(1, file.rows);
      for (size_t i = 0; i < keys_; ++i) batch.add_text(i + 2, file.value);
      batch.end_row();
    }
    files_.clear();
    return batch.rows() > 0;
  }
  std::optional<uint64_t> expected_rows() const override { return std::nullopt; }

 private:
  std::vector<Written> files_;
  size_t keys_;
  std::vector<ColumnInfo> columns_;
};

/// Writes into a bucket in memory.
class ScriptedWriter final : public ClusterWriter {
 public:
  explicit ScriptedWriter(FakeBucket& bucket) : bucket_(bucket) {}
  std::vector<ColumnInfo> columns(const Query&) override {
    return {{"part", "String", ColumnType()}, {"n", "Int64", ColumnType{ColumnKind::kInteger}}};
  }
  void end_run(const Query&) noexcept override { ++ended; }
  uint64_t write(const Query&, const ClusterTarget& target, std::chrono::seconds,
                 const std::stop_token&) override {
    seen = target;
    for (const Written& file : files) bucket_.put(folder + file.file, "rows of " + file.file);
    if (failure) throw *failure;
    return count;
  }
  std::unique_ptr<RowReader> read_back(const Query&, const ClusterTarget& target,
                                       std::chrono::seconds, const std::stop_token&) override {
    return std::make_unique<WrittenReader>(files, target.keys.size());
  }

  std::string folder = "out/.sluice/job-1/";
  std::vector<Written> files;
  uint64_t count = 0;
  std::optional<Error> failure;
  ClusterTarget seen;
  int ended = 0;

 private:
  FakeBucket& bucket_;
};

class ClusterEngine final : public Engine {
 public:
  explicit ClusterEngine(ClusterWriter& writer) : writer_(writer) {}
  QueryInfo describe(const Query&, std::chrono::nanoseconds) override { return {}; }
  std::unique_ptr<RowReader> open(const Query&, std::chrono::seconds, std::stop_token) override {
    ADD_FAILURE() << "rows pass through this process";
    return nullptr;
  }
  std::unique_ptr<RowReader> ask(const Query&, const AskLimits&, std::stop_token) override {
    return nullptr;
  }
  void check_reach(const Query&, const Reach&) override {}
  ClusterWriter* cluster_writer(const Query&) override { return &writer_; }

 private:
  ClusterWriter& writer_;
};

class ClusterExportTest : public testing::Test {
 protected:
  ClusterExportTest() { world_.bucket.open_to_others = true; }

  ExportRequest request(const std::string& file_template) {
    ExportRequest request = world_.request("SELECT part, n FROM t", file_template);
    request.plan.query.engine = "ch";
    request.plan.settings.options.on_cluster = true;
    request.plan.settings.format = Format::kCsv;
    request.plan.settings.compression = Compression::kNone;
    return request;
  }
  JobFigures run(const ExportRequest& request) {
    return run_export(request, {engine_, world_.store, world_.journal, world_.reservations}, {});
  }
  Error failure(const ExportRequest& request) {
    return caught([&] { run(request); });
  }

  ExportWorld world_;
  ScriptedWriter writer_{world_.bucket};
  ClusterEngine engine_{writer_};
};

TEST_F(ClusterExportTest, FilesGetTheTemplatesNames) {
  writer_.files = {{"aa.csv", 2, "x"}, {"bb.csv", 3, "y/z"}};
  writer_.count = 5;
  world_.bucket.put("out/.sluice/job-1/left.csv", "of the attempt before");
  const JobFigures figures = run(request("p={part}/f"));
  EXPECT_EQ(figures.rows, 5U);
  EXPECT_EQ(figures.files, 2U);
  EXPECT_THAT(world_.bucket.objects(), ElementsAre(Pair("out/p=x/f.csv", "rows of aa.csv"),
                                                   Pair("out/p=y%2Fz/f.csv", "rows of bb.csv")));
  EXPECT_EQ(writer_.ended, 1);
  EXPECT_EQ(writer_.seen.folder_url, "http://store/bucket/out/.sluice/job-1/");
  EXPECT_THAT(world_.journal.begun_keys, ElementsAre("out/.sluice/job-1/"));
  EXPECT_EQ(world_.journal.staged.at(0).rows, 2U);
}

TEST_F(ClusterExportTest, OneFileAndSpreadOnes) {
  writer_.files = {{"all.csv", 4, ""}};
  writer_.count = 4;
  run(request("f"));
  EXPECT_THAT(world_.bucket.objects(), ElementsAre(Pair("out/f.csv", "rows of all.csv")));
  world_.bucket.clear();
  writer_.files = {{"all-0.csv", 1, ""}, {"all-1.csv", 3, ""}};
  run(request("s{2}"));
  EXPECT_THAT(world_.bucket.objects(), ElementsAre(Pair("out/s0.csv", "rows of all-0.csv"),
                                                   Pair("out/s1.csv", "rows of all-1.csv")));
  EXPECT_EQ(writer_.seen.spread, 2U);
}

TEST_F(ClusterExportTest, FilesThatDoNotCountUpPublishNothing) {
  writer_.files = {{"aa.csv", 2, "x"}};
  writer_.count = 5;
  const Error error = failure(request("{part}"));
  EXPECT_EQ(error.code(), ErrorCode::kCorrupt);
  EXPECT_THAT(error.what(), HasSubstr("written 5 rows"));
  EXPECT_THAT(error.what(), HasSubstr("hold 2"));
  EXPECT_THAT(world_.bucket.objects(), IsEmpty());
}

TEST_F(ClusterExportTest, AClusterThatFailsLeavesNothing) {
  writer_.files = {{"aa.csv", 2, "x"}};
  writer_.failure = Error(ErrorCode::kTooLarge, "Memory limit exceeded.");
  EXPECT_EQ(failure(request("{part}")).code(), ErrorCode::kTooLarge);
  EXPECT_THAT(world_.bucket.objects(), IsEmpty());
  EXPECT_EQ(world_.bucket.staged(), 0U);
}

TEST_F(ClusterExportTest, TwoFilesOfOneNameAreAnError) {
  writer_.files = {{"aa.csv", 2, "x"}, {"bb.csv", 3, "x"}};
  writer_.count = 5;
  EXPECT_THAT(failure(request("{part}")).what(), HasSubstr("two files for the name out/x.csv"));
  EXPECT_THAT(world_.bucket.objects(), IsEmpty());
}

TEST_F(ClusterExportTest, NoRowsAreNoFilesOrAnError) {
  writer_.files = {{"all.csv", 0, ""}};
  EXPECT_EQ(run(request("f")).files, 0U);
  EXPECT_THAT(world_.bucket.objects(), IsEmpty());
  ExportRequest strict = request("f");
  strict.plan.settings.empty_result = EmptyResult::kError;
  EXPECT_EQ(failure(strict).code(), ErrorCode::kInvalid);
  EXPECT_THAT(world_.bucket.objects(), IsEmpty());
}

TEST_F(ClusterExportTest, WhatIsNotPossibleIsToldBeforeAnythingIsWritten) {
  EXPECT_EQ(failure(request("{nothere}")).code(), ErrorCode::kInvalid);
  ExportRequest sized = request("f");
  sized.plan.settings.options.max_rows_per_file = 5;
  EXPECT_THAT(failure(sized).what(), HasSubstr("max_rows_per_file"));
  world_.bucket.open_to_others = false;
  EXPECT_THAT(failure(request("f")).hint(), HasSubstr("S3 connection"));
  ExportRequest many = request("{part}");
  world_.bucket.open_to_others = true;
  many.limits.files = 1;
  writer_.files = {{"aa.csv", 1, "x"}, {"bb.csv", 1, "y"}};
  writer_.count = 2;
  EXPECT_EQ(failure(many).code(), ErrorCode::kTooLarge);
  EXPECT_THAT(world_.bucket.objects(), IsEmpty());
}

}  // namespace
}  // namespace sluice
