#include <zlib.h>

#include "base/error.h"
#include "format/codec.h"
#include "format/file_formats.h"
namespace sluice {
namespace {
class Copy final : public Codec {
 public:
  void compress(std::string_view in, std::string& out) override { out += in; }
};
class Gz final : public Codec {
 public:
  void compress(std::string_view in, std::string& out) override {
    z_stream s{};
    deflateInit2(&s, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
    std::string o(deflateBound(&s, in.size()) + 64, '\0');
    s.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    s.avail_in = static_cast<uInt>(in.size());
    s.next_out = reinterpret_cast<Bytef*>(o.data());
    s.avail_out = static_cast<uInt>(o.size());
    deflate(&s, Z_FINISH);
    o.resize(s.total_out);
    deflateEnd(&s);
    out += o;
  }
};
}  // namespace
std::unique_ptr<Codec> make_block_codec(Compression c, const CompressionLevel&) {
  if (c == Compression::kGzip) return std::make_unique<Gz>();
  return std::make_unique<Copy>();
}
std::unique_ptr<Codec> make_page_codec(Compression c, const CompressionLevel& l) {
  return make_block_codec(c, l);
}
bool can_join(Compression c) { return c != Compression::kBrotli; }
std::unique_ptr<ByteSink> make_stream_compressor(Compression, const CompressionLevel&, ByteSink&) {
  throw Error(ErrorCode::kInternal, "stub");
}
std::unique_ptr<FileFormat> make_parquet_format(FormatSpec) {
  throw Error(ErrorCode::kInternal, "stub");
}
}  // namespace sluice
