#include "domain/format.h"

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {

Format parse_format(std::string_view text) {
  const std::string name = ascii_lower(trim(text));
  if (name == "csv") return Format::kCsv;
  if (name == "ndjson" || name == "json" || name == "jsonl") return Format::kNdjson;
  throw Error(ErrorCode::kInvalid, "The format '" + std::string(text) + "' is not known.",
              "Use one of: csv, ndjson.");
}

Compression parse_compression(std::string_view text) {
  const std::string name = ascii_lower(trim(text));
  if (name.empty() || name == "none") return Compression::kNone;
  if (name == "gz" || name == "gzip") return Compression::kGzip;
  throw Error(ErrorCode::kInvalid, "The compression '" + std::string(text) + "' is not known.",
              "Use one of: none, gz.");
}

std::string_view format_name(Format format) {
  switch (format) {
    case Format::kCsv:
      return "csv";
    case Format::kNdjson:
      return "ndjson";
  }
  return "csv";
}

std::string_view compression_name(Compression compression) {
  switch (compression) {
    case Compression::kNone:
      return "none";
    case Compression::kGzip:
      return "gz";
  }
  return "none";
}

std::string file_extension(Format format, Compression compression) {
  std::string extension = "." + std::string(format_name(format));
  if (compression != Compression::kNone)
    extension += "." + std::string(compression_name(compression));
  return extension;
}

std::string_view content_type(Format format, Compression compression) {
  if (compression == Compression::kGzip) return "application/gzip";
  return format == Format::kCsv ? "text/csv; charset=utf-8" : "application/x-ndjson";
}

}  // namespace sluice
