#include <brotli/encode.h>

#include <string>

#include "base/error.h"
#include "format/codecs.h"

namespace sluice {
namespace {

constexpr CodecLevels kLevels = {0, 11, 4, 9};

struct DestroyEncoder {
  void operator()(BrotliEncoderState* encoder) const { BrotliEncoderDestroyInstance(encoder); }
};

/// An encoder can't begin anew, so that each page makes one.
class BrotliCodec final : public Codec {
 public:
  explicit BrotliCodec(int level) : level_(level) {}

  void compress(std::string_view in, std::string& out) override {
    const size_t bound = BrotliEncoderMaxCompressedSize(in.size());
    char* const room = scratch_.room(bound);
    size_t size = bound;
    // 0 is "does not fit a size_t".
    if (bound == 0 || BrotliEncoderCompress(level_, BROTLI_DEFAULT_WINDOW, BROTLI_DEFAULT_MODE,
                                            in.size(), reinterpret_cast<const uint8_t*>(in.data()),
                                            &size, reinterpret_cast<uint8_t*>(room)) == 0) {
      throw Error(ErrorCode::kInternal, "brotli could not compress a piece.");
    }
    out.append(room, size);
  }

 private:
  int level_;
  CodecScratch scratch_;
};

class BrotliStream final : public CodecStream {
 public:
  explicit BrotliStream(int level) : level_(level) {}

  void begin(uint64_t) override {
    encoder_.reset(BrotliEncoderCreateInstance(nullptr, nullptr, nullptr));
    if (!encoder_ || BrotliEncoderSetParameter(encoder_.get(), BROTLI_PARAM_QUALITY,
                                               static_cast<uint32_t>(level_)) == 0) {
      throw Error(ErrorCode::kInternal, "brotli could not start: no memory.");
    }
  }

  Step step(std::string_view in, std::span<char> room, bool end) override {
    size_t left = in.size();
    auto next = reinterpret_cast<const uint8_t*>(in.data());
    size_t free = room.size();
    auto into = reinterpret_cast<uint8_t*>(room.data());
    const auto what = end ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_PROCESS;
    if (BrotliEncoderCompressStream(encoder_.get(), what, &left, &next, &free, &into, nullptr) ==
        0) {
      throw Error(ErrorCode::kInternal, "brotli could not compress a stream.");
    }
    return {in.size() - left, room.size() - free, BrotliEncoderIsFinished(encoder_.get()) != 0};
  }

 private:
  int level_;
  std::unique_ptr<BrotliEncoderState, DestroyEncoder> encoder_;
};

}  // namespace

std::unique_ptr<Codec> make_brotli_codec(const CompressionLevel& level) {
  return std::make_unique<BrotliCodec>(choose_level(level, kLevels));
}

std::unique_ptr<CodecStream> make_brotli_stream(const CompressionLevel& level) {
  return std::make_unique<BrotliStream>(choose_level(level, kLevels));
}

}  // namespace sluice
