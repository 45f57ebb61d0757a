#include "intake/made_parquet.h"

#include <algorithm>

#include "base/encoding.h"
#include "data/value_text.h"
#include "format/thrift_writer.h"
#include "intake/parquet_records.h"

namespace sluice {
namespace {

void write_element(ThriftWriter& writer, const MadeElement& element) {
  writer.begin_struct();
  if (element.type) writer.int32(1, *element.type);
  if (element.width != 0) writer.int32(2, element.width);
  writer.int32(3, element.repetition);
  writer.binary(4, element.name);
  if (!element.type) writer.int32(5, element.children);
  if (element.converted) writer.int32(6, *element.converted);
  writer.int32(7, element.scale);
  writer.int32(8, element.precision);
  if (element.logical) {
    writer.begin_struct(10);
    writer.empty_struct(*element.logical);
    writer.end_struct();
  }
  writer.end_struct();
}

void write_elements(ThriftWriter& writer, const std::vector<MadeElement>& elements) {
  writer.list(2, ThriftWriter::Element::kStruct, elements.size());
  for (const MadeElement& element : elements) write_element(writer, element);
}

/// Appends the pages to the file and describes them.
void write_chunk(ThriftWriter& writer, const MadeChunk& chunk, std::string& file) {
  const auto offset = chunk.offset.value_or(static_cast<int64_t>(file.size()));
  file += chunk.pages;
  writer.begin_struct();
  if (chunk.elsewhere) writer.binary(1, "other.parquet");
  writer.int64(2, 0);
  writer.begin_struct(3);
  writer.int32(1, static_cast<int32_t>(chunk.type));
  writer.int32(4, chunk.codec);
  writer.int64(5, chunk.values);
  writer.int64(7, chunk.size.value_or(static_cast<int64_t>(chunk.pages.size())));
  writer.int64(9, offset);
  writer.end_struct();
  if (chunk.encrypted) writer.empty_struct(8);
  writer.end_struct();
}

void write_groups(ThriftWriter& writer, const std::vector<MadeGroup>& groups, std::string& file) {
  writer.list(4, ThriftWriter::Element::kStruct, groups.size());
  for (const MadeGroup& group : groups) {
    writer.begin_struct();
    writer.list(1, ThriftWriter::Element::kStruct, group.chunks.size());
    for (const MadeChunk& chunk : group.chunks) write_chunk(writer, chunk, file);
    writer.int64(3, group.rows);
    writer.end_struct();
  }
}

void append_footer(std::string& file, std::string_view footer) {
  file += footer;
  file += plain<uint32_t>({static_cast<uint32_t>(footer.size())});
  file += kParquetMagic;
}

std::string cell_text(const Batch& batch, const Cell& cell) {
  std::string text;
  switch (cell.type) {
    case ValueType::kNull:
      return "NULL";
    case ValueType::kInteger:
      append_integer(text, cell.integer);
      return text;
    case ValueType::kReal:
      append_real(text, cell.real);
      return text;
    case ValueType::kText:
      return "'" + std::string(batch.text(cell)) + "'";
    case ValueType::kBlob:
      return "x'" + hex_encode(batch.text(cell)) + "'";
    default:
      fail_not_stored(cell.type);
  }
}

}  // namespace

std::string made_page(const MadePage& page) {
  std::string bytes;
  ThriftWriter writer(bytes);
  const auto size = static_cast<int>(page.body.size());
  const auto encoding = static_cast<int>(page.encoding);
  writer.begin_struct();
  writer.int32(1, static_cast<int32_t>(page.type));
  writer.int32(2, page.raw_size.value_or(size));
  writer.int32(3, page.packed_size.value_or(size));
  if (page.crc) writer.int32(4, static_cast<int32_t>(*page.crc));
  if (page.type == ParquetPageType::kDataV2) {
    writer.begin_struct(8);
    writer.int32(1, page.values);
    writer.int32(2, 0);
    writer.int32(3, page.values);
    writer.int32(4, encoding);
    writer.int32(5, page.definition_bytes);
    writer.int32(6, page.repetition_bytes);
    if (page.compressed) writer.boolean(7, *page.compressed);
  } else {
    writer.begin_struct(page.type == ParquetPageType::kDictionary ? 7 : 5);
    writer.int32(1, page.values);
    writer.int32(2, encoding);
    if (page.type == ParquetPageType::kData) {
      writer.int32(3, static_cast<int>(page.level_encoding));
      writer.int32(4, static_cast<int>(page.level_encoding));
    }
  }
  writer.end_struct();
  writer.end_struct();
  return bytes + page.body;
}

std::string made_file(const MadeFile& made) {
  std::string file(kParquetMagic);
  std::string footer;
  ThriftWriter writer(footer);
  std::vector<MadeElement> elements = made.schema;
  const int children = made.children.value_or(static_cast<int>(made.schema.size()));
  elements.insert(elements.begin(), made_group("schema", children));
  int64_t rows = 0;
  for (const MadeGroup& group : made.groups) rows += group.rows;
  writer.begin_struct();
  writer.int32(1, 1);
  write_elements(writer, elements);
  writer.int64(3, made.rows.value_or(rows));
  write_groups(writer, made.groups, file);
  if (made.encrypted) writer.empty_struct(8);
  writer.end_struct();
  append_footer(file, footer);
  return file;
}

std::string made_file_of(std::string_view footer) {
  std::string file(kParquetMagic);
  append_footer(file, footer);
  return file;
}

std::string made_schema(const std::vector<MadeElement>& elements) {
  std::string bytes;
  ThriftWriter writer(bytes);
  writer.begin_struct();
  write_elements(writer, elements);
  writer.end_struct();
  return bytes;
}

MadeFile one_column(const MadeElement& leaf, int64_t rows, std::string pages) {
  MadeChunk chunk;
  chunk.type = static_cast<ParquetType>(*leaf.type);
  chunk.values = rows;
  chunk.pages = std::move(pages);
  MadeFile file;
  file.schema = {leaf};
  file.groups = {{rows, {chunk}}};
  return file;
}

MadeFile one_plain_page(const MadeElement& leaf, int rows, std::string body) {
  MadePage page;
  page.values = rows;
  page.body = std::move(body);
  return one_column(leaf, rows, made_page(page));
}

std::string plain_texts(const std::vector<std::string>& texts) {
  std::string bytes;
  for (const std::string& text : texts) bytes += with_length(text);
  return bytes;
}

std::string packed_run(const std::vector<uint32_t>& numbers, unsigned width) {
  const size_t groups = (numbers.size() + 7) / 8;
  std::string bytes;
  append_varint(bytes, groups << 1 | 1);
  std::string packed(groups * width, '\0');
  for (size_t i = 0; i < numbers.size(); ++i) {
    for (size_t bit = 0; bit < width; ++bit) {
      const size_t at = i * width + bit;
      const bool one = (numbers[i] >> bit & 1) != 0;
      if (one) packed[at / 8] = static_cast<char>(packed[at / 8] | 1 << at % 8);
    }
  }
  return bytes + packed;
}

std::string with_length(std::string_view bytes) {
  return plain<uint32_t>({static_cast<uint32_t>(bytes.size())}) + std::string(bytes);
}

std::string delta_packed(const std::vector<int64_t>& numbers) {
  const auto zigzag = [](int64_t value) {
    return static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63);
  };
  std::string bytes;
  append_varint(bytes, 128);
  append_varint(bytes, 4);
  append_varint(bytes, numbers.size());
  append_varint(bytes, zigzag(numbers.empty() ? 0 : numbers[0]));
  // All deltas in 64 bits, from a least delta of 0.
  for (size_t at = 1; at < numbers.size(); at += 128) {
    append_varint(bytes, 0);
    bytes += "\x40\x40\x40\x40";
    const size_t miniblocks = (std::min<size_t>(numbers.size() - at, 128) + 31) / 32;
    for (size_t i = at; i < at + miniblocks * 32; ++i) {
      uint64_t delta = 0;
      if (i < numbers.size()) {
        delta = static_cast<uint64_t>(numbers[i]) - static_cast<uint64_t>(numbers[i - 1]);
      }
      bytes += plain<uint64_t>({delta});
    }
  }
  return bytes;
}

std::vector<std::string> read_cells(const std::string& file, const std::string& schema) {
  const auto bytes = range_in_memory(file);
  const auto columns = schema.empty() ? parquet_columns(*bytes) : parse_schema(schema);
  const auto records = make_parquet_records(bytes, columns);
  std::vector<std::string> cells;
  Batch batch;
  std::vector<RejectedRow> rejected;
  while (records->next(batch, rejected)) {
    for (size_t row = 0; row < batch.rows(); ++row) {
      for (size_t i = 0; i < batch.columns(); ++i) {
        cells.push_back(cell_text(batch, batch.at(i, row)));
      }
    }
  }
  return cells;
}

}  // namespace sluice
