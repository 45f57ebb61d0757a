#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "query/answer_world.h"
#include "support/caught.h"
#include "support/nested_bytes.h"

namespace sluice {
namespace {

using testing::EndsWith;
using testing::StartsWith;

TEST(FileAnswer, CsvAsExportsHaveIt) {
  const std::string rows =
      "1,2026-01-01,1.5\n1152921504606846976,2026-01-02,\"a\tb,\"\"c\"\"\n\\\"\n-3,,\n";
  EXPECT_EQ(AnswerWorld::text(AnswerFormat::kCsv), rows);
  EXPECT_EQ(AnswerWorld::text(AnswerFormat::kCsvWithNames), "i,d,x\n" + rows);
  EXPECT_EQ(AnswerWorld::empty(AnswerFormat::kCsvWithNames), "i,d,x\n");
  EXPECT_EQ(AnswerWorld::empty(AnswerFormat::kCsv), "");
}

TEST(FileAnswer, ParquetHoldsWhatComesLate) {
  // The values of `x` are numbers first and text later: one file all the same.
  const auto writer = make_parquet_answer(AnswerWorld::columns());
  for (int i = 0; i < 3; ++i) {
    Batch batch = AnswerWorld::rows();
    const size_t before = writer->bytes();
    writer->add(batch);
    EXPECT_GT(writer->bytes(), before);
  }
  const std::string file = writer->finish({});
  EXPECT_THAT(file, StartsWith("PAR1"));
  EXPECT_THAT(file, EndsWith("PAR1"));
}

TEST(FileAnswer, ParquetOfNothingIsAFile) {
  EXPECT_THAT(AnswerWorld::empty(AnswerFormat::kParquet), EndsWith("PAR1"));
}

TEST(FileAnswer, ParquetNeedsDifferentNames) {
  EXPECT_ERROR(make_parquet_answer({{"a", ""}, {"a", ""}})->finish({}), kInvalid);
}

TEST(FileAnswer, ValuesOfAnEngineWithTypedColumns) {
  for (const AnswerFormat format : {AnswerFormat::kCsv, AnswerFormat::kParquet}) {
    const auto writer = make_answer_writer(format, EngineRows::columns(), false);
    Batch batch = EngineRows::batch();
    writer->add(batch);
    const std::string file = writer->finish({});
    EXPECT_THAT(file, format == AnswerFormat::kCsv ? StartsWith("true,0.1,2024-02-29,")
                                                   : StartsWith("PAR1"));
  }
}

}  // namespace
}  // namespace sluice
