#include "format/parquet_footer.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/error.h"
#include "format/parquet_column.h"
#include "format/parquet_statistics.h"
#include "format/thrift_writer.h"

namespace sluice {
namespace {

using Element = ThriftWriter::Element;

/// parquet.thrift asks writers for 1, whatever they use.
constexpr int32_t kVersion = 1;
constexpr std::string_view kCreatedBy = "sluice version " SLUICE_VERSION;

int32_t codec_number(Compression compression) {
  switch (compression) {
    case Compression::kNone:
      return 0;
    case Compression::kSnappy:
      return 1;
    case Compression::kGzip:
      return 2;
    case Compression::kBrotli:
      return 4;
    case Compression::kZstd:
      return 6;
    case Compression::kLz4:
      return 7;
    case Compression::kXz:
    case Compression::kBzip2:
      break;
  }
  throw Error(ErrorCode::kInternal, "Parquet has no number for this compression.");
}

std::vector<ParquetEncoding> encodings_of(const ParquetColumnChunk& chunk) {
  std::vector<ParquetEncoding> encodings = {ParquetEncoding::kRle};  // The levels.
  for (const ParquetPageCount& pages : chunk.pages) {
    if (std::find(encodings.begin(), encodings.end(), pages.encoding) == encodings.end()) {
      encodings.push_back(pages.encoding);
    }
  }
  return encodings;
}

int64_t placed(uint64_t offset, const PlacedRowGroup& group) {
  return static_cast<int64_t>(group.offset + offset);
}

/// The struct ColumnMetaData as field 3.
void write_chunk_metadata(ThriftWriter& writer, const FormatSpec& spec, const ParquetLeaf& leaf,
                          const PlacedRowGroup& group, const ParquetColumnChunk& chunk) {
  writer.begin_struct(3);
  writer.int32(1, static_cast<int32_t>(parquet_type(leaf.column.type)));
  const std::vector<ParquetEncoding> encodings = encodings_of(chunk);
  writer.list(2, Element::kInt32, encodings.size());
  for (const ParquetEncoding each : encodings) writer.element(static_cast<int64_t>(each));
  writer.list(3, Element::kBinary, leaf.path.size());
  for (const std::string& name : leaf.path) writer.element(name);
  writer.int32(4, codec_number(spec.compression));
  writer.int64(5, chunk.values);
  writer.int64(6, static_cast<int64_t>(chunk.raw_bytes));
  writer.int64(7, static_cast<int64_t>(chunk.packed_bytes));
  writer.int64(9, placed(chunk.data_offset, group));
  if (chunk.dictionary_offset) writer.int64(11, placed(*chunk.dictionary_offset, group));
  write_statistics(writer, 12, chunk.statistics);
  writer.list(13, Element::kStruct, chunk.pages.size());
  for (const ParquetPageCount& pages : chunk.pages) {
    writer.begin_struct();
    writer.int32(1, static_cast<int32_t>(pages.type));
    writer.int32(2, static_cast<int32_t>(pages.encoding));
    writer.int32(3, pages.pages);
    writer.end_struct();
  }
  writer.end_struct();
}

void write_row_group(ThriftWriter& writer, const FormatSpec& spec,
                     const std::vector<ParquetLeaf>& leaves, const PlacedRowGroup& group) {
  const std::vector<ParquetColumnChunk>& chunks = group.group->columns;
  uint64_t raw_bytes = 0;
  uint64_t packed_bytes = 0;
  writer.begin_struct();
  writer.list(1, Element::kStruct, chunks.size());
  for (size_t i = 0; i < chunks.size(); ++i) {
    writer.begin_struct();
    writer.int64(2, 0);  // file_offset: there is no copy of the metadata elsewhere.
    write_chunk_metadata(writer, spec, leaves[i], group, chunks[i]);
    writer.end_struct();
    raw_bytes += chunks[i].raw_bytes;
    packed_bytes += chunks[i].packed_bytes;
  }
  writer.int64(2, static_cast<int64_t>(raw_bytes));
  writer.int64(3, group.group->rows);
  writer.int64(5, static_cast<int64_t>(group.offset));
  writer.int64(6, static_cast<int64_t>(packed_bytes));
  writer.end_struct();
}

void write_key_values(ThriftWriter& writer, const FormatSpec& spec) {
  if (spec.metadata.empty()) return;
  writer.list(5, Element::kStruct, spec.metadata.size());
  for (const auto& [key, value] : spec.metadata) {
    writer.begin_struct();
    writer.binary(1, key);
    writer.binary(2, value);
    writer.end_struct();
  }
}

}  // namespace

std::string parquet_footer(const FormatSpec& spec, const std::vector<ParquetLeaf>& leaves,
                           const std::vector<PlacedRowGroup>& groups) {
  std::string footer;
  ThriftWriter writer(footer);
  int64_t rows = 0;
  for (const PlacedRowGroup& group : groups) rows += group.group->rows;
  writer.begin_struct();
  writer.int32(1, kVersion);
  write_parquet_schema(writer, spec.columns);
  writer.int64(3, rows);
  writer.list(4, Element::kStruct, groups.size());
  for (const PlacedRowGroup& group : groups) write_row_group(writer, spec, leaves, group);
  write_key_values(writer, spec);
  writer.binary(6, kCreatedBy);
  writer.list(7, Element::kStruct, leaves.size());
  for (size_t i = 0; i < leaves.size(); ++i) {
    writer.begin_struct();
    writer.empty_struct(1);  // TypeDefinedOrder
    writer.end_struct();
  }
  writer.end_struct();
  if (footer.size() > static_cast<size_t>(std::numeric_limits<int32_t>::max())) {
    throw Error(ErrorCode::kTooLarge, "The metadata of a Parquet file passes 2 GiB.",
                "Limit the size of files, or select fewer columns.");
  }
  const auto length = static_cast<uint32_t>(footer.size());
  char bytes[sizeof length];
  std::memcpy(bytes, &length, sizeof length);
  return footer.append(bytes, sizeof length).append(kParquetMagic);
}

}  // namespace sluice
