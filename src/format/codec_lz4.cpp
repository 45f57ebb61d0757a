#include <lz4.h>
#include <lz4frame.h>
#include <lz4hc.h>

#include <string>
#include <vector>

#include "base/error.h"
#include "format/codecs.h"

namespace sluice {
namespace {

/// Below LZ4HC_CLEVEL_MIN (3) all are plain lz4.
constexpr CodecLevels kLevels = {1, 12, 1, 9};

size_t check(size_t result) {
  if (!LZ4F_isError(result)) return result;
  throw Error(ErrorCode::kInternal, std::string("lz4 failed: ") + LZ4F_getErrorName(result) + ".");
}

/// The state of one frame after the other.
class Frames {
 public:
  Frames(int level, LZ4F_blockSizeID_t block) {
    preferences_.frameInfo.blockSizeID = block;
    preferences_.frameInfo.blockMode = LZ4F_blockLinked;
    preferences_.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
    preferences_.compressionLevel = level;
    // Input comes in whole blocks; nothing is to be held back in a copy.
    preferences_.autoFlush = 1;
    check(LZ4F_createCompressionContext(&context_, LZ4F_VERSION));
  }
  ~Frames() { LZ4F_freeCompressionContext(context_); }
  Frames(const Frames&) = delete;
  Frames& operator=(const Frames&) = delete;

  /// What a frame of so many bytes can become.
  size_t bound(size_t bytes) const {
    return LZ4F_HEADER_SIZE_MAX + LZ4F_compressBound(bytes, &preferences_);
  }
  /// All write to `room` and say how much. `content`: bytes of the frame, 0: unknown.
  size_t head(std::span<char> room, uint64_t content) {
    preferences_.frameInfo.contentSize = content;
    return check(LZ4F_compressBegin(context_, room.data(), room.size(), &preferences_));
  }
  size_t body(std::string_view in, std::span<char> room) {
    if (in.empty()) return 0;
    return check(
        LZ4F_compressUpdate(context_, room.data(), room.size(), in.data(), in.size(), nullptr));
  }
  size_t tail(std::span<char> room) {
    return check(LZ4F_compressEnd(context_, room.data(), room.size(), nullptr));
  }

 private:
  LZ4F_preferences_t preferences_{};
  LZ4F_cctx* context_ = nullptr;
};

class Lz4FrameCodec final : public Codec {
 public:
  explicit Lz4FrameCodec(int level) : frames_(level, LZ4F_max1MB) {}

  void compress(std::string_view in, std::string& out) override {
    const size_t bound = frames_.bound(in.size());
    const std::span<char> room(scratch_.room(bound), bound);
    size_t size = frames_.head(room, in.size());
    size += frames_.body(in, room.subspan(size));
    size += frames_.tail(room.subspan(size));
    out.append(room.data(), size);
  }

 private:
  Frames frames_;
  CodecScratch scratch_;
};

/// Blocks of one slice.
class Lz4Stream final : public CodecStream {
 public:
  explicit Lz4Stream(int level) : frames_(level, LZ4F_max64KB) {}

  void begin(uint64_t) override { begun_ = false; }

  Step step(std::string_view in, std::span<char> room, bool end) override {
    size_t size = 0;
    if (!begun_) size += frames_.head(room, 0);
    begun_ = true;
    size += frames_.body(in, room.subspan(size));
    if (end) size += frames_.tail(room.subspan(size));
    return {in.size(), size, end};
  }

 private:
  Frames frames_;
  bool begun_ = false;
};

class Lz4RawCodec final : public Codec {
 public:
  explicit Lz4RawCodec(int level)
      : level_(level),
        high_(level >= LZ4HC_CLEVEL_MIN),
        state_(static_cast<size_t>(high_ ? LZ4_sizeofStateHC() : LZ4_sizeofState())) {}

  void compress(std::string_view in, std::string& out) override {
    if (in.size() > LZ4_MAX_INPUT_SIZE) {
      throw Error(ErrorCode::kInternal, "A piece is too large for lz4.");
    }
    const int size = static_cast<int>(in.size());
    const int bound = LZ4_compressBound(size);
    char* const room = scratch_.room(static_cast<size_t>(bound));
    constexpr int kNoAcceleration = 1;
    const int made =
        high_ ? LZ4_compress_HC_extStateHC(state_.data(), in.data(), room, size, bound, level_)
              : LZ4_compress_fast_extState(state_.data(), in.data(), room, size, bound,
                                           kNoAcceleration);
    if (made <= 0) throw Error(ErrorCode::kInternal, "lz4 could not compress a piece.");
    out.append(room, static_cast<size_t>(made));
  }

 private:
  int level_;
  bool high_;
  std::vector<char> state_;  // From the heap: aligned for whatever lz4 keeps in it.
  CodecScratch scratch_;
};

}  // namespace

std::unique_ptr<Codec> make_lz4_frame_codec(const CompressionLevel& level) {
  return std::make_unique<Lz4FrameCodec>(choose_level(level, kLevels));
}

std::unique_ptr<Codec> make_lz4_raw_codec(const CompressionLevel& level) {
  return std::make_unique<Lz4RawCodec>(choose_level(level, kLevels));
}

std::unique_ptr<CodecStream> make_lz4_stream(const CompressionLevel& level) {
  return std::make_unique<Lz4Stream>(choose_level(level, kLevels));
}

}  // namespace sluice
