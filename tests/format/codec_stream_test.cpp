#include "format/codec_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "format/codec_checks.h"

namespace sluice {
namespace {

/// "Compresses" to itself with a `.` at the end, in steps of at most so many bytes; notes what it
/// is asked.
class SlowCopy final : public CodecStream {
 public:
  struct Notes {
    std::vector<uint64_t> begun;
    std::vector<size_t> offered;  ///< The sizes of `in` of those steps that are not the end's.
  };

  SlowCopy(size_t most, Notes& notes) : most_(most), notes_(notes) {}
  void begin(uint64_t bytes) override { notes_.begun.push_back(bytes); }
  Step step(std::string_view in, std::span<char> room, bool end) override {
    EXPECT_LE(in.size(), kSliceBytes);
    EXPECT_EQ(room.size(), kRoomBytes);
    if (!end) notes_.offered.push_back(in.size());
    if (in.empty() && end && most_ > 0) {
      room[0] = '.';
      return {0, 1, true};
    }
    const size_t size = std::min({most_, in.size(), room.size()});
    std::copy_n(in.data(), size, room.data());
    return {size, size, false};
  }

 private:
  size_t most_;
  Notes& notes_;
};

TEST(CodecStream, PiecesAreStreamsOfTheirOwn) {
  SlowCopy::Notes notes;
  const auto codec = make_stream_codec(std::make_unique<SlowCopy>(1000, notes));
  const std::string text = csv_text(200000);
  std::string out;
  codec->compress(text, out);
  codec->compress("", out);
  codec->compress("ab", out);
  EXPECT_TRUE(out == text + "." + "." + "ab.");
  EXPECT_EQ(notes.begun, (std::vector<uint64_t>{200000, 0, 2}));
}

TEST(CodecStream, ASinkCutsTheSameWhateverThePieces) {
  const std::string text = csv_text(5 * CodecStream::kSliceBytes);
  constexpr size_t kAtOnce = std::numeric_limits<size_t>::max();
  for (const size_t piece : {size_t{1001}, CodecStream::kSliceBytes, text.size()}) {
    SlowCopy::Notes notes;
    CollectingSink sink;
    const auto stream = make_stream_sink(std::make_unique<SlowCopy>(kAtOnce, notes), sink);
    for (size_t at = 0; at < text.size(); at += piece) {
      stream->write(std::string_view(text).substr(at, piece));
    }
    stream->write("");
    stream->finish();
    EXPECT_TRUE(sink.text == text + ".");
    EXPECT_EQ(notes.begun, std::vector<uint64_t>{CodecStream::kEndless});
    // The last slice is the end's.
    EXPECT_EQ(notes.offered, std::vector<size_t>(4, CodecStream::kSliceBytes)) << piece;
  }
}

TEST(CodecStream, SmallStepsLoseNothing) {
  SlowCopy::Notes notes;
  CollectingSink sink;
  const auto stream = make_stream_sink(std::make_unique<SlowCopy>(999, notes), sink);
  const std::string text = csv_text(300001);
  stream->write(text);
  stream->finish();
  EXPECT_TRUE(sink.text == text + ".");
}

TEST(CodecStream, StandingStillIsAnError) {
  SlowCopy::Notes notes;
  CollectingSink sink;
  const auto stream = make_stream_sink(std::make_unique<SlowCopy>(0, notes), sink);
  EXPECT_THROW(stream->finish(), Error);
  EXPECT_EQ(sink.finished, 0);
  std::string out;
  EXPECT_THROW(make_stream_codec(std::make_unique<SlowCopy>(0, notes))->compress("a", out), Error);
}

}  // namespace
}  // namespace sluice
