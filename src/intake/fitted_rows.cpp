#include "intake/fitted_rows.h"

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "intake/csv_records.h"
#include "intake/infer_columns.h"
#include "intake/ndjson_records.h"
#include "intake/row_fitter.h"

namespace sluice {
namespace {

Error no_parquet() {
  return {ErrorCode::kInvalid, "Files in Parquet are not read.", "Send CSV or NDJSON."};
}

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
  throw no_parquet();
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

std::unique_ptr<FittedRows> open_rows(const RowInput& input, const std::vector<DataColumn>& columns,
                                      Clock& clock) {
  return make_fitted_rows(open_records(input, columns), columns, clock);
}

std::vector<DataColumn> infer_columns(const RowInput& input) {
  if (input.format == RowFormat::kParquet) throw no_parquet();
  return infer_text_columns(input);
}

}  // namespace sluice
