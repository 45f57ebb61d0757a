#include "intake/byte_stream.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace sluice {
namespace {

class PlainStream final : public ByteStream {
 public:
  explicit PlainStream(std::shared_ptr<const ByteRange> bytes) : bytes_(std::move(bytes)) {}
  size_t read(char* to, size_t most) override {
    const size_t got = bytes_->read(at_, to, most);
    at_ += got;
    return got;
  }

 private:
  std::shared_ptr<const ByteRange> bytes_;
  uint64_t at_ = 0;
};

/// What a decompressor reads from and how much may come out of it.
class Packed {
 public:
  Packed(const std::shared_ptr<const ByteRange>& bytes, std::string name)
      : stream_(bytes), name_(std::move(name)), window_(kWindow) {
    const uint64_t swollen = bytes->size() * limits::kUnpackedTimes;
    most_ = std::min(limits::kUnpackedBytes, std::max(swollen, limits::kUnpackedAlways));
  }

  std::string_view left() const { return {window_.data() + at_, size_ - at_}; }
  /// Reads on where nothing is left; false at the end.
  bool refill() {
    if (at_ < size_) return true;
    at_ = 0;
    size_ = stream_.read(window_.data(), window_.size());
    return size_ > 0;
  }
  void took(size_t bytes) {
    at_ += bytes;
    in_ += bytes;
  }
  void gave(size_t bytes) {
    out_ += bytes;
    if (out_ <= most_) return;
    throw Error(ErrorCode::kTooLarge,
                "The " + name_ + " data unpacks to more than " + std::to_string(most_) + " bytes.",
                "Send less in one file, or less densely packed: up to " +
                    std::to_string(limits::kUnpackedTimes) + " times its packed size is unpacked.");
  }
  Error broken(std::string_view what) const {
    return {ErrorCode::kInvalid,
            "The " + name_ + " data " + std::string(what) + " at byte " + std::to_string(in_ + 1) +
                " (after " + std::to_string(out_) + " unpacked bytes).",
            "Compress the file again and send it whole."};
  }

 private:
  static constexpr size_t kWindow = 64 * 1024;

  PlainStream stream_;
  std::string name_;
  std::vector<char> window_;
  size_t at_ = 0;
  size_t size_ = 0;
  uint64_t in_ = 0;
  uint64_t out_ = 0;
  uint64_t most_ = 0;
};

class GzipStream final : public ByteStream {
 public:
  explicit GzipStream(const std::shared_ptr<const ByteRange>& bytes) : packed_(bytes, "gzip") {
    if (inflateInit2(&state_, kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~GzipStream() override { inflateEnd(&state_); }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  size_t read(char* to, size_t most) override {
    while (true) {
      if (!packed_.refill()) {
        if (between_members_) return 0;
        throw packed_.broken("is cut off");
      }
      if (between_members_ && !begin_member()) return 0;
      const size_t size = inflate_into(to, most);
      if (size > 0) return size;
    }
  }

 private:
  static constexpr int kGzipOnly = 15 + 16;  // Window bits, as zlib's inflateInit2 wants them.

  /// False at the end: some programs pad their files with zeros.
  bool begin_member() {
    if (packed_.left().front() == '\x1f') {
      between_members_ = false;
      return true;
    }
    do {
      if (packed_.left().find_first_not_of('\0') != std::string_view::npos) {
        throw packed_.broken("is followed by something else");
      }
      packed_.took(packed_.left().size());
    } while (packed_.refill());
    return false;
  }

  size_t inflate_into(char* to, size_t most) {
    const std::string_view in = packed_.left();
    state_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    state_.avail_in = static_cast<uInt>(in.size());
    most = std::min<size_t>(most, 1U << 30U);
    state_.next_out = reinterpret_cast<Bytef*>(to);
    state_.avail_out = static_cast<uInt>(most);
    const int status = inflate(&state_, Z_NO_FLUSH);
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    packed_.took(in.size() - state_.avail_in);
    if (status != Z_OK && status != Z_STREAM_END) throw packed_.broken("is broken");
    if (status == Z_STREAM_END) {
      inflateReset(&state_);
      between_members_ = true;
    }
    const size_t size = most - state_.avail_out;
    packed_.gave(size);
    return size;
  }

  Packed packed_;
  z_stream state_ = {};
  bool between_members_ = true;
};

class ZstdStream final : public ByteStream {
 public:
  explicit ZstdStream(const std::shared_ptr<const ByteRange>& bytes)
      : packed_(bytes, "zstd"), context_(ZSTD_createDCtx()) {
    if (!context_) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, limits::kZstdWindowLog);
  }

  size_t read(char* to, size_t most) override {
    while (true) {
      const bool more = packed_.refill();
      if (!more && between_frames_) return 0;
      const std::string_view left = packed_.left();
      ZSTD_inBuffer in = {left.data(), left.size(), 0};
      ZSTD_outBuffer out = {to, most, 0};
      const size_t status = ZSTD_decompressStream(context_.get(), &out, &in);
      packed_.took(in.pos);
      if (ZSTD_isError(status)) {
        throw packed_.broken("is broken (" + std::string(ZSTD_getErrorName(status)) + ")");
      }
      between_frames_ = status == 0;
      packed_.gave(out.pos);
      if (out.pos > 0) return out.pos;
      if (!more && in.pos == 0 && !between_frames_) throw packed_.broken("is cut off");
    }
  }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };

  Packed packed_;
  std::unique_ptr<ZSTD_DCtx, Free> context_;
  bool between_frames_ = true;
};

/// What files begin with that is no text and is not undone.
struct Foreign {
  std::string_view begin;
  const char* name;
  const char* hint;
};
constexpr const char* kRepack = "Send it as it is, or compressed with gzip or zstd.";
constexpr std::array kForeign = {
    Foreign{"BZh", "compressed with bzip2", kRepack},
    Foreign{"\xfd"
            "7zXZ",
            "compressed with xz", kRepack},
    Foreign{"\x04\x22\x4d\x18", "compressed with lz4", kRepack},
    Foreign{"PK\x03\x04", "a zip archive", kRepack},
    Foreign{"7z\xbc\xaf", "a 7z archive", kRepack},
    Foreign{"PAR1", "a Parquet file", "Say format=parquet."},
    Foreign{"\xff\xfe", "text in UTF-16", "Save it as UTF-8."},
    Foreign{"\xfe\xff", "text in UTF-16", "Save it as UTF-8."},
};

}  // namespace

std::unique_ptr<ByteStream> open_byte_stream(std::shared_ptr<const ByteRange> bytes) {
  std::array<char, 8> first{};
  const std::string_view begin(first.data(), bytes->read(0, first.data(), first.size()));
  if (begin.starts_with("\x1f\x8b")) return std::make_unique<GzipStream>(bytes);
  const bool skippable = begin.size() >= 4 && begin[0] >= '\x50' && begin[0] <= '\x5f' &&
                         begin.substr(1, 3) == "\x2a\x4d\x18";
  if (skippable || begin.starts_with("\x28\xb5\x2f\xfd")) {
    return std::make_unique<ZstdStream>(bytes);
  }
  for (const Foreign& foreign : kForeign) {
    if (!begin.starts_with(foreign.begin)) continue;
    throw Error(ErrorCode::kInvalid,
                std::string("The data is ") + foreign.name + ", not rows of text.", foreign.hint);
  }
  return std::make_unique<PlainStream>(std::move(bytes));
}

}  // namespace sluice
