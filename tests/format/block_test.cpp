#include "format/block.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "format/file_encoder.h"
#include "support/collecting_sink.h"

namespace sluice {
namespace {

TEST(Block, MakesTheFormatAskedFor) {
  for (Format format : {Format::kCsv, Format::kNdjson}) {
    CollectingSink sink;
    auto encoder = make_encoder(format, {{"a", "INTEGER"}}, sink);
    Batch batch;
    batch.reset(1);
    batch.add_integer(0, 1);
    batch.end_row();
    encoder->add(batch);
    encoder->finish();
    EXPECT_EQ(sink.text, format == Format::kCsv ? "a\n1\n" : "{\"a\":1}\n");
  }
}

TEST(Block, ColumnNamesAreUtf8) {
  CollectingSink sink;
  EXPECT_THROW(make_encoder(Format::kCsv, {{"\xff", ""}}, sink), Error);
  EXPECT_THROW(make_encoder(Format::kNdjson, {{"\xff", ""}}, sink), Error);
}

TEST(Block, WithoutFinishTheSinkIsNotFinished) {
  CollectingSink sink;
  make_encoder(Format::kCsv, {{"a", ""}}, sink).reset();
  EXPECT_EQ(sink.finished, 0);
}

/// A sink that fails, as a full disk does.
class FullSink final : public ByteSink {
 public:
  void write(std::string_view) override { throw Error(ErrorCode::kStorage, "full"); }
  void finish() override { ADD_FAILURE() << "finished after a failure"; }
};

TEST(Block, FailuresOfTheSinkPass) {
  FullSink sink;
  auto encoder = make_encoder(Format::kCsv, {{"a", ""}}, sink);
  EXPECT_THROW(encoder->finish(), Error);
}

}  // namespace
}  // namespace sluice
