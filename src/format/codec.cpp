#include "format/codec.h"

#define ZLIB_CONST
#include <zlib.h>

#include <algorithm>

#include "base/error.h"

// A stand-in until the codecs are written: none and gzip for pages.
namespace sluice {
namespace {

class CopyCodec final : public Codec {
 public:
  void compress(std::string_view in, std::string& out) override { out.append(in); }
};

class GzipCodec final : public Codec {
 public:
  explicit GzipCodec(int level) {
    if (deflateInit2(&stream_, level, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw Error(ErrorCode::kInternal, "zlib could not start a stream: no memory.");
    }
  }
  ~GzipCodec() override { deflateEnd(&stream_); }
  GzipCodec(const GzipCodec&) = delete;
  GzipCodec& operator=(const GzipCodec&) = delete;

  void compress(std::string_view in, std::string& out) override {
    deflateReset(&stream_);
    const size_t start = out.size();
    out.resize(start + deflateBound(&stream_, in.size()));
    stream_.next_in = reinterpret_cast<const Bytef*>(in.data());
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data() + start);
    stream_.avail_out = static_cast<uInt>(out.size() - start);
    if (deflate(&stream_, Z_FINISH) != Z_STREAM_END) {
      throw Error(ErrorCode::kInternal, "zlib could not compress a page.");
    }
    out.resize(out.size() - stream_.avail_out);
  }

 private:
  z_stream stream_{};
};

}  // namespace

std::unique_ptr<Codec> make_page_codec(Compression compression, const CompressionLevel& level) {
  if (compression == Compression::kNone) return std::make_unique<CopyCodec>();
  if (compression == Compression::kGzip) {
    const bool number = level.kind == CompressionLevel::Kind::kNumber;
    return std::make_unique<GzipCodec>(number ? std::min(level.number, 9) : 1);
  }
  throw Error(ErrorCode::kInternal, "This codec is not built in yet.");
}

}  // namespace sluice
