#include "format/codec_stream.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace sluice {
namespace {

/// One step that has to lead somewhere: a library that neither takes nor gives would be asked for
/// ever.
CodecStream::Step advance(CodecStream& stream, std::string_view in, std::span<char> room,
                          bool end) {
  const CodecStream::Step step = stream.step(in, room, end);
  if (step.taken == 0 && step.given == 0 && !step.ended) {
    throw Error(ErrorCode::kInternal, "A compression library stands still.");
  }
  return step;
}

class StreamCodec final : public Codec {
 public:
  explicit StreamCodec(std::unique_ptr<CodecStream> stream)
      : stream_(std::move(stream)), room_(CodecStream::kRoomBytes) {}

  void compress(std::string_view in, std::string& out) override {
    stream_->begin(in.size());
    for (bool ended = false; !ended;) {
      const std::string_view slice = in.substr(0, CodecStream::kSliceBytes);
      const auto step = advance(*stream_, slice, room_, slice.size() == in.size());
      out.append(room_.data(), step.given);
      in.remove_prefix(step.taken);
      ended = step.ended;
    }
  }

 private:
  std::unique_ptr<CodecStream> stream_;
  std::vector<char> room_;
};

class StreamSink final : public ByteSink {
 public:
  StreamSink(std::unique_ptr<CodecStream> stream, ByteSink& out)
      : stream_(std::move(stream)), out_(out), room_(CodecStream::kRoomBytes) {
    gathered_.reserve(CodecStream::kSliceBytes);
    stream_->begin(CodecStream::kEndless);
  }

  void write(std::string_view bytes) override {
    refuse_when_finished();
    // A full slice waits for the next byte: the last one of a stream is compressed by `finish`.
    while (gathered_.size() + bytes.size() > CodecStream::kSliceBytes) {
      const size_t missing = CodecStream::kSliceBytes - gathered_.size();
      if (gathered_.empty()) {
        feed(bytes.substr(0, missing));
      } else {
        gathered_.append(bytes.substr(0, missing));
        feed(gathered_);
        gathered_.clear();
      }
      bytes.remove_prefix(missing);
    }
    gathered_.append(bytes);
  }

  void finish() override {
    refuse_when_finished();
    finished_ = true;
    std::string_view rest = gathered_;
    for (bool ended = false; !ended;) {
      const auto step = advance(*stream_, rest, room_, true);
      rest.remove_prefix(step.taken);
      ended = step.ended;
      hand_on(step.given);
    }
    out_.finish();
  }

 private:
  void refuse_when_finished() const {
    if (finished_) throw Error(ErrorCode::kInternal, "A compressed stream was used after its end.");
  }

  void feed(std::string_view slice) {
    while (!slice.empty()) {
      const auto step = advance(*stream_, slice, room_, false);
      slice.remove_prefix(step.taken);
      hand_on(step.given);
    }
  }

  void hand_on(size_t given) {
    if (given > 0) out_.write(std::string_view(room_.data(), given));
  }

  std::unique_ptr<CodecStream> stream_;
  ByteSink& out_;
  std::vector<char> room_;
  std::string gathered_;
  bool finished_ = false;
};

}  // namespace

std::unique_ptr<Codec> make_stream_codec(std::unique_ptr<CodecStream> stream) {
  return std::make_unique<StreamCodec>(std::move(stream));
}

std::unique_ptr<ByteSink> make_stream_sink(std::unique_ptr<CodecStream> stream, ByteSink& out) {
  return std::make_unique<StreamSink>(std::move(stream), out);
}

}  // namespace sluice
