#include "state/pipe_rows.h"

#include <nlohmann/json.hpp>
#include <set>

#include "domain/file_options.h"
#include "state/chain_rows.h"
#include "state/job_plan_json.h"
#include "state/row.h"
#include "state/schedule_rows.h"

namespace sluice {
namespace {

using nlohmann::json;

}  // namespace

bool has_row(SQLite::Database& database, const char* sql, const std::string& value) {
  SQLite::Statement row(database, sql);
  row.bind(1, value);
  return row.executeStep();
}

std::vector<Node> nodes_of(SQLite::Database& database, const std::string& pipe_id) {
  SQLite::Statement rows(database,
                         "SELECT id, name, sql, description, dependencies, created_at, "
                         "updated_at, type, engine FROM nodes WHERE pipe_id = ? ORDER BY position");
  rows.bind(1, pipe_id);
  std::vector<Node> nodes;
  while (rows.executeStep()) {
    Node& node = nodes.emplace_back();
    node.id = rows.getColumn(0).getString();
    node.name = rows.getColumn(1).getString();
    node.sql = rows.getColumn(2).getString();
    node.description = optional_text_of(rows.getColumn(3));
    node.dependencies = json::parse(rows.getColumn(4).getString()).get<std::vector<std::string>>();
    node.created_at = time_of(rows.getColumn(5));
    node.updated_at = time_of(rows.getColumn(6));
    node.type = parse_node_type(rows.getColumn(7).getString()).value_or(NodeType::kStandard);
    node.engine = rows.getColumn(8).getString();
  }
  return nodes;
}

void put_node(SQLite::Database& database, const std::string& pipe_id, size_t position,
              const Node& node) {
  SQLite::Statement put(
      database,
      "INSERT INTO nodes (id, pipe_id, position, name, sql, description, dependencies, created_at, "
      "updated_at, type, engine) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT "
      "(id) DO "
      "UPDATE SET position = excluded.position, name = excluded.name, sql = excluded.sql, "
      "description = excluded.description, dependencies = excluded.dependencies, "
      "updated_at = excluded.updated_at, type = excluded.type, engine = excluded.engine");
  put.bind(1, node.id);
  put.bind(2, pipe_id);
  put.bind(3, static_cast<int64_t>(position));
  put.bind(4, node.name);
  put.bind(5, node.sql);
  bind_optional(put, 6, node.description);
  put.bind(7, json(node.dependencies).dump());
  put.bind(8, format_timestamp(node.created_at));
  put.bind(9, format_timestamp(node.updated_at));
  put.bind(10, std::string(node_type_name(node.type)));
  put.bind(11, node.engine);
  put.exec();
}

void update_nodes(SQLite::Database& database, const Pipe& pipe) {
  std::set<std::string> kept;
  for (const Node& node : pipe.nodes) kept.insert(node.id);
  for (const Node& old : nodes_of(database, pipe.id)) {
    if (kept.contains(old.id)) continue;
    SQLite::Statement remove(database, "DELETE FROM nodes WHERE id = ?");
    remove.bind(1, old.id);
    remove.exec();
  }
  // Out of the way, so that no two have one position while they are put into their new order.
  SQLite::Statement aside(database,
                          "UPDATE nodes SET position = position + 1000000 WHERE pipe_id = ?");
  aside.bind(1, pipe.id);
  aside.exec();
  for (size_t i = 0; i < pipe.nodes.size(); ++i) put_node(database, pipe.id, i, pipe.nodes[i]);
}

std::optional<Sink> sink_of(SQLite::Database& database, const std::string& pipe_id) {
  SQLite::Statement row(database,
                        "SELECT node_id, connection_id, path, file_template, format, compression, "
                        "write_strategy, empty_result, options, run_after, (SELECT name "
                        "FROM pipes WHERE id = run_after) FROM sinks WHERE pipe_id = ?");
  row.bind(1, pipe_id);
  if (!row.executeStep()) return std::nullopt;
  Sink sink;
  sink.node_id = row.getColumn(0).getString();
  sink.settings.connection_id = row.getColumn(1).getString();
  sink.settings.path = row.getColumn(2).getString();
  sink.settings.file_template = row.getColumn(3).getString();
  sink.settings.format = parse_format(row.getColumn(4).getString());
  sink.settings.compression = parse_compression(row.getColumn(5).getString());
  sink.settings.write_strategy = parse_write_strategy(row.getColumn(6).getString());
  sink.settings.empty_result = parse_empty_result(row.getColumn(7).getString());
  sink.settings.options = file_options_from_json(json::parse(row.getColumn(8).getString()));
  if (!row.getColumn(9).isNull()) {
    sink.run_after = PipeName{row.getColumn(9).getString(), row.getColumn(10).getString()};
  }
  sink.schedule = schedule_of(database, pipe_id);
  return sink;
}

void insert_sink(SQLite::Database& database, const std::string& pipe_id, const Sink& sink,
                 const std::string& now) {
  if (!has_row(database, "SELECT 1 FROM nodes WHERE id = ?", sink.node_id) ||
      !has_row(database, "SELECT 1 FROM connections WHERE id = ?", sink.settings.connection_id)) {
    throw Error(ErrorCode::kNotFound, "The pipe or the connection was deleted meanwhile.");
  }
  if (sink.run_after) check_chain(database, pipe_id, *sink.run_after);
  SQLite::Statement insert(
      database,
      "INSERT INTO sinks (pipe_id, node_id, connection_id, path, file_template, format, "
      "compression, write_strategy, empty_result, options, created_at, updated_at, run_after) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, ?12)");
  insert.bind(1, pipe_id);
  insert.bind(2, sink.node_id);
  insert.bind(3, sink.settings.connection_id);
  insert.bind(4, sink.settings.path);
  insert.bind(5, sink.settings.file_template);
  insert.bind(6, std::string(format_name(sink.settings.format)));
  insert.bind(7, std::string(compression_name(sink.settings.compression)));
  insert.bind(8, std::string(write_strategy_name(sink.settings.write_strategy)));
  insert.bind(9, std::string(empty_result_name(sink.settings.empty_result)));
  insert.bind(10, json(changed_file_options(sink.settings.options)).dump());
  insert.bind(11, now);
  bind_optional(insert, 12, sink.run_after ? std::optional(sink.run_after->id) : std::nullopt);
  insert.exec();
  if (sink.schedule) put_schedule(database, pipe_id, *sink.schedule, now);
}

int delete_sink(SQLite::Database& database, const std::string& pipe_id) {
  SQLite::Statement remove(database, "DELETE FROM sinks WHERE pipe_id = ?");
  remove.bind(1, pipe_id);
  return remove.exec();
}

}  // namespace sluice
