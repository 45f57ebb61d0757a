#include "format/parquet_row_count.h"

#include "data/parquet_numbers.h"
#include "data/thrift_decoder.h"

namespace sluice {
std::optional<uint64_t> read_parquet_rows(std::string_view tail) {
  constexpr int64_t kNumRows = 3;
  constexpr size_t kEnd = 8;  // The footer's length and the magic.
  if (tail.size() < kEnd || !tail.ends_with(kParquetMagic)) return std::nullopt;
  uint32_t length = 0;
  for (size_t i = 0; i < sizeof length; ++i) {
    const auto byte = static_cast<uint8_t>(tail[tail.size() - kEnd + i]);
    length |= static_cast<uint32_t>(byte) << (8 * i);
  }
  if (length > tail.size() - kEnd) return std::nullopt;
  ThriftDecoder footer(tail.substr(tail.size() - kEnd - length, length));
  for (ThriftField field; footer.next(field);) {
    if (field.id != kNumRows) {
      footer.skip(field);
      continue;
    }
    const int64_t rows = footer.integer(field);
    if (footer.failed() || rows < 0) return std::nullopt;
    return static_cast<uint64_t>(rows);
  }
  return std::nullopt;
}

}  // namespace sluice
