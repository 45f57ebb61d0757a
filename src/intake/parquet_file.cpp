#include "intake/parquet_file.h"

#include <cstring>
#include <limits>
#include <optional>

#include "base/error.h"
#include "data/parquet_numbers.h"
#include "data/thrift_decoder.h"
#include "intake/page_bytes.h"

namespace sluice {
namespace {

constexpr size_t kLargestFooter = 32 * 1024 * 1024;
constexpr size_t kMostGroups = 200000;
/// The footer's length and the magic.
constexpr size_t kTail = 8;

[[noreturn]] void fail_no_parquet(const std::string& why) {
  throw Error(ErrorCode::kInvalid, "This is no Parquet file: " + why + ".",
              "Send the file as it is, not compressed or cut, or name the format it has.");
}

[[noreturn]] void fail_encrypted() {
  throw Error(ErrorCode::kInvalid, "The Parquet file is encrypted, which is not supported.",
              "Write it without encryption.");
}

/// Its length and the magic at the end of the file.
std::string read_tail(const ByteRange& bytes) {
  if (bytes.size() < kParquetMagic.size() + kTail) {
    fail_no_parquet("it has " + std::to_string(bytes.size()) + " bytes");
  }
  std::string tail(kTail, '\0');
  if (bytes.read(bytes.size() - kTail, tail.data(), kTail) != kTail) {
    fail_no_parquet("its end can't be read");
  }
  if (tail.ends_with("PARE")) fail_encrypted();
  if (!tail.ends_with(kParquetMagic)) fail_no_parquet("it does not end with PAR1");
  return tail;
}

/// The struct ColumnMetaData, of which offsets and sizes are taken.
struct ChunkFields {
  std::optional<int32_t> type;
  std::optional<int32_t> codec;
  int64_t values = -1;
  int64_t packed_bytes = -1;
  int64_t data_offset = -1;
  int64_t dictionary_offset = 0;
  bool elsewhere = false;
};

void read_metadata(ThriftDecoder& in, ChunkFields& chunk) {
  for (ThriftField field; in.next(field);) {
    switch (field.id) {
      case 1:
        chunk.type = in.int32(field);
        break;
      case 4:
        chunk.codec = in.int32(field);
        break;
      case 5:
        chunk.values = in.integer(field);
        break;
      case 7:
        chunk.packed_bytes = in.integer(field);
        break;
      case 9:
        chunk.data_offset = in.integer(field);
        break;
      case 11:
        chunk.dictionary_offset = in.integer(field);
        break;
      default:
        in.skip(field);
    }
  }
}

/// The struct ColumnChunk.
ChunkFields read_chunk(ThriftDecoder& in) {
  ChunkFields chunk;
  for (ThriftField field; in.next(field);) {
    switch (field.id) {
      case 1:
        chunk.elsewhere = true;
        in.skip(field);
        break;
      case 3:
        if (in.structure(field)) read_metadata(in, chunk);
        break;
      case 8:
        fail_encrypted();
      default:
        in.skip(field);
    }
  }
  return chunk;
}

ParquetChunkPlace checked(const ChunkFields& chunk, const ParquetNode& leaf, uint64_t data_end) {
  if (chunk.elsewhere) {
    throw Error(ErrorCode::kInvalid,
                "The Parquet file only points at another file that holds column '" +
                    shown_name(leaf.name) + "'.",
                "Send the files that hold the rows.");
  }
  if (!chunk.type || !chunk.codec || *chunk.type != static_cast<int32_t>(leaf.type)) {
    fail_damaged("a row group and the schema differ in the type of column '" +
                 shown_name(leaf.name) + "'");
  }
  check_codec(*chunk.codec);
  // Some writers put 0 where there is no dictionary.
  const bool dictionary =
      chunk.dictionary_offset > 0 && chunk.dictionary_offset < chunk.data_offset;
  const int64_t begin = dictionary ? chunk.dictionary_offset : chunk.data_offset;
  if (begin < 0 || chunk.packed_bytes < 0 || chunk.values < 0 ||
      static_cast<uint64_t>(begin) > data_end ||
      static_cast<uint64_t>(chunk.packed_bytes) > data_end - static_cast<uint64_t>(begin)) {
    fail_damaged("the pages of column '" + shown_name(leaf.name) +
                 "' would lie outside of the file");
  }
  return {static_cast<uint64_t>(begin), static_cast<uint64_t>(chunk.packed_bytes), chunk.values,
          static_cast<ParquetCodec>(*chunk.codec)};
}

void collect_leaves(const ParquetNode& node, std::vector<const ParquetNode*>& leaves) {
  if (node.shape == ParquetShape::kLeaf) leaves.push_back(&node);
  for (const ParquetNode& child : node.children) collect_leaves(child, leaves);
}

}  // namespace

ParquetFile::ParquetFile(const ByteRange& bytes) {
  const std::string tail = read_tail(bytes);
  uint32_t length = 0;
  std::memcpy(&length, tail.data(), sizeof length);
  const uint64_t before = bytes.size() - kTail;
  if (length > before - kParquetMagic.size()) {
    fail_no_parquet("its footer would be longer than the file");
  }
  if (length > kLargestFooter) {
    throw Error(ErrorCode::kTooLarge,
                "The Parquet file's footer has " + std::to_string(length) + " bytes; at most " +
                    std::to_string(kLargestFooter) + " are read.",
                "Write larger row groups, or fewer columns.");
  }
  std::string magic(kParquetMagic.size(), '\0');
  bytes.read(0, magic.data(), magic.size());
  if (magic != kParquetMagic) fail_no_parquet("it does not begin with PAR1");
  data_end_ = before - length;
  footer_.resize(length);
  if (bytes.read(data_end_, footer_.data(), length) != length) {
    fail_no_parquet("its footer can't be read");
  }
  read_footer();
}

void ParquetFile::read_footer() {
  ThriftDecoder in(footer_);
  bool schema = false;
  int64_t rows = -1;
  for (ThriftField field; in.next(field);) {
    switch (field.id) {
      case 2:
        root_ = read_parquet_schema(in, field);
        schema = true;
        break;
      case 3:
        rows = in.integer(field);
        break;
      case 4:
        if (!schema) fail_damaged("its row groups stand before its schema");
        read_groups(in, field);
        break;
      case 8:
        fail_encrypted();
      default:
        in.skip(field);
    }
  }
  if (in.failed() || !schema || rows < 0) fail_damaged("its footer can't be read");
  for (const GroupPlace& group : groups_) rows -= group.rows;
  if (rows != 0) fail_damaged("its row groups do not have as many rows as it says");
}

void ParquetFile::read_groups(ThriftDecoder& in, const ThriftField& field) {
  const size_t count = in.list_of_structs(field);
  if (count > kMostGroups) {
    throw Error(ErrorCode::kTooLarge,
                "The Parquet file has " + std::to_string(count) + " row groups; at most " +
                    std::to_string(kMostGroups) + " are read.",
                "Write larger row groups.");
  }
  int64_t all = 0;
  for (size_t i = 0; i < count && !in.failed(); ++i) {
    GroupPlace group{footer_.size() - in.left(), -1};
    for (ThriftField inner; in.next(inner);) {
      if (inner.id == 3) {
        group.rows = in.integer(inner);
      } else {
        in.skip(inner);
      }
    }
    if (group.rows < 0 || group.rows > std::numeric_limits<int64_t>::max() - all) {
      fail_damaged("row group " + std::to_string(i + 1) + " does not say how many rows it has");
    }
    all += group.rows;
    groups_.push_back(group);
  }
}

std::vector<ParquetChunkPlace> ParquetFile::chunks(size_t group) const {
  std::vector<const ParquetNode*> leaves;
  collect_leaves(root_, leaves);
  std::vector<ParquetChunkPlace> chunks;
  ThriftDecoder in(std::string_view(footer_).substr(groups_[group].at));
  for (ThriftField field; in.next(field);) {
    if (field.id != 1) {
      in.skip(field);
      continue;
    }
    const size_t count = in.list_of_structs(field);
    if (count != leaves.size()) fail_damaged("a row group does not have the columns of the schema");
    for (const ParquetNode* leaf : leaves) {
      const ChunkFields chunk = read_chunk(in);
      if (in.failed()) break;
      chunks.push_back(checked(chunk, *leaf, data_end_));
    }
  }
  if (in.failed() || chunks.size() != leaves.size()) fail_damaged("a row group can't be read");
  return chunks;
}

}  // namespace sluice
