#include "domain/format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

/// One row for each codec. A level outside of its range is refused; `none` and snappy have none.
struct CompressionRow {
  Compression compression;
  std::string_view name;
  std::string_view extension;
  std::string_view other_spellings;  ///< Between spaces.
  std::string_view media_type;       ///< Of a file compressed as a whole.
  bool whole_file;
  bool in_parquet;
  int lowest;
  int highest;
};

constexpr std::array<CompressionRow, 8> kCompressions = {{
    {Compression::kNone, "none", "", "", "", true, true, 1, 0},
    {Compression::kGzip, "gz", ".gz", " gzip ", "application/gzip", true, true, 1, 12},
    {Compression::kZstd, "zst", ".zst", " zstd ", "application/zstd", true, true, 1, 19},
    {Compression::kBrotli, "br", ".br", " brotli ", "application/x-brotli", true, true, 0, 11},
    {Compression::kXz, "xz", ".xz", "", "application/x-xz", true, false, 0, 9},
    {Compression::kBzip2, "bz2", ".bz2", " bzip2 ", "application/x-bzip2", true, false, 1, 9},
    {Compression::kLz4, "lz4", ".lz4", " lz4_raw ", "application/x-lz4", true, true, 1, 12},
    {Compression::kSnappy, "snappy", "", "", "", false, true, 1, 0},
}};

const CompressionRow& row_of(Compression compression) {
  return *std::find_if(kCompressions.begin(), kCompressions.end(),
                       [&](const CompressionRow& row) { return row.compression == compression; });
}

std::string list_names(bool (*wanted)(const CompressionRow&)) {
  std::string list;
  for (const CompressionRow& row : kCompressions) {
    if (wanted(row)) list += (list.empty() ? "" : ", ") + std::string(row.name);
  }
  return list;
}

}  // namespace

Format parse_format(std::string_view text) {
  const std::string name = ascii_lower(trim(text));
  if (name == "csv") return Format::kCsv;
  if (name == "ndjson" || name == "json" || name == "jsonl") return Format::kNdjson;
  if (name == "parquet") return Format::kParquet;
  throw Error(ErrorCode::kInvalid, "The format '" + std::string(text) + "' is not known.",
              "Use one of: csv, ndjson, parquet.");
}

Compression parse_compression(std::string_view text) {
  const std::string name = ascii_lower(trim(text));
  if (name.empty()) return Compression::kNone;
  for (const CompressionRow& row : kCompressions) {
    if (row.name == name) return row.compression;
    if (row.other_spellings.find(" " + name + " ") != std::string_view::npos) {
      return row.compression;
    }
  }
  throw Error(ErrorCode::kInvalid, "The compression '" + std::string(text) + "' is not known.",
              "Use one of: " + list_names([](const CompressionRow&) { return true; }) + ".");
}

void check_compression(Format format, Compression compression) {
  const CompressionRow& row = row_of(compression);
  const bool parquet = format == Format::kParquet;
  if (parquet ? row.in_parquet : row.whole_file) return;
  const auto in_parquet = [](const CompressionRow& each) { return each.in_parquet; };
  const auto whole_file = [](const CompressionRow& each) { return each.whole_file; };
  throw Error(ErrorCode::kInvalid,
              "The format '" + std::string(format_name(format)) + "' can't have the compression '" +
                  std::string(row.name) + "'.",
              "Use one of: " + (parquet ? list_names(in_parquet) : list_names(whole_file)) + ".");
}

CompressionLevel parse_compression_level(std::string_view text) {
  const std::string name = ascii_lower(trim(text));
  if (name.empty() || name == "fast") return {CompressionLevel::Kind::kFast, 0};
  if (name == "small") return {CompressionLevel::Kind::kSmall, 0};
  int number = 0;
  const auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (failed == std::errc() && end == name.data() + name.size()) {
    return {CompressionLevel::Kind::kNumber, number};
  }
  throw Error(ErrorCode::kInvalid,
              "The compression_level '" + std::string(text.substr(0, 40)) + "' is not known.",
              "Use fast, small or a number.");
}

void check_compression_level(const CompressionLevel& level, Compression compression) {
  if (level.kind != CompressionLevel::Kind::kNumber) return;
  const CompressionRow& row = row_of(compression);
  if (level.number >= row.lowest && level.number <= row.highest) return;
  const std::string name(row.name);
  throw Error(ErrorCode::kInvalid,
              "The compression '" + name + "' has no level " + std::to_string(level.number) + ".",
              row.lowest > row.highest
                  ? "It has no levels; leave compression_level out."
                  : "Use fast, small or a number from " + std::to_string(row.lowest) + " to " +
                        std::to_string(row.highest) + ".");
}

std::string_view format_name(Format format) {
  switch (format) {
    case Format::kCsv:
      return "csv";
    case Format::kNdjson:
      return "ndjson";
    case Format::kParquet:
      return "parquet";
  }
  return "csv";
}

std::string_view compression_name(Compression compression) { return row_of(compression).name; }

std::string file_extension(Format format, Compression compression) {
  std::string extension = "." + std::string(format_name(format));
  if (format != Format::kParquet) extension += row_of(compression).extension;
  return extension;
}

std::string_view content_type(Format format, Compression compression) {
  if (format == Format::kParquet) return "application/vnd.apache.parquet";
  if (compression != Compression::kNone) return row_of(compression).media_type;
  return format == Format::kCsv ? "text/csv; charset=utf-8" : "application/x-ndjson";
}

}  // namespace sluice
