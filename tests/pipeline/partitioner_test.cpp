#include "pipeline/partitioner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/export_world.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::Pair;

class PartitionerTest : public testing::Test, protected ExportWorld {
 protected:
  PartitionerTest() : plan_(plan_output(request("", "{k}"), columns_, {})) {}

  Partitioner make() const {
    return {plan_, KeyBuilder(FileTemplate::parse("{k}"), "", plan_.extension, columns_, {})};
  }
  static void add(Partitioner& rows, const std::vector<std::string>& keys) {
    Batch batch;
    batch.reset(2);
    int64_t value = 0;
    for (const std::string& key : keys) {
      batch.add_text(0, key);
      batch.add_integer(1, value++);
      batch.end_row();
    }
    EXPECT_TRUE(rows.add(batch, [](Batch&) { return true; }));
  }
  static std::vector<std::pair<std::string, std::string>> texts(const Fragments& fragments) {
    std::vector<std::pair<std::string, std::string>> out;
    std::string_view left = fragments.bytes;
    uint64_t rows = 0;
    for (const Fragments::Fragment& file : fragments.files) {
      out.emplace_back(file.key, left.substr(0, file.size));
      left.remove_prefix(file.size);
      rows += file.rows;
    }
    EXPECT_TRUE(left.empty());
    EXPECT_EQ(rows, fragments.rows);
    return out;
  }

  const std::vector<ColumnInfo> columns_ = {{"k", "TEXT"}, {"v", "INTEGER"}};
  OutputPlan plan_;
};

TEST_F(PartitionerTest, CollectsByFileInTheOrderOfTheRows) {
  Partitioner rows = make();
  EXPECT_EQ(rows.bytes(), 0U);
  add(rows, {"b", "a", "b"});
  add(rows, {"a"});
  EXPECT_EQ(rows.bytes(), 16U);
  EXPECT_THAT(texts(rows.take()),
              ElementsAre(Pair("b.csv", "b,0\nb,2\n"), Pair("a.csv", "a,1\na,0\n")));
}

TEST_F(PartitionerTest, TakeBeginsAnew) {
  Partitioner rows = make();
  add(rows, {"a", "b"});
  rows.take();
  EXPECT_EQ(rows.bytes(), 0U);
  add(rows, {"b"});
  EXPECT_THAT(texts(rows.take()), ElementsAre(Pair("b.csv", "b,0\n")));
  EXPECT_THAT(texts(rows.take()), ElementsAre());
}

TEST_F(PartitionerTest, ManyFilesAreForgottenInBetween) {
  Partitioner rows = make();
  std::vector<std::string> keys;
  for (int i = 0; i < 10000; ++i) keys.push_back(std::to_string(i));
  for (int i = 0; i < 2; ++i) {
    add(rows, keys);
    const Fragments fragments = rows.take();
    ASSERT_EQ(fragments.files.size(), keys.size());
    EXPECT_THAT(texts(fragments).back(), Pair("9999.csv", "9999,9999\n"));
  }
}

TEST_F(PartitionerTest, NothingIsAddedWhereTheCastSaysNo) {
  Partitioner rows = make();
  Batch batch;
  batch.reset(2);
  batch.add_text(0, "a");
  batch.add_integer(1, 1);
  batch.end_row();
  EXPECT_FALSE(rows.add(batch, [](Batch&) { return false; }));
  EXPECT_EQ(rows.bytes(), 0U);
}

}  // namespace
}  // namespace sluice
