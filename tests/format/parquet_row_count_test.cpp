#include "format/parquet_row_count.h"

#include <gtest/gtest.h>

#include "format/file_encoder.h"
#include "support/collecting_sink.h"

namespace sluice {
namespace {

std::string parquet_of(int64_t rows) {
  FormatSpec spec = spec_of(Format::kParquet, {{"a", ""}, {"b", ""}});
  spec.columns[0].type = {ColumnKind::kInteger};
  spec.metadata = {{"sluice.pipe", "p"}};
  CollectingSink sink;
  FileEncoder encoder(std::move(spec), sink);
  Batch batch;
  batch.reset(2);
  for (int64_t i = 0; i < rows; ++i) {
    batch.add_integer(0, i);
    batch.add_text(1, "x");
    batch.end_row();
  }
  encoder.add(batch);
  encoder.finish();
  return sink.text;
}

TEST(ParquetRowCount, IsWhatWasWritten) {
  for (int64_t rows : {0, 1, 1000}) {
    EXPECT_EQ(read_parquet_rows(parquet_of(rows)), static_cast<uint64_t>(rows));
  }
}

TEST(ParquetRowCount, NothingOfWhatIsNoFooter) {
  const std::string file = parquet_of(10);
  EXPECT_EQ(read_parquet_rows(""), std::nullopt);
  EXPECT_EQ(read_parquet_rows("PAR1"), std::nullopt);
  EXPECT_EQ(read_parquet_rows(file.substr(0, file.size() - 1)), std::nullopt);
  EXPECT_EQ(read_parquet_rows(file.substr(file.size() - 20)), std::nullopt) << "cut within it";
  std::string longer = file;
  longer[longer.size() - 5] = '\x7f';
  EXPECT_EQ(read_parquet_rows(longer), std::nullopt);
}

TEST(ParquetRowCount, GarbageNeverHurts) {
  const std::string file = parquet_of(10);
  for (size_t i = 0; i < file.size() - 8; ++i) {
    std::string broken = file;
    broken[i] = static_cast<char>(broken[i] ^ 0x5f);
    read_parquet_rows(broken);  // Any answer will do, as long as there is one.
  }
  SUCCEED();
}

}  // namespace
}  // namespace sluice
