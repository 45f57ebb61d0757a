#pragma once

#include <string>
#include <string_view>

namespace sluice {

/// How rows become bytes. Parquet and the other codecs join with the export pipeline issue.
enum class Format { kCsv, kNdjson };
enum class Compression { kNone, kGzip };

/// Reads the spellings clients use, in any case (contract: "json" and "jsonl" are NDJSON, "gz" and
/// "gzip" are the same). Throws kInvalid that lists what is allowed.
Format parse_format(std::string_view text);
Compression parse_compression(std::string_view text);

/// The canonical spelling: "csv", "ndjson"; "none", "gz".
std::string_view format_name(Format format);
std::string_view compression_name(Compression compression);

/// What is put behind a file's name: ".csv", ".ndjson.gz".
std::string file_extension(Format format, Compression compression);
/// The media type objects are stored with.
std::string_view content_type(Format format, Compression compression);

}  // namespace sluice
