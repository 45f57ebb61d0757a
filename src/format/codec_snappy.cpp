#include <snappy.h>

#include <cstdint>
#include <limits>

#include "base/error.h"
#include "format/codecs.h"

namespace sluice {
namespace {

/// Raw blocks, which begin with their size in 32 bits.
class SnappyCodec final : public Codec {
 public:
  void compress(std::string_view in, std::string& out) override {
    if (in.size() > std::numeric_limits<uint32_t>::max()) {
      throw Error(ErrorCode::kInternal, "A piece is too large for snappy.");
    }
    size_t size = 0;
    char* const room = scratch_.room(snappy::MaxCompressedLength(in.size()));
    snappy::RawCompress(in.data(), in.size(), room, &size);
    out.append(room, size);
  }

 private:
  CodecScratch scratch_;
};

}  // namespace

std::unique_ptr<Codec> make_snappy_codec(const CompressionLevel& level) {
  constexpr CodecLevels kNoLevels = {0, -1, 0, 0};
  choose_level(level, kNoLevels);
  return std::make_unique<SnappyCodec>();
}

}  // namespace sluice
