#include "query/answer_writer.h"

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {

std::unique_ptr<AnswerWriter> make_answer_writer(AnswerFormat format,
                                                 const std::vector<ColumnInfo>& columns,
                                                 bool integers_as_text) {
  for (const ColumnInfo& column : columns) {
    if (is_utf8(column.name)) continue;
    throw Error(ErrorCode::kInvalid, "The name of a column of the result is not UTF-8.",
                "Give it another one with AS.");
  }
  switch (format) {
    case AnswerFormat::kJson:
    case AnswerFormat::kJsonCompact:
    case AnswerFormat::kNdjson:
      return make_json_answer(format, columns, integers_as_text);
    case AnswerFormat::kCsv:
    case AnswerFormat::kCsvWithNames:
      return make_csv_answer(columns, format == AnswerFormat::kCsvWithNames);
    case AnswerFormat::kTsv:
    case AnswerFormat::kTsvWithNames:
      return make_tsv_answer(columns, format == AnswerFormat::kTsvWithNames);
    case AnswerFormat::kParquet:
      break;
  }
  return make_parquet_answer(columns);
}

}  // namespace sluice
