#include <nlohmann/json.hpp>

#include "api/handlers.h"
#include "api/reply.h"
#include "domain/sql_template.h"
#include "domain/sql_text.h"

// What the stock clients ask for on their way to pipes and sinks (docs/client-notes.md): features
// that are not here are answered as a workspace that does not use them.

namespace sluice {

using nlohmann::json;

namespace {

/// A template with samples in place of its parameters; where it refuses them, as it is written.
std::string filled(const std::string& sql) {
  if (!SqlTemplate::is_template(sql)) return sql;
  return SqlTemplate::parse(sql).render_sample({}).value_or(sql.substr(sql.find('%') + 1));
}

}  // namespace

DoorResponse get_sql_tables(const ApiParts&, const ApiCall& call) {
  const std::string sql = call.parameters.required("q", "Give the SQL whose tables are wanted.");
  json tables = json::array();
  for (const TableName& name : tables_in(filled(sql))) tables.push_back({name.file, name.table});
  return reply({{"tables", tables}});
}

DoorResponse check_auth(const ApiParts&, const ApiCall&) {
  return reply({{"is_valid", true}, {"is_user", false}});
}

DoorResponse list_environments(const ApiParts&, const ApiCall&) {
  return reply({{"environments", json::array()}});
}

DoorResponse list_tags(const ApiParts&, const ApiCall&) { return reply({{"tags", json::array()}}); }

DoorResponse list_dependencies(const ApiParts&, const ApiCall&) {
  return reply({{"dependencies", json::object()}});
}

}  // namespace sluice
