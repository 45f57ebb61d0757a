#include "format/block.h"

#include "base/encoding.h"
#include "base/error.h"
#include "format/file_formats.h"

namespace sluice {
namespace {

void check_names(const std::vector<FileColumn>& columns) {
  for (const FileColumn& column : columns) {
    if (is_utf8(column.name)) continue;
    throw Error(ErrorCode::kInvalid, "The query has a column whose name is not valid UTF-8.",
                "Name it with AS.");
  }
}

}  // namespace

std::unique_ptr<FileFormat> make_file_format(FormatSpec spec) {
  check_names(spec.columns);
  switch (spec.format) {
    case Format::kCsv:
      return make_csv_format(std::move(spec));
    case Format::kNdjson:
      return make_ndjson_format(std::move(spec));
    case Format::kParquet:
      return make_parquet_format(std::move(spec));
  }
  throw Error(ErrorCode::kInternal, "There is no writer for this format.");
}

}  // namespace sluice
