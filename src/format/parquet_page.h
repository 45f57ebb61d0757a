#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "domain/format.h"
#include "format/codec.h"
#include "format/parquet_levels.h"
#include "format/parquet_metadata.h"

namespace sluice {

/// A data page ends at so many entries or bytes, whichever comes first; one row is never split.
inline constexpr size_t kPageEntries = 20000;
inline constexpr size_t kPageBytes = 1024 * 1024;

/// Writes the pages of one column chunk after the other. Keeps a codec and its working memory from
/// page to page. One thread at a time.
class ParquetPageWriter {
 public:
  ParquetPageWriter(Compression compression, const CompressionLevel& level);

  /// Begins a chunk at the end of `out`, which outlives it.
  void begin(std::string& out);
  /// The page of PLAIN values that comes first, if there is one.
  void write_dictionary(size_t entries, std::string_view values);
  /// Begins a data page (v1) of `entries` entries, those from `first` on in `levels`. What is added
  /// to the result is the page's values.
  std::string& begin_data(const ParquetLevels& levels, size_t first, size_t entries);
  /// Writes the page.
  void end_data(ParquetEncoding encoding);
  /// The chunk, still without statistics.
  ParquetColumnChunk end();

 private:
  /// Compresses the page, counts it and writes its header.
  void write(ParquetPageType type, ParquetEncoding encoding, size_t values, std::string_view page);
  void count(ParquetPageType type, ParquetEncoding encoding);

  std::unique_ptr<Codec> codec_;  ///< Nothing: pages are written as they are.
  std::string* out_ = nullptr;
  size_t start_ = 0;
  ParquetColumnChunk chunk_;
  size_t page_entries_ = 0;
  std::string page_;
  std::string packed_;
  std::string header_;
};

}  // namespace sluice
