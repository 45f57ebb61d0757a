#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/byte_range.h"
#include "intake/page_decompressor.h"
#include "intake/parquet_schema.h"

namespace sluice {

/// The pages of one column in one row group.
struct ParquetChunkPlace {
  uint64_t begin = 0;  ///< In the file.
  uint64_t size = 0;
  int64_t values = 0;  ///< NULLs included.
  ParquetCodec codec = ParquetCodec::kNone;
};

/// What a Parquet file's footer says, checked against itself and the size of the file. Holds the
/// footer's bytes, and reads what it says of a row group when it is asked. Immutable.
class ParquetFile {
 public:
  /// Throws kInvalid where the bytes are no Parquet file, kTooLarge where its footer is too large.
  explicit ParquetFile(const ByteRange& bytes);

  const ParquetNode& root() const { return root_; }
  size_t groups() const { return groups_.size(); }
  int64_t rows(size_t group) const { return groups_[group].rows; }
  /// One of each leaf. Throws kInvalid where they make no sense or lie outside of the file.
  std::vector<ParquetChunkPlace> chunks(size_t group) const;

 private:
  struct GroupPlace {
    size_t at = 0;  ///< In the footer.
    int64_t rows = 0;
  };

  void read_footer();
  void read_groups(ThriftDecoder& in, const ThriftField& field);

  std::string footer_;
  uint64_t data_end_ = 0;  ///< Where the footer begins in the file.
  ParquetNode root_;
  std::vector<GroupPlace> groups_;
};

}  // namespace sluice
