#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

struct ZSTD_DCtx_s;
struct libdeflate_decompressor;

namespace sluice {

/// How the pages of a column are compressed; numbers are those of parquet.thrift.
enum class ParquetCodec : int32_t {
  kNone = 0,
  kSnappy = 1,
  kGzip = 2,
  kLzo = 3,
  kBrotli = 4,
  kLz4Hadoop = 5,
  kZstd = 6,
  kLz4Raw = 7,
};

/// Throws kInvalid, with the codec's name, where there is no way to undo it.
void check_codec(int32_t codec);

/// Undoes the compression of pages; keeps the libraries' working memory. One thread at a time.
class PageDecompressor {
 public:
  PageDecompressor();
  ~PageDecompressor();
  PageDecompressor(const PageDecompressor&) = delete;
  PageDecompressor& operator=(const PageDecompressor&) = delete;

  /// Fills `size` bytes at `to`. Throws kInvalid where `packed` is not that many bytes compressed.
  void run(ParquetCodec codec, std::string_view packed, char* to, size_t size);

 private:
  bool gunzip(std::string_view packed, char* to, size_t size);
  bool unzstd(std::string_view packed, char* to, size_t size);

  struct FreeZstd {
    void operator()(ZSTD_DCtx_s* context) const;
  };
  struct FreeDeflate {
    void operator()(libdeflate_decompressor* decompressor) const;
  };
  std::unique_ptr<ZSTD_DCtx_s, FreeZstd> zstd_;
  std::unique_ptr<libdeflate_decompressor, FreeDeflate> deflate_;
};

}  // namespace sluice
