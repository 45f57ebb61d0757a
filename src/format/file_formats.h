#pragma once

#include <memory>

#include "format/block.h"

namespace sluice {

// One maker for each format, for `make_file_format` alone.
std::unique_ptr<FileFormat> make_csv_format(FormatSpec spec);
std::unique_ptr<FileFormat> make_ndjson_format(FormatSpec spec);
std::unique_ptr<FileFormat> make_parquet_format(FormatSpec spec);

}  // namespace sluice
