#include "api/datasource_view.h"

#include <string_view>

namespace sluice {
namespace {

using nlohmann::json;

json column_view(const DataColumn& column) {
  const std::string path = column.json_path.empty() ? "$." + column.name : column.json_path;
  return {{"name", column.name},
          {"normalized_name", column.name},
          {"type", column.type},
          {"nullable", column.nullable},
          {"default_value", column.fallback ? json(*column.fallback) : json()},
          {"codec", nullptr},
          {"jsonpath", path},
          {"auto", false}};
}

}  // namespace

json datasource_view(const SourceStatus& status, const std::vector<Pipe>& readers) {
  const DataSource& source = *status.source;
  json columns = json::array();
  for (const DataColumn& column : source.columns) columns.push_back(column_view(column));
  json used_by = json::array();
  for (const Pipe& pipe : readers) used_by.push_back({{"id", pipe.id}, {"name", pipe.name}});
  return {{"id", source.id},
          {"name", source.name},
          {"description", source.description},
          {"created_at", format_timestamp(source.created_at)},
          {"updated_at", format_timestamp(source.updated_at)},
          {"cluster", nullptr},
          {"tags", json::object()},
          {"version", 0},
          {"project", nullptr},
          {"replicated", false},
          {"shared_with", json::array()},
          {"used_by", std::move(used_by)},
          {"headers", json::object()},
          {"indexes", json::array()},
          {"engine", json::object()},
          {"type", "warehouse"},
          {"columns", columns},
          {"schema", {{"sql_schema", schema_text(source.columns)}, {"columns", columns}}},
          {"statistics", {{"bytes", status.counts.bytes}, {"row_count", status.counts.rows}}},
          {"quarantine",
           {{"name", quarantine_name(source.name)}, {"row_count", status.counts.quarantined}}},
          {"new_columns_detected", json::object()},
          {"quarantine_rows", status.counts.quarantined}};
}

json import_view(const ImportOutcome& outcome, const std::vector<Pipe>& readers) {
  json error = false;
  if (outcome.rows == 0 && outcome.quarantined > 0) {
    error = "There was an error with the file's contents: all " +
            std::to_string(outcome.quarantined) + " rows are in the quarantine. Ask " +
            quarantine_name(outcome.status.source->name) + " why: c__error says it for each.";
  }
  return {{"id", outcome.import_id},
          {"import_id", outcome.import_id},
          {"kind", "import"},
          {"status", "done"},
          {"datasource", datasource_view(outcome.status, readers)},
          {"quarantine_rows", outcome.quarantined},
          {"invalid_lines", outcome.invalid_lines},
          {"successful_rows", outcome.rows},
          {"quarantined_rows", outcome.quarantined},
          {"errors", json::array()},
          {"blocks", json::array()},
          {"error", std::move(error)}};
}

json analysis_view(const std::vector<DataColumn>& columns) {
  json list = json::array();
  for (const DataColumn& column : columns) {
    const std::string path = column.json_path.empty() ? "$." + column.name : column.json_path;
    list.push_back({{"path", path}, {"recommended_type", column.type}, {"name", column.name}});
  }
  return {{"analysis", {{"columns", std::move(list)}, {"schema", schema_text(columns)}}}};
}

std::string datasource_text(const DataSource& source) {
  std::string out;
  if (!source.description.empty()) {
    out += "DESCRIPTION >\n";
    std::string_view rest = source.description;
    while (true) {
      const size_t end = rest.find('\n');
      out += "    " + std::string(rest.substr(0, end)) + "\n";
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 1);
    }
    out += "\n";
  }
  out += "SCHEMA >\n";
  for (size_t i = 0; i < source.columns.size(); ++i) {
    out +=
        "    " + schema_text({source.columns[i]}) + (i + 1 < source.columns.size() ? ",\n" : "\n");
  }
  return out;
}

}  // namespace sluice
