#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// How rows become bytes.
enum class Format { kCsv, kNdjson, kParquet };
/// CSV and NDJSON files are compressed as a whole (all but snappy); Parquet inside (none, snappy,
/// gzip, zstd, lz4 as LZ4_RAW, brotli).
enum class Compression { kNone, kGzip, kZstd, kBrotli, kXz, kBzip2, kLz4, kSnappy };

/// How hard to compress: a named choice between speed and size, or the codec's own number.
struct CompressionLevel {
  enum class Kind { kFast, kSmall, kNumber };
  Kind kind = Kind::kFast;
  int number = 0;  ///< kNumber only.

  bool operator==(const CompressionLevel&) const = default;
};

/// What happens to a value that does not fit the type of its column (typed formats).
enum class TypeMismatch {
  kError,   ///< The job fails, before anything is published.
  kString,  ///< The column becomes text.
  kNull,    ///< The value becomes NULL.
};

/// What a sink may say about its files beyond format and compression.
struct FileOptions {
  char csv_delimiter = ',';
  bool csv_header = true;
  std::string csv_null;              ///< How NULL is written; empty: an empty field.
  bool csv_escape_formulas = false;  ///< A `'` before text that a spreadsheet would run.
  bool csv_crlf = false;
  bool big_integers_as_text = false;  ///< NDJSON: integers beyond 2^53 as strings.
  TypeMismatch type_mismatch = TypeMismatch::kError;
  CompressionLevel compression_level;
  bool single_gzip_member = false;
  uint64_t max_file_size = 0;      ///< Bytes, as stored; 0: no limit.
  uint64_t max_rows_per_file = 0;  ///< 0: no limit.
  bool drop_partition_columns = false;
  bool manifest = false;
  bool success_file = false;
  bool on_cluster = false;  ///< The cluster writes the files itself (cluster_execution.h).

  bool operator==(const FileOptions&) const = default;
};

/// Reads the spellings clients use, in any case (contract: "json" and "jsonl" are NDJSON, "gz" and
/// "gzip" are the same). Throws kInvalid that lists what is allowed.
Format parse_format(std::string_view text);
Compression parse_compression(std::string_view text);
/// Throws kInvalid that lists what the format can have.
void check_compression(Format format, Compression compression);
/// "fast", "small" or a number (kInvalid); its range is the codec's.
CompressionLevel parse_compression_level(std::string_view text);
/// Throws kInvalid that says the codec's range.
void check_compression_level(const CompressionLevel& level, Compression compression);

/// The canonical spelling: "csv", "ndjson", "parquet"; "none", "gz", "zst", "br"...
std::string_view format_name(Format format);
std::string_view compression_name(Compression compression);

/// What is put behind a file's name: ".csv", ".ndjson.gz", ".parquet" (whatever the compression).
std::string file_extension(Format format, Compression compression);
/// The media type objects are stored with.
std::string_view content_type(Format format, Compression compression);

}  // namespace sluice
