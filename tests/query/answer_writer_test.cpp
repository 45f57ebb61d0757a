#include "query/answer_writer.h"

#include <gtest/gtest.h>

#include "query/answer_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

TEST(AnswerWriter, EveryFormatHasOne) {
  for (const AnswerFormat format :
       {AnswerFormat::kJson, AnswerFormat::kJsonCompact, AnswerFormat::kNdjson, AnswerFormat::kCsv,
        AnswerFormat::kCsvWithNames, AnswerFormat::kTsv, AnswerFormat::kTsvWithNames,
        AnswerFormat::kParquet}) {
    const auto writer = make_answer_writer(format, AnswerWorld::columns(), false);
    Batch batch = AnswerWorld::rows();
    writer->add(batch);
    EXPECT_GT(writer->bytes(), 20U);
    EXPECT_GT(writer->finish({}).size(), 20U);
  }
}

TEST(AnswerWriter, NamesAreUtf8) {
  for (const AnswerFormat format : {AnswerFormat::kJson, AnswerFormat::kTsv}) {
    EXPECT_ERROR(make_answer_writer(format, {{"\xff", ""}}, false), kInvalid);
  }
}

}  // namespace
}  // namespace sluice
