#include <zstd.h>

#include <string>

#include "base/error.h"
#include "format/codecs.h"

namespace sluice {
namespace {

constexpr CodecLevels kLevels = {1, 19, 3, 9};
/// The pages of a column repeat so plainly that a longer search finds nothing more.
constexpr CodecLevels kPageLevels = {1, 19, 1, 9};

size_t check(size_t result) {
  if (!ZSTD_isError(result)) return result;
  throw Error(ErrorCode::kInternal, std::string("zstd failed: ") + ZSTD_getErrorName(result) + ".");
}

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
using Context = std::unique_ptr<ZSTD_CCtx, FreeContext>;

Context make_context(int level, ZstdChecksum checksum) {
  Context context(ZSTD_createCCtx());
  if (!context) throw Error(ErrorCode::kInternal, "zstd could not start: no memory.");
  check(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level));
  check(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag,
                               checksum == ZstdChecksum::kYes ? 1 : 0));
  return context;
}

class ZstdCodec final : public Codec {
 public:
  ZstdCodec(int level, ZstdChecksum checksum) : context_(make_context(level, checksum)) {}

  void compress(std::string_view in, std::string& out) override {
    const size_t bound = ZSTD_compressBound(in.size());
    char* const room = scratch_.room(bound);
    out.append(room, check(ZSTD_compress2(context_.get(), room, bound, in.data(), in.size())));
  }

 private:
  Context context_;
  CodecScratch scratch_;
};

class ZstdStream final : public CodecStream {
 public:
  explicit ZstdStream(int level) : context_(make_context(level, ZstdChecksum::kYes)) {}

  void begin(uint64_t) override { check(ZSTD_CCtx_reset(context_.get(), ZSTD_reset_session_only)); }

  Step step(std::string_view in, std::span<char> room, bool end) override {
    ZSTD_inBuffer from = {in.data(), in.size(), 0};
    ZSTD_outBuffer into = {room.data(), room.size(), 0};
    const size_t held = check(
        ZSTD_compressStream2(context_.get(), &into, &from, end ? ZSTD_e_end : ZSTD_e_continue));
    return {from.pos, into.pos, end && held == 0};
  }

 private:
  Context context_;
};

}  // namespace

std::unique_ptr<Codec> make_zstd_codec(const CompressionLevel& level, ZstdChecksum checksum) {
  const bool of_page = checksum == ZstdChecksum::kNo;
  return std::make_unique<ZstdCodec>(choose_level(level, of_page ? kPageLevels : kLevels),
                                     checksum);
}

std::unique_ptr<CodecStream> make_zstd_stream(const CompressionLevel& level) {
  return std::make_unique<ZstdStream>(choose_level(level, kLevels));
}

}  // namespace sluice
