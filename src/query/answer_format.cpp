#include "query/answer_format.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"
#include "domain/sql_text.h"
#include "domain/sql_tokens.h"

namespace sluice {
namespace {

struct FormatName {
  std::string_view name;
  AnswerFormat format;
};

constexpr std::array<FormatName, 12> kNames = {
    {{"JSON", AnswerFormat::kJson},
     {"JSONCompact", AnswerFormat::kJsonCompact},
     {"JSONEachRow", AnswerFormat::kNdjson},
     {"NDJSON", AnswerFormat::kNdjson},
     {"JSONLines", AnswerFormat::kNdjson},
     {"CSV", AnswerFormat::kCsv},
     {"CSVWithNames", AnswerFormat::kCsvWithNames},
     {"TSV", AnswerFormat::kTsv},
     {"TSVWithNames", AnswerFormat::kTsvWithNames},
     {"TabSeparated", AnswerFormat::kTsv},
     {"TabSeparatedWithNames", AnswerFormat::kTsvWithNames},
     {"Parquet", AnswerFormat::kParquet}}};

/// Behind these the word `format` is a name.
bool makes_a_name(const SqlToken& token) {
  constexpr std::array<std::string_view, 3> kBefore = {"from", "join", "as"};
  if (token.text == "," || token.text == ".") return true;
  return token.kind == SqlTokenKind::kWord &&
         std::find(kBefore.begin(), kBefore.end(), name_of(token)) != kBefore.end();
}

}  // namespace

AnswerFormat parse_answer_format(std::string_view name) {
  const std::string wanted = ascii_lower(name);
  std::string all;
  for (const FormatName& each : kNames) {
    if (ascii_lower(each.name) == wanted) return each.format;
    all += (all.empty() ? "" : ", ") + std::string(each.name);
  }
  throw Error(ErrorCode::kInvalid,
              "There is no format '" + std::string(name.substr(0, 100)) + "' for answers.",
              "Use one of: " + all + ".");
}

std::optional<AnswerFormat> answer_format_of(std::string_view extension) {
  if (extension == "json") return AnswerFormat::kJson;
  if (extension == "csv") return AnswerFormat::kCsvWithNames;
  if (extension == "ndjson") return AnswerFormat::kNdjson;
  if (extension == "parquet") return AnswerFormat::kParquet;
  return std::nullopt;
}

std::string_view answer_content_type(AnswerFormat format) {
  switch (format) {
    case AnswerFormat::kJson:
    case AnswerFormat::kJsonCompact:
      return "application/json";
    case AnswerFormat::kNdjson:
      return "application/x-ndjson";
    case AnswerFormat::kCsv:
    case AnswerFormat::kCsvWithNames:
      return "text/csv; charset=utf-8";
    case AnswerFormat::kTsv:
    case AnswerFormat::kTsvWithNames:
      return "text/tab-separated-values; charset=utf-8";
    case AnswerFormat::kParquet:
      return "application/vnd.apache.parquet";
  }
  return "application/octet-stream";
}

FormattedStatement split_format(std::string_view sql) {
  const std::string whole = strip_statement_end(sql);
  const std::vector<PlacedSqlToken> tokens = sql_tokens_of(whole);
  if (tokens.size() < 3) return {std::string(sql), std::nullopt};
  const PlacedSqlToken& last = tokens.back();
  const PlacedSqlToken& word = tokens[tokens.size() - 2];
  const bool asks = last.token.kind == SqlTokenKind::kWord &&
                    word.token.kind == SqlTokenKind::kWord && name_of(word.token) == "format" &&
                    !makes_a_name(tokens[tokens.size() - 3].token);
  if (!asks) return {std::string(sql), std::nullopt};
  return {whole.substr(0, word.at), parse_answer_format(last.token.text)};
}

}  // namespace sluice
