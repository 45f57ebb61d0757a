#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/byte_range.h"
#include "data/parquet_numbers.h"
#include "intake/page_decompressor.h"
#include "intake/parquet_file.h"

namespace sluice {

/// What may be held of a file's pages at the same time, all columns together; one page is never
/// larger. DuckDB writes pages of up to 100 MB.
inline constexpr size_t kParquetPageBytes = 128 * 1024 * 1024;
inline constexpr size_t kParquetHeldBytes = 160 * 1024 * 1024;
/// Values of one page, NULLs included.
inline constexpr int32_t kParquetPageValues = 1 << 26;

/// What all columns of a file share while it is read. One thread at a time.
struct ParquetReading {
  const ByteRange& bytes;  ///< Outlives it.
  PageDecompressor decompressor = {};
  size_t held = 0;  ///< Bytes of pages and dictionaries.

  /// Somebody holds `after` bytes in place of `before`. Throws kTooLarge.
  void hold(size_t before, size_t after);
};

/// A page without its compression.
struct ParquetPage {
  ParquetPageType type = ParquetPageType::kData;
  ParquetEncoding encoding = ParquetEncoding::kPlain;
  size_t values = 0;  ///< NULLs included; of a dictionary its entries.
  // Version 1: the levels stand at the front of `body`, in these encodings.
  ParquetEncoding definition_encoding = ParquetEncoding::kRle;
  ParquetEncoding repetition_encoding = ParquetEncoding::kRle;
  // Version 2: they stand apart.
  std::string_view definition_levels;
  std::string_view repetition_levels;
  std::string_view body;
};

/// The pages of one column chunk, one after the other. Memory: the page that was read last. One
/// thread at a time.
class ParquetPages {
 public:
  /// `reading` outlives it.
  explicit ParquetPages(ParquetReading& reading) : reading_(reading) {}

  /// Goes on with the pages of this chunk.
  void begin(const ParquetChunkPlace& chunk);
  /// The next data page or dictionary, valid until the next call; others are passed. Throws
  /// kInvalid where there is none, where its header makes no sense or its checksum is another,
  /// kTooLarge for one over the limits, kStorage.
  const ParquetPage& next();

 private:
  struct Header;

  /// Bytes that are forgotten when more are needed.
  struct Buffer {
    std::unique_ptr<char[]> bytes;
    size_t capacity = 0;
    char* room(size_t size);
  };

  Header read_header();
  static void check(const Header& header);
  void take_body(const Header& header);
  std::string_view unpacked(std::string_view packed, size_t size);
  /// At least the next `size` bytes of the chunk, or all there are.
  std::string_view peek(size_t size);
  std::string_view take(size_t size);
  void hold();

  ParquetReading& reading_;
  ParquetCodec codec_ = ParquetCodec::kNone;
  uint64_t at_ = 0;  ///< In the file: where `window_` ends.
  uint64_t end_ = 0;
  Buffer window_bytes_;
  std::string_view window_;  ///< What was read and not taken yet, within `window_bytes_`.
  Buffer unpacked_;
  size_t held_ = 0;
  ParquetPage page_;
};

}  // namespace sluice
