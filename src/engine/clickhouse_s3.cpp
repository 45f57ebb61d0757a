#include "engine/clickhouse_s3.h"

#include "base/error.h"
#include "domain/clickhouse_text.h"

namespace sluice {
namespace {

std::string format_word(const ClusterTarget& target) {
  switch (target.format) {
    case Format::kCsv:
      return target.options.csv_header ? "CSVWithNames" : "CSV";
    case Format::kNdjson:
      return "JSONEachRow";
    case Format::kParquet:
      break;
  }
  return "Parquet";
}

/// ClickHouse's name of a codec.
std::string codec_word(Compression compression) {
  switch (compression) {
    case Compression::kNone:
    case Compression::kSnappy:
      return compression == Compression::kSnappy ? "snappy" : "none";
    case Compression::kGzip:
      return "gzip";
    case Compression::kZstd:
      return "zstd";
    case Compression::kBrotli:
      return "br";
    case Compression::kXz:
      return "xz";
    case Compression::kBzip2:
      return "bz2";
    case Compression::kLz4:
      break;
  }
  return "lz4";
}

std::string structure_of(const std::vector<ColumnInfo>& columns) {
  std::string out;
  for (const ColumnInfo& column : columns) {
    out += (out.empty() ? "" : ", ") + quote_clickhouse_identifier(column.name) + " " +
           column.declared_type;
  }
  return out;
}

std::string s3_call(const std::string& file, const std::vector<ColumnInfo>& columns,
                    const ClusterTarget& target) {
  // Parquet is compressed inside.
  const std::string codec =
      target.format == Format::kParquet ? "none" : codec_word(target.compression);
  std::string out = "s3(" + quote_clickhouse_text(target.folder_url + file) + ", " +
                    quote_clickhouse_text(target.access_key_id) + ", " +
                    quote_clickhouse_text(target.secret_access_key.reveal());
  if (!target.session_token.empty()) {
    out += ", " + quote_clickhouse_text(target.session_token.reveal());
  }
  return out + ", '" + format_word(target) + "', " + quote_clickhouse_text(structure_of(columns)) +
         ", '" + codec + "')";
}

/// What decides of a value. As it is in the column, not as text: an hour of summer time that comes
/// twice has one text.
std::string key_parts(const ClusterKey& key) {
  const std::string column = quote_clickhouse_identifier(key.column);
  if (!key.date) return "isNull(" + column + "), assumeNotNull(" + column + ")";
  return "isNull(" + column + "), ifNull(formatDateTime(toDateTime64(" + column + ", 0, 'UTC'), " +
         quote_clickhouse_text(key.date->text()) + ", 'UTC'), '')";
}

/// What the files are told apart by: never the values themselves, which could be anything.
std::string partition_of(const ClusterTarget& target) {
  std::string keys;
  for (const ClusterKey& key : target.keys) keys += (keys.empty() ? "" : ", ") + key_parts(key);
  std::string hash = keys.empty() ? "'all'" : "lower(hex(sipHash128(" + keys + ")))";
  if (target.spread <= 1) return hash;
  return "concat(" + hash + ", '-', toString(rand() % " + std::to_string(target.spread) + "))";
}

bool is_partitioned(const ClusterTarget& target) {
  return !target.keys.empty() || target.spread > 1;
}

}  // namespace

std::string insert_into_s3(const std::string& sql, const std::vector<ColumnInfo>& columns,
                           const ClusterTarget& target) {
  const bool partitioned = is_partitioned(target);
  const std::string name = (partitioned ? "{_partition_id}" : "all") + target.extension;
  std::string out = "INSERT INTO FUNCTION " + s3_call(name, columns, target);
  if (partitioned) out += " PARTITION BY " + partition_of(target);
  return out + " SELECT * FROM (\n" + sql + "\n)";
}

std::string read_back_from_s3(const std::vector<ColumnInfo>& columns, const ClusterTarget& target) {
  std::string out = "SELECT toString(_file) AS file, toInt64(count()) AS row_count";
  for (size_t i = 0; i < target.keys.size(); ++i) {
    out += ", any(" + quote_clickhouse_identifier(target.keys[i].column) + ") AS key_" +
           std::to_string(i + 1);
  }
  return out + " FROM " + s3_call("*" + target.extension, columns, target) +
         " GROUP BY file ORDER BY file";
}

std::vector<std::pair<std::string, std::string>> s3_settings(const ClusterTarget& target) {
  const FileOptions& options = target.options;
  std::vector<std::pair<std::string, std::string>> out = {
      {"s3_truncate_on_insert", "1"},
      {"output_format_json_quote_64bit_integers", "0"},
      {"output_format_decimal_trailing_zeros", "1"}};
  if (target.format == Format::kParquet) {
    const Compression codec = target.compression;
    out.emplace_back("output_format_parquet_compression_method",
                     codec == Compression::kBrotli ? "brotli" : codec_word(codec));
  }
  if (target.format != Format::kCsv) return out;
  out.emplace_back("format_csv_delimiter", std::string(1, options.csv_delimiter));
  // An empty value can't be given in a URL; without quotes it is what readers take for NULL.
  if (!options.csv_null.empty())
    out.emplace_back("format_csv_null_representation", options.csv_null);
  if (options.csv_crlf) out.emplace_back("output_format_csv_crlf_end_of_line", "1");
  return out;
}

}  // namespace sluice
