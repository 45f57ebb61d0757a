#include <bzlib.h>

#include <string>

#include "base/error.h"
#include "format/codecs.h"

namespace sluice {
namespace {

constexpr CodecLevels kLevels = {1, 9, 1, 9};

/// A stream can't begin anew: each allocates its memory again.
class Bzip2Stream final : public CodecStream {
 public:
  explicit Bzip2Stream(int level) : level_(level) {}
  ~Bzip2Stream() override { end_stream(); }
  Bzip2Stream(const Bzip2Stream&) = delete;
  Bzip2Stream& operator=(const Bzip2Stream&) = delete;

  void begin(uint64_t) override {
    end_stream();
    constexpr int kQuiet = 0;
    constexpr int kDefaultWork = 0;
    if (BZ2_bzCompressInit(&stream_, level_, kQuiet, kDefaultWork) != BZ_OK) {
      throw Error(ErrorCode::kInternal, "bzip2 could not start a stream: no memory.");
    }
    open_ = true;
  }

  Step step(std::string_view in, std::span<char> room, bool end) override {
    // BZ_RUN without input is an error of its own.
    if (in.empty() && !end) return {};
    // It only reads, but its pointer is not const.
    stream_.next_in = const_cast<char*>(in.data());
    stream_.avail_in = static_cast<unsigned>(in.size());
    stream_.next_out = room.data();
    stream_.avail_out = static_cast<unsigned>(room.size());
    const int result = BZ2_bzCompress(&stream_, end ? BZ_FINISH : BZ_RUN);
    if (result < 0) {
      throw Error(ErrorCode::kInternal, "bzip2 failed with code " + std::to_string(result) + ".");
    }
    return {in.size() - stream_.avail_in, room.size() - stream_.avail_out, result == BZ_STREAM_END};
  }

 private:
  void end_stream() {
    if (open_) BZ2_bzCompressEnd(&stream_);
    open_ = false;
    stream_ = {};
  }

  int level_;
  bool open_ = false;
  bz_stream stream_{};
};

}  // namespace

std::unique_ptr<CodecStream> make_bzip2_stream(const CompressionLevel& level) {
  return std::make_unique<Bzip2Stream>(choose_level(level, kLevels));
}

}  // namespace sluice
