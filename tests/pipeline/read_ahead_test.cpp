#include "pipeline/read_ahead.h"

#include <gtest/gtest.h>

#include <atomic>

#include "base/error.h"
#include "support/caught.h"

namespace sluice {
namespace {

/// Batches of one row, numbered; after the last of them the end, or a failure.
class Numbers final : public RowReader {
 public:
  explicit Numbers(int count, bool fails = false) : count_(count), fails_(fails) {}
  const std::vector<ColumnInfo>& columns() const override { return columns_; }
  std::optional<uint64_t> expected_rows() const override { return 7; }
  bool next(Batch& batch) override {
    batch.reset(1);
    if (read == count_ && fails_) throw Error(ErrorCode::kStorage, "No more.");
    if (read == count_) return false;
    batch.add_integer(0, read++);
    batch.end_row();
    return true;
  }
  std::atomic<int> read = 0;

 private:
  int count_;
  bool fails_;
  std::vector<ColumnInfo> columns_ = {{"n", ""}};
};

TEST(ReadAhead, GivesEveryBatchInOrder) {
  for (const int count : {0, 1, 3, 1000}) {
    Numbers numbers(count);
    ReadAhead ahead(numbers);
    Batch batch;
    for (int i = 0; i < count; ++i) {
      ASSERT_TRUE(ahead.next(batch));
      ASSERT_EQ(batch.at(0, 0).integer, i);
    }
    EXPECT_FALSE(ahead.next(batch));
    EXPECT_EQ(batch.rows(), 0U);
    EXPECT_FALSE(ahead.next(batch)) << "the end stays the end";
  }
}

TEST(ReadAhead, TellsWhatTheReaderTells) {
  Numbers numbers(1);
  const ReadAhead ahead(numbers);
  EXPECT_EQ(ahead.columns().at(0).name, "n");
  EXPECT_EQ(ahead.expected_rows(), 7U);
}

TEST(ReadAhead, AFailureComesAfterTheRowsBeforeIt) {
  Numbers numbers(3, true);
  ReadAhead ahead(numbers);
  Batch batch;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(ahead.next(batch));
  EXPECT_ERROR(ahead.next(batch), kStorage);
}

TEST(ReadAhead, IsBoundedAndEndsEarly) {
  Numbers numbers(1'000'000);
  {
    ReadAhead ahead(numbers);
    Batch batch;
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(ahead.next(batch));
  }
  EXPECT_LT(numbers.read, 200);
}

}  // namespace
}  // namespace sluice
