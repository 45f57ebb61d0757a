#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "format/parquet_column.h"
#include "format/parquet_reader.h"

namespace sluice {

inline FileColumn column_of(ColumnKind kind, int precision = 0, int scale = 0) {
  return {"c", {kind, precision, scale}, 0};
}

/// A batch of one column, filled row by row.
class OneColumn {
 public:
  OneColumn() { batch.reset(1); }
  OneColumn& null() {
    batch.add_null(0);
    return end();
  }
  OneColumn& integer(int64_t value) {
    batch.add_integer(0, value);
    return end();
  }
  OneColumn& real(double value) {
    batch.add_real(0, value);
    return end();
  }
  OneColumn& text(std::string_view value) {
    batch.add_text(0, value);
    return end();
  }
  OneColumn& blob(std::string_view value) {
    batch.add_blob(0, value);
    return end();
  }

  Batch batch;

 private:
  OneColumn& end() {
    batch.end_row();
    return *this;
  }
};

struct Encoded {
  ParquetColumnChunk chunk;
  std::vector<Page> pages;
};

/// The pages of the column, which is empty then.
inline Encoded encode(ParquetColumn& column) {
  ParquetPageWriter writer(Compression::kNone, {});
  std::string out = "before";
  Encoded encoded;
  encoded.chunk = column.encode(writer, out);
  column.clear();
  EXPECT_EQ(encoded.chunk.packed_bytes, out.size() - 6);
  EXPECT_EQ(encoded.chunk.dictionary_offset.value_or(encoded.chunk.data_offset), 6U);
  encoded.pages = read_pages(std::string_view(out).substr(6));
  return encoded;
}

inline Encoded encode(const FileColumn& type, const OneColumn& rows) {
  const auto column = make_parquet_column(type);
  column->add(rows.batch);
  return encode(*column);
}

/// The bytes of a number, as PLAIN has them.
template <class Number>
std::string plain(Number number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}
inline std::string plain_text(std::string_view text) {
  return plain(static_cast<uint32_t>(text.size())).append(text);
}

}  // namespace sluice
