#define ZLIB_CONST
#include <isa-l/igzip_lib.h>
#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <string>

#include "base/error.h"
#include "format/codecs.h"

namespace sluice {
namespace {

/// The numbers are libdeflate's; "fast" is ISA-L in pieces.
constexpr CodecLevels kLevels = {1, 12, 6, 6};
/// zlib ends at 9; 4 is the first that is lazy and the last that is quick.
constexpr CodecLevels kStreamLevels = {1, 12, 4, 6};
constexpr int kZlibHighest = 9;

/// One member (RFC 1952) without name and time. The numbers of zlib are 32 bits wide.
class ZlibStream final : public CodecStream {
 public:
  explicit ZlibStream(int level) {
    constexpr int kGzipWindow = MAX_WBITS + 16;
    constexpr int kMemoryLevel = 8;
    if (deflateInit2(&stream_, level, Z_DEFLATED, kGzipWindow, kMemoryLevel, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
      throw Error(ErrorCode::kInternal, "zlib could not start a stream: no memory.");
    }
  }
  ~ZlibStream() override { deflateEnd(&stream_); }
  ZlibStream(const ZlibStream&) = delete;
  ZlibStream& operator=(const ZlibStream&) = delete;

  void begin(uint64_t) override { deflateReset(&stream_); }

  Step step(std::string_view in, std::span<char> room, bool end) override {
    stream_.next_in = reinterpret_cast<const Bytef*>(in.data());
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = reinterpret_cast<Bytef*>(room.data());
    stream_.avail_out = static_cast<uInt>(room.size());
    const int result = deflate(&stream_, end ? Z_FINISH : Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END) {
      throw Error(ErrorCode::kInternal, "zlib failed with code " + std::to_string(result) + ".");
    }
    return {in.size() - stream_.avail_in, room.size() - stream_.avail_out, result == Z_STREAM_END};
  }

 private:
  z_stream stream_{};
};

/// A member at seven times the speed of zlib. Its bytes depend on the instructions the processor
/// has, as well: equal on one machine.
class IsalCodec final : public Codec {
 public:
  /// The library's init does not set all of it: the window, for one, is as wide as `hist_bits` was
  /// before, or by garbage too narrow to find a repetition in. make_unique sets it to zeros.
  IsalCodec()
      : stream_(std::make_unique<isal_zstream>()),
        level_buffer_(std::make_unique<uint8_t[]>(kLevelBytes)) {}

  void compress(std::string_view in, std::string& out) override {
    if (in.size() > kMostBytes || !compress_with_isal(in, out)) compress_with_zlib(in, out);
  }

 private:
  /// Rows of CSV become 1 to 2 % smaller than at 1, at about the same speed; 3 takes twice as long,
  /// and then libdeflate 1 is the better choice.
  static constexpr uint32_t kLevel = 2;
  static constexpr uint32_t kLevelBytes = ISAL_DEF_LVL2_DEFAULT;
  /// Its numbers are 32 bits wide, and the room is larger than the input.
  static constexpr size_t kMostBytes = 3ULL << 30;

  /// What it takes when nothing gets smaller: stored blocks of up to 65,535 bytes.
  static size_t bound(size_t bytes) {
    constexpr size_t kHeadAndTail = 64;
    constexpr size_t kBlockHead = 8;
    return bytes + (bytes / 65535 + 1) * kBlockHead + kHeadAndTail;
  }

  /// False where it can't, and then nothing is in `out`.
  bool compress_with_isal(std::string_view in, std::string& out) {
    const size_t size = bound(in.size());
    char* const room = scratch_.room(size);
    isal_deflate_stateless_init(stream_.get());
    stream_->level = kLevel;
    stream_->level_buf = level_buffer_.get();
    stream_->level_buf_size = kLevelBytes;
    stream_->gzip_flag = IGZIP_GZIP;
    stream_->end_of_stream = 1;
    // It only reads, but its pointer is not const.
    stream_->next_in = const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(in.data()));
    stream_->avail_in = static_cast<uint32_t>(in.size());
    stream_->next_out = reinterpret_cast<uint8_t*>(room);
    stream_->avail_out = static_cast<uint32_t>(size);
    if (isal_deflate_stateless(stream_.get()) != COMP_OK || stream_->avail_in > 0) return false;
    out.append(room, size - stream_->avail_out);
    return true;
  }

  void compress_with_zlib(std::string_view in, std::string& out) {
    if (!fallback_) fallback_ = make_stream_codec(make_gzip_stream({}));
    fallback_->compress(in, out);
  }

  std::unique_ptr<isal_zstream> stream_;
  std::unique_ptr<uint8_t[]> level_buffer_;
  CodecScratch scratch_;
  std::unique_ptr<Codec> fallback_;
};

struct FreeCompressor {
  void operator()(libdeflate_compressor* it) const { libdeflate_free_compressor(it); }
};

class LibdeflateCodec final : public Codec {
 public:
  explicit LibdeflateCodec(int level) : compressor_(libdeflate_alloc_compressor(level)) {
    if (!compressor_) throw Error(ErrorCode::kInternal, "libdeflate could not start: no memory.");
  }

  void compress(std::string_view in, std::string& out) override {
    const size_t bound = libdeflate_gzip_compress_bound(compressor_.get(), in.size());
    char* const room = scratch_.room(bound);
    const size_t size =
        libdeflate_gzip_compress(compressor_.get(), in.data(), in.size(), room, bound);
    if (size == 0) throw Error(ErrorCode::kInternal, "libdeflate could not compress a piece.");
    out.append(room, size);
  }

 private:
  std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor_;
  CodecScratch scratch_;
};

}  // namespace

std::unique_ptr<Codec> make_gzip_codec(const CompressionLevel& level) {
  if (level.kind == CompressionLevel::Kind::kFast) return std::make_unique<IsalCodec>();
  return std::make_unique<LibdeflateCodec>(choose_level(level, kLevels));
}

std::unique_ptr<CodecStream> make_gzip_stream(const CompressionLevel& level) {
  return std::make_unique<ZlibStream>(std::min(choose_level(level, kStreamLevels), kZlibHighest));
}

}  // namespace sluice
