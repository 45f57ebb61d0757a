#include "format/row_collector.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "format/file_encoder.h"
#include "support/nested_bytes.h"

namespace sluice {
namespace {

const std::vector<ColumnInfo> kColumns = {{"a", ""}, {"b", ""}, {"c", ""}};

/// Rows with a value of every type, `seed` in each of them.
Batch rows_of(int64_t seed) {
  Batch batch;
  batch.reset(3);
  batch.add_integer(0, seed);
  batch.add_text(1, std::string(static_cast<size_t>(seed) * 100, 'x'));
  batch.add_null(2);
  batch.end_row();
  batch.add_real(0, std::numeric_limits<double>::denorm_min());
  batch.add_text(1, "");
  batch.add_blob(2, std::string_view("\0\xff", 2));
  batch.end_row();
  batch.add_integer(0, std::numeric_limits<int64_t>::min());
  batch.add_null(1);
  batch.add_blob(2, "");
  batch.end_row();
  return batch;
}

/// NDJSON shows every value; the collector itself does not know the format.
class RowCollectorTest : public testing::Test {
 protected:
  std::unique_ptr<BlockCollector> collector() {
    return make_row_collector(*format_, spec_.columns);
  }
  std::string direct(const std::vector<Batch>& batches) {
    const auto builder = format_->make_builder();
    for (const Batch& batch : batches) builder->add(batch);
    return builder->take(true).bytes;
  }

  FormatSpec spec_ = spec_of(Format::kNdjson, kColumns);
  std::unique_ptr<FileFormat> format_ = make_file_format(spec_);
};

TEST_F(RowCollectorTest, ItsBlockIsTheBuilders) {
  const auto collected = collector();
  EXPECT_EQ(collected->bytes(), 0U);
  collected->add(rows_of(1));
  collected->add(rows_of(2));
  EXPECT_EQ(collected->rows(), 6U);
  EXPECT_GT(collected->bytes(), 300U);
  const Block block = collected->take(true);
  EXPECT_EQ(block.bytes, direct({rows_of(1), rows_of(2)}));
  EXPECT_EQ(block.rows, 6U);
  EXPECT_EQ(collected->rows(), 0U);
  EXPECT_EQ(collected->bytes(), 0U);
}

TEST_F(RowCollectorTest, ChosenRows) {
  const auto collected = collector();
  collected->add(rows_of(1), std::array<uint32_t, 2>{2, 0});
  const auto builder = format_->make_builder();
  builder->add(rows_of(1), std::array<uint32_t, 2>{2, 0});
  EXPECT_EQ(collected->take(true).bytes, builder->take(true).bytes);
}

TEST_F(RowCollectorTest, DrainedAndRestoredItIsTheSame) {
  std::string drained;
  const auto first = collector();
  first->add(rows_of(1));
  first->drain(drained);
  EXPECT_EQ(first->rows(), 0U);
  first->add(rows_of(2));
  std::string later;
  first->drain(later);
  const auto second = collector();
  second->restore(drained, 3);
  second->restore(later, 3);
  second->add(rows_of(3));
  EXPECT_EQ(second->rows(), 9U);
  EXPECT_EQ(second->take(true).bytes, direct({rows_of(1), rows_of(2), rows_of(3)}));
}

TEST_F(RowCollectorTest, MoreRowsThanABatch) {
  const auto collected = collector();
  std::vector<Batch> batches;
  for (int64_t i = 0; i < 1000; ++i) {
    batches.push_back(rows_of(i % 3));
    collected->add(batches.back());
  }
  EXPECT_EQ(collected->take(true).bytes, direct(batches));
}

TEST(RowCollector, ValuesOfAnEngineWithTypedColumns) {
  const FormatSpec spec = spec_of(Format::kNdjson, EngineRows::columns());
  const std::unique_ptr<FileFormat> format = make_file_format(spec);
  const auto builder = format->make_builder();
  builder->add(EngineRows::batch());
  const auto collected = make_row_collector(*format, spec.columns);
  collected->add(EngineRows::batch());
  std::string drained;
  collected->drain(drained);
  collected->restore(drained, 2);
  EXPECT_EQ(collected->take(true).bytes, builder->take(true).bytes);
}

}  // namespace
}  // namespace sluice
