#include <lzma.h>

#include <algorithm>
#include <array>
#include <bit>
#include <string>

#include "base/error.h"
#include "format/codecs.h"

namespace sluice {
namespace {

constexpr CodecLevels kLevels = {0, 9, 1, 6};

/// What `xz` makes of the same preset. For a short piece the dictionary is no longer than the
/// piece: the bytes are as good, and neither side sets aside memory for what can't come.
class XzStream final : public CodecStream {
 public:
  explicit XzStream(int preset) : preset_(static_cast<uint32_t>(preset)) {}
  ~XzStream() override { lzma_end(&stream_); }
  XzStream(const XzStream&) = delete;
  XzStream& operator=(const XzStream&) = delete;

  /// The library keeps the memory of the last stream for the next.
  void begin(uint64_t most) override {
    lzma_options_lzma options{};
    if (lzma_lzma_preset(&options, preset_)) {
      throw Error(ErrorCode::kInternal, "liblzma has no such preset.");
    }
    const uint64_t dictionary = std::min<uint64_t>(most, options.dict_size);
    options.dict_size =
        std::bit_ceil(static_cast<uint32_t>(std::max<uint64_t>(dictionary, LZMA_DICT_SIZE_MIN)));
    const std::array<lzma_filter, 2> filters = {
        {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, nullptr}}};
    check(lzma_stream_encoder(&stream_, filters.data(), LZMA_CHECK_CRC64));
  }

  Step step(std::string_view in, std::span<char> room, bool end) override {
    stream_.next_in = reinterpret_cast<const uint8_t*>(in.data());
    stream_.avail_in = in.size();
    stream_.next_out = reinterpret_cast<uint8_t*>(room.data());
    stream_.avail_out = room.size();
    const lzma_ret result = lzma_code(&stream_, end ? LZMA_FINISH : LZMA_RUN);
    if (result != LZMA_STREAM_END) check(result);
    return {in.size() - stream_.avail_in, room.size() - stream_.avail_out,
            result == LZMA_STREAM_END};
  }

 private:
  static void check(lzma_ret result) {
    if (result == LZMA_OK) return;
    throw Error(ErrorCode::kInternal,
                result == LZMA_MEM_ERROR
                    ? "liblzma could not start a stream: no memory."
                    : "liblzma failed with code " + std::to_string(result) + ".");
  }

  uint32_t preset_;
  lzma_stream stream_{};  // What LZMA_STREAM_INIT is.
};

}  // namespace

std::unique_ptr<CodecStream> make_xz_stream(const CompressionLevel& level) {
  return std::make_unique<XzStream>(choose_level(level, kLevels));
}

}  // namespace sluice
