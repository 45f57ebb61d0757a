#include "format/json_rows.h"

#include <algorithm>
#include <utility>

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

JsonRules rules_of(std::vector<FileColumn> columns, std::string_view row_end,
                   JsonIntegers integers) {
  JsonRules rules;
  for (const FileColumn& column : columns) rules.nested.emplace_back(column.type);
  rules.columns = std::move(columns);
  rules.row_end = row_end;
  rules.integers = integers;
  return rules;
}

}  // namespace

JsonRules json_objects(std::vector<FileColumn> columns, std::string_view row_end,
                       JsonIntegers integers, std::string_view format) {
  check_unique(columns, format);
  JsonRules rules = rules_of(std::move(columns), row_end, integers);
  for (const FileColumn& column : rules.columns) {
    std::string lead = rules.leads.empty() ? "{" : ",";
    append_json_string(lead, column.name);
    rules.leads.emplace_back().append(lead + ":");
  }
  return rules;
}

JsonRules json_lists(std::vector<FileColumn> columns, std::string_view row_end,
                     JsonIntegers integers) {
  JsonRules rules = rules_of(std::move(columns), row_end, integers);
  for (size_t i = 0; i < rules.columns.size(); ++i) {
    rules.leads.emplace_back().append(i == 0 ? "[" : ",");
  }
  return rules;
}

}  // namespace sluice
