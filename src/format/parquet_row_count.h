#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice {

/// How many rows a Parquet file has by its footer, of which `tail` holds all, to the file's end
/// (FileMetaData.num_rows in parquet.thrift). Nothing if that is no footer.
std::optional<uint64_t> read_parquet_rows(std::string_view tail);

}  // namespace sluice
