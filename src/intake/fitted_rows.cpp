#include "intake/fitted_rows.h"

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "intake/csv_records.h"
#include "intake/infer_columns.h"
#include "intake/ndjson_records.h"
#include "intake/parquet_records.h"
#include "intake/row_fitter.h"

namespace sluice {
namespace {

std::unique_ptr<RecordSource> open_records(const RowInput& input,
                                           const std::vector<DataColumn>& columns) {
  switch (input.format) {
    case RowFormat::kCsv:
      return make_csv_records(input.bytes, input.csv, columns);
    case RowFormat::kNdjson:
      return make_ndjson_records(input.bytes, columns);
    case RowFormat::kParquet:
      break;
  }
  return make_parquet_records(input.bytes, columns);
}

}  // namespace

RowFormat parse_row_format(std::string_view text) {
  const std::string name = ascii_lower(trim(text));
  if (name == "csv") return RowFormat::kCsv;
  if (name == "ndjson" || name == "jsonl" || name == "json") return RowFormat::kNdjson;
  if (name == "parquet") return RowFormat::kParquet;
  throw Error(ErrorCode::kInvalid,
              "The format '" + std::string(text.substr(0, limits::kNameBytes)) + "' is not known.",
              "Formats: csv, ndjson (also jsonl, json), parquet.");
}

std::unique_ptr<FittedRows> open_rows(const RowInput& input,
                                      const std::vector<DataColumn>& columns) {
  return make_fitted_rows(open_records(input, columns), columns);
}

std::vector<DataColumn> infer_columns(const RowInput& input) {
  if (input.format == RowFormat::kParquet) return parquet_columns(*input.bytes);
  return infer_text_columns(input);
}

}  // namespace sluice
