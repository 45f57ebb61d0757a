#include "intake/page_decompressor.h"

#include <brotli/decode.h>
#include <libdeflate.h>
#include <lz4.h>
#include <snappy.h>
#include <zstd.h>

#include <cstring>
#include <new>
#include <string>

#include "base/error.h"
#include "intake/page_bytes.h"

namespace sluice {
namespace {

bool copy(std::string_view packed, char* to, size_t size) {
  if (packed.size() != size) return false;
  if (size > 0) std::memcpy(to, packed.data(), size);
  return true;
}

bool unsnappy(std::string_view packed, char* to, size_t size) {
  size_t raw = 0;
  return snappy::GetUncompressedLength(packed.data(), packed.size(), &raw) && raw == size &&
         snappy::RawUncompress(packed.data(), packed.size(), to);
}

bool unbrotli(std::string_view packed, char* to, size_t size) {
  size_t raw = size;
  const auto* in = reinterpret_cast<const uint8_t*>(packed.data());
  auto* out = reinterpret_cast<uint8_t*>(to);
  return BrotliDecoderDecompress(packed.size(), in, &raw, out) == BROTLI_DECODER_RESULT_SUCCESS &&
         raw == size;
}

/// Pages are below 2 GiB.
bool unlz4(std::string_view packed, char* to, size_t size) {
  const int raw = LZ4_decompress_safe(packed.data(), to, static_cast<int>(packed.size()),
                                      static_cast<int>(size));
  return raw >= 0 && static_cast<size_t>(raw) == size;
}

uint32_t big_endian(std::string_view bytes) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

/// Hadoop's frames: the size of the raw bytes and of the packed ones, each big-endian, before each
/// block.
bool unframe_lz4(std::string_view packed, char* to, size_t size) {
  constexpr size_t kHead = 8;
  while (packed.size() >= kHead) {
    const size_t raw = big_endian(packed);
    const size_t bytes = big_endian(packed.substr(4));
    packed.remove_prefix(kHead);
    if (raw > size || bytes > packed.size()) return false;
    if (!unlz4(packed.substr(0, bytes), to, raw)) return false;
    packed.remove_prefix(bytes);
    to += raw;
    size -= raw;
  }
  return packed.empty() && size == 0;
}

/// The deprecated codec LZ4 was understood in two ways: with Hadoop's frames, and without.
bool unlz4_of_some_kind(std::string_view packed, char* to, size_t size) {
  return unframe_lz4(packed, to, size) || unlz4(packed, to, size);
}

std::string_view name_of(ParquetCodec codec) {
  switch (codec) {
    case ParquetCodec::kNone:
      return "UNCOMPRESSED";
    case ParquetCodec::kSnappy:
      return "SNAPPY";
    case ParquetCodec::kGzip:
      return "GZIP";
    case ParquetCodec::kLzo:
      return "LZO";
    case ParquetCodec::kBrotli:
      return "BROTLI";
    case ParquetCodec::kLz4Hadoop:
      return "LZ4";
    case ParquetCodec::kZstd:
      return "ZSTD";
    case ParquetCodec::kLz4Raw:
      return "LZ4_RAW";
  }
  return "";
}

}  // namespace

void check_codec(int32_t codec) {
  const auto known = static_cast<ParquetCodec>(codec);
  const std::string_view name = name_of(known);
  if (!name.empty() && known != ParquetCodec::kLzo) return;
  const std::string shown = name.empty() ? "codec " + std::to_string(codec) : std::string(name);
  throw Error(ErrorCode::kInvalid,
              "The Parquet file is compressed with " + shown + ", which is not supported.",
              "Write it with ZSTD, SNAPPY, GZIP, BROTLI, LZ4_RAW or uncompressed.");
}

PageDecompressor::PageDecompressor() = default;
PageDecompressor::~PageDecompressor() = default;

void PageDecompressor::FreeZstd::operator()(ZSTD_DCtx_s* context) const { ZSTD_freeDCtx(context); }
void PageDecompressor::FreeDeflate::operator()(libdeflate_decompressor* decompressor) const {
  libdeflate_free_decompressor(decompressor);
}

void PageDecompressor::run(ParquetCodec codec, std::string_view packed, char* to, size_t size) {
  const auto undo = [&] {
    switch (codec) {
      case ParquetCodec::kNone:
        return copy(packed, to, size);
      case ParquetCodec::kSnappy:
        return unsnappy(packed, to, size);
      case ParquetCodec::kGzip:
        return gunzip(packed, to, size);
      case ParquetCodec::kBrotli:
        return unbrotli(packed, to, size);
      case ParquetCodec::kLz4Hadoop:
        return unlz4_of_some_kind(packed, to, size);
      case ParquetCodec::kZstd:
        return unzstd(packed, to, size);
      case ParquetCodec::kLz4Raw:
        return unlz4(packed, to, size);
      case ParquetCodec::kLzo:
        break;
    }
    return false;
  };
  if (undo()) return;
  fail_damaged("a page of " + std::to_string(packed.size()) + " bytes is not " +
               std::to_string(size) + " bytes compressed with " + std::string(name_of(codec)));
}

/// One member after the other.
bool PageDecompressor::gunzip(std::string_view packed, char* to, size_t size) {
  if (!deflate_) deflate_.reset(libdeflate_alloc_decompressor());
  if (!deflate_) throw std::bad_alloc();
  do {
    size_t taken = 0;
    size_t raw = 0;
    const auto result = libdeflate_gzip_decompress_ex(deflate_.get(), packed.data(), packed.size(),
                                                      to, size, &taken, &raw);
    if (result != LIBDEFLATE_SUCCESS) return false;
    packed.remove_prefix(taken);
    to += raw;
    size -= raw;
  } while (!packed.empty());
  return size == 0;
}

bool PageDecompressor::unzstd(std::string_view packed, char* to, size_t size) {
  if (!zstd_) zstd_.reset(ZSTD_createDCtx());
  if (!zstd_) throw std::bad_alloc();
  return ZSTD_decompressDCtx(zstd_.get(), to, size, packed.data(), packed.size()) == size;
}

}  // namespace sluice
