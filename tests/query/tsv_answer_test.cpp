#include <gtest/gtest.h>

#include "query/answer_world.h"
#include "support/caught.h"
#include "support/nested_bytes.h"

namespace sluice {
namespace {

TEST(TsvAnswer, TabsBackslashesAndNull) {
  EXPECT_EQ(AnswerWorld::text(AnswerFormat::kTsv),
            "1\t2026-01-01\t1.5\n"
            "1152921504606846976\t2026-01-02\ta\\tb,\"c\"\\n\\\\\n"
            "-3\t\\N\t\\N\n");
}

TEST(TsvAnswer, WithNames) {
  EXPECT_EQ(AnswerWorld::empty(AnswerFormat::kTsvWithNames), "i\td\tx\n");
  EXPECT_EQ(AnswerWorld::empty(AnswerFormat::kTsv), "");
  EXPECT_EQ(make_tsv_answer({{"a\tb", ""}}, true)->finish({}), "a\\tb\n");
}

TEST(TsvAnswer, TextThatIsNotUtf8IsRefused) {
  const auto writer = make_tsv_answer({{"a", ""}}, false);
  Batch batch;
  batch.reset(1);
  batch.add_text(0, "\xc3");
  batch.end_row();
  EXPECT_ERROR(writer->add(batch), kInvalid);
}

TEST(TsvAnswer, ValuesOfAnEngineWithTypedColumns) {
  const auto writer = make_tsv_answer(EngineRows::columns(), false);
  Batch batch = EngineRows::batch();
  writer->add(batch);
  EXPECT_EQ(writer->finish({}),
            "true\t0.1\t2024-02-29\t1969-12-31 23:59:59.999Z\t-12.50\t[\"a\\\\\"b\",null]\t"
            "{\"a\":7,\"b\":{\"1970-01-01\":false}}\n"
            "\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n");
}

}  // namespace
}  // namespace sluice
