#include "format/text_block.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "format/file_encoder.h"
#include "support/collecting_sink.h"

namespace sluice {
namespace {

/// All members of a gzip file, and how many there were.
std::pair<std::string, int> gunzip(std::string_view packed) {
  std::string text;
  int members = 0;
  while (!packed.empty()) {
    z_stream stream{};
    EXPECT_EQ(inflateInit2(&stream, MAX_WBITS + 16), Z_OK);
    std::string out(1 << 20, '\0');
    std::string input(packed);
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    text.append(out, 0, stream.total_out);
    packed.remove_prefix(stream.total_in);
    inflateEnd(&stream);
    ++members;
  }
  return {text, members};
}

std::string two_blocks(const FileOptions& options, bool with_head) {
  FormatSpec spec = spec_of(Format::kCsv, {{"a", ""}}, options);
  spec.compression = Compression::kGzip;
  const auto format = make_file_format(std::move(spec));
  const auto builder = format->make_builder();
  CollectingSink sink;
  const auto joiner = format->make_joiner(sink, with_head);
  Batch batch;
  batch.reset(1);
  batch.add_integer(0, 1);
  batch.end_row();
  for (bool first : {!with_head, false}) {
    builder->add(batch);
    joiner->append(builder->take(first));
  }
  joiner->finish();
  EXPECT_EQ(sink.finished, 1);
  return sink.text;
}

TEST(TextBlock, ABlockIsAMember) {
  EXPECT_EQ(gunzip(two_blocks({}, false)), std::pair(std::string("a\n1\n1\n"), 2));
}

TEST(TextBlock, TheHeadOfALaterPieceIsAMemberOfItsOwn) {
  EXPECT_EQ(gunzip(two_blocks({}, true)), std::pair(std::string("a\n1\n1\n"), 3));
}

TEST(TextBlock, OneMemberOnDemand) {
  FileOptions options;
  options.single_gzip_member = true;
  EXPECT_EQ(gunzip(two_blocks(options, false)), std::pair(std::string("a\n1\n1\n"), 1));
  EXPECT_EQ(gunzip(two_blocks(options, true)), std::pair(std::string("a\n1\n1\n"), 1));
}

TEST(TextBlock, AFileWithoutRowsIsAValidFile) {
  CollectingSink sink;
  FormatSpec spec = spec_of(Format::kNdjson, {{"a", ""}});
  spec.compression = Compression::kGzip;
  FileEncoder(std::move(spec), sink).finish();
  EXPECT_EQ(gunzip(sink.text), std::pair(std::string(), 1));
}

}  // namespace
}  // namespace sluice
