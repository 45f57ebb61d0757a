#define ZLIB_CONST
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <string>

#include "base/error.h"
#include "base/limits.h"
#include "format/compressors.h"

namespace sluice {
namespace {

/// One gzip member (RFC 1952) without name and time, so that equal input is equal output.
class GzipCompressor final : public ByteSink {
 public:
  explicit GzipCompressor(ByteSink& out) : out_(out), buffer_(limits::kEncodeBufferBytes, '\0') {
    constexpr int kLevel = 6;
    constexpr int kGzipWindow = MAX_WBITS + 16;
    constexpr int kMemoryLevel = 8;
    if (deflateInit2(&stream_, kLevel, Z_DEFLATED, kGzipWindow, kMemoryLevel, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
      throw Error(ErrorCode::kInternal, "zlib could not start a stream: no memory.");
    }
  }
  ~GzipCompressor() override { deflateEnd(&stream_); }
  GzipCompressor(const GzipCompressor&) = delete;
  GzipCompressor& operator=(const GzipCompressor&) = delete;

  void write(std::string_view bytes) override {
    constexpr size_t kMost = std::numeric_limits<uInt>::max();
    for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), kMost))) {
      stream_.next_in = reinterpret_cast<const Bytef*>(bytes.data());
      stream_.avail_in = static_cast<uInt>(std::min(bytes.size(), kMost));
      while (stream_.avail_in > 0) run(Z_NO_FLUSH);
    }
  }

  void finish() override {
    while (run(Z_FINISH) != Z_STREAM_END) {
    }
    hand_on();
    out_.finish();
  }

 private:
  /// One step of zlib into the buffer, which is handed on when it is full.
  int run(int flush) {
    stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data() + held_);
    stream_.avail_out = static_cast<uInt>(buffer_.size() - held_);
    const int result = deflate(&stream_, flush);
    if (result != Z_OK && result != Z_STREAM_END) {
      throw Error(ErrorCode::kInternal, "zlib failed with code " + std::to_string(result) + ".");
    }
    held_ = buffer_.size() - stream_.avail_out;
    if (held_ == buffer_.size()) hand_on();
    return result;
  }

  void hand_on() {
    const std::string_view bytes(buffer_.data(), held_);
    held_ = 0;
    if (!bytes.empty()) out_.write(bytes);
  }

  ByteSink& out_;
  std::string buffer_;
  size_t held_ = 0;
  z_stream stream_{};
};

}  // namespace

std::unique_ptr<ByteSink> make_gzip_compressor(ByteSink& out) {
  return std::make_unique<GzipCompressor>(out);
}

}  // namespace sluice
