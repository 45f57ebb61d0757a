#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// How the rows of an answer are written. Names as ClickHouse's `FORMAT`.
enum class AnswerFormat {
  kJson,
  kJsonCompact,
  kNdjson,
  kCsv,
  kCsvWithNames,
  kTsv,
  kTsvWithNames,
  kParquet,
};

/// By what stands behind FORMAT, in any case: `JSON`, `JSONEachRow`, `TabSeparated`... Throws
/// kInvalid that lists them.
AnswerFormat parse_answer_format(std::string_view name);
/// By what stands behind an endpoint's name: `json`, `csv` (with names), `ndjson`, `parquet`.
/// Absent for anything else.
std::optional<AnswerFormat> answer_format_of(std::string_view extension);
std::string_view answer_content_type(AnswerFormat format);

/// A statement, and the format that it asks for at its end.
struct FormattedStatement {
  std::string sql;
  std::optional<AnswerFormat> format;
};

/// Takes `FORMAT x` off the end. What ends so by SQL's own grammar (an alias, a table named format)
/// stays as it is. Throws kInvalid for a format that there is not.
FormattedStatement split_format(std::string_view sql);

}  // namespace sluice
