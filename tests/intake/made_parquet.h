#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/parquet_numbers.h"

// Parquet files put together by hand, so that anything in them can be wrong.
namespace sluice {

inline constexpr int kMadeRequired = 0;
inline constexpr int kMadeOptional = 1;
inline constexpr int kMadeRepeated = 2;

/// The struct SchemaElement; what is not there is not written.
struct MadeElement {
  std::string name;
  std::optional<int> type = {};  ///< None: a group.
  int repetition = kMadeRequired;
  int children = 0;
  std::optional<int> converted = {};
  std::optional<int> logical = {};  ///< A choice of the union without fields of its own.
  int width = 0;
  int scale = 0;
  int precision = 0;
};

inline MadeElement made_leaf(std::string name, ParquetType type, int repetition = kMadeRequired) {
  MadeElement leaf;
  leaf.name = std::move(name);
  leaf.type = static_cast<int>(type);
  leaf.repetition = repetition;
  return leaf;
}
inline MadeElement made_group(std::string name, int children, int repetition = kMadeRequired) {
  MadeElement group;
  group.name = std::move(name);
  group.children = children;
  group.repetition = repetition;
  return group;
}

/// A page with its header.
struct MadePage {
  ParquetPageType type = ParquetPageType::kData;
  ParquetEncoding encoding = ParquetEncoding::kPlain;
  int values = 0;
  std::string body;  ///< As it is stored.
  std::optional<int> raw_size = {};
  std::optional<int> packed_size = {};
  std::optional<uint32_t> crc = {};
  ParquetEncoding level_encoding = ParquetEncoding::kRle;
  int definition_bytes = 0;
  int repetition_bytes = 0;
  std::optional<bool> compressed = {};
};
std::string made_page(const MadePage& page);

struct MadeChunk {
  ParquetType type = ParquetType::kInt32;
  int64_t values = 0;
  std::string pages;
  int codec = 0;
  std::optional<int64_t> size = {};
  std::optional<int64_t> offset = {};
  bool elsewhere = false;  ///< With a path of another file.
  bool encrypted = false;
};

struct MadeGroup {
  int64_t rows = 0;
  std::vector<MadeChunk> chunks;
};

struct MadeFile {
  /// Without the root, which has `children` of them or all.
  std::vector<MadeElement> schema;
  std::vector<MadeGroup> groups;
  std::optional<int64_t> rows = {};
  std::optional<int> children = {};
  bool encrypted = false;
};
std::string made_file(const MadeFile& file);
/// `footer` behind the magic, with its length.
std::string made_file_of(std::string_view footer);
/// The field `schema` of FileMetaData and the end of the struct.
std::string made_schema(const std::vector<MadeElement>& elements);

/// A file of one required column in one row group.
MadeFile one_column(const MadeElement& leaf, int64_t rows, std::string pages);
/// The same with one page of PLAIN values.
MadeFile one_plain_page(const MadeElement& leaf, int rows, std::string body);

template <class Number>
std::string plain(const std::vector<Number>& numbers) {
  std::string bytes(numbers.size() * sizeof(Number), '\0');
  if (!numbers.empty()) std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}
/// PLAIN BYTE_ARRAY.
std::string plain_texts(const std::vector<std::string>& texts);
/// Numbers as bit-packed groups of the hybrid encoding, filled up with zeros.
std::string packed_run(const std::vector<uint32_t>& numbers, unsigned width);
/// With the length in front, as pages of version 1 have levels.
std::string with_length(std::string_view bytes);
/// DELTA_BINARY_PACKED in blocks of 128, four miniblocks each.
std::string delta_packed(const std::vector<int64_t>& numbers);

/// All cells that are read, row by row: `NULL`, `1`, `1.5`, `'text'`, `x'ff'`. Without a schema all
/// columns of the file.
std::vector<std::string> read_cells(const std::string& file, const std::string& schema = {});

}  // namespace sluice
