#include "format/compressor.h"

#include "base/error.h"
#include "format/compressors.h"

namespace sluice {
namespace {

class PassThrough final : public ByteSink {
 public:
  explicit PassThrough(ByteSink& out) : out_(out) {}
  void write(std::string_view bytes) override { out_.write(bytes); }
  void finish() override { out_.finish(); }

 private:
  ByteSink& out_;
};

}  // namespace

std::unique_ptr<ByteSink> make_compressor(Compression compression, ByteSink& out) {
  switch (compression) {
    case Compression::kNone:
      return std::make_unique<PassThrough>(out);
    case Compression::kGzip:
      return make_gzip_compressor(out);
    default:
      break;
  }
  throw Error(ErrorCode::kInternal, "There is no compressor of this kind.");
}

}  // namespace sluice
