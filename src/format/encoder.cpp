#include "format/encoder.h"

#include "base/encoding.h"
#include "base/error.h"
#include "format/encoders.h"

namespace sluice {

std::unique_ptr<Encoder> make_encoder(Format format, const std::vector<ColumnInfo>& columns,
                                      ByteSink& out) {
  for (const ColumnInfo& column : columns) {
    if (is_utf8(column.name)) continue;
    throw Error(ErrorCode::kInvalid, "The query has a column whose name is not valid UTF-8.",
                "Give it another name with AS.");
  }
  switch (format) {
    case Format::kCsv:
      return make_csv_encoder(columns, out);
    case Format::kNdjson:
      return make_ndjson_encoder(columns, out);
    default:
      break;
  }
  throw Error(ErrorCode::kInternal, "There is no encoder for this format.");
}

}  // namespace sluice
