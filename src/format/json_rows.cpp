#include "format/json_rows.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "data/json_text.h"

namespace sluice {
namespace {

void check_unique(const std::vector<FileColumn>& columns, std::string_view format) {
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const FileColumn& column : columns) names.push_back(column.name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return;
  throw Error(ErrorCode::kInvalid, "The query has two columns named '" + *twice + "'.",
              std::string(format) + " needs a different name for each column; rename one with AS.");
}

}  // namespace

JsonRules json_objects(std::vector<FileColumn> columns, std::string_view row_end,
                       JsonIntegers integers, std::string_view format) {
  check_unique(columns, format);
  JsonRules rules;
  for (const FileColumn& column : columns) {
    std::string lead = rules.leads.empty() ? "{" : ",";
    append_json_string(lead, column.name);
    rules.leads.emplace_back().append(lead + ":");
  }
  rules.columns = std::move(columns);
  rules.row_end = row_end;
  rules.integers = integers;
  return rules;
}

JsonRules json_lists(std::vector<FileColumn> columns, std::string_view row_end,
                     JsonIntegers integers) {
  JsonRules rules;
  for (size_t i = 0; i < columns.size(); ++i) rules.leads.emplace_back().append(i == 0 ? "[" : ",");
  rules.columns = std::move(columns);
  rules.row_end = row_end;
  rules.integers = integers;
  return rules;
}

void JsonRows::check_utf8(std::string_view text, const std::string& column, const Batch& batch,
                          size_t row) {
  if (!is_utf8(text)) fail_not_utf8(column, batch.place(row));
}

/// In pieces, so that room is made for no more than six times a piece.
void JsonRows::put_escaped(std::string_view text) {
  constexpr size_t kPiece = 4096;
  for (size_t at = 0; at < text.size(); at += kPiece) {
    const std::string_view piece = text.substr(at, kPiece);
    char* out = writer_.room(piece.size() * kJsonEscapeBytes);
    writer_.wrote(write_json_escaped(out, piece));
  }
}

}  // namespace sluice
