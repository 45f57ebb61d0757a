#include "state/pipe_store.h"

#include <nlohmann/json.hpp>

#include "domain/file_options.h"
#include "state/job_plan_json.h"
#include "state/row.h"

namespace sluice {
namespace {

using nlohmann::json;

constexpr const char* kPipeColumns =
    "SELECT id, name, description, created_at, updated_at FROM pipes ";

std::vector<Node> nodes_of(SQLite::Database& database, const std::string& pipe_id) {
  SQLite::Statement rows(database,
                         "SELECT id, name, sql, description, dependencies, created_at, updated_at "
                         "FROM nodes WHERE pipe_id = ? ORDER BY position");
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
  }
  return nodes;
}

std::optional<Schedule> schedule_of(SQLite::Database& database, const std::string& pipe_id) {
  SQLite::Statement row(database,
                        "SELECT cron, timezone, status, next_run_at, last_run_at FROM schedules "
                        "WHERE pipe_id = ?");
  row.bind(1, pipe_id);
  if (!row.executeStep()) return std::nullopt;
  Schedule schedule;
  schedule.cron = row.getColumn(0).getString();
  schedule.timezone = row.getColumn(1).getString();
  schedule.paused = row.getColumn(2).getString() == "paused";
  schedule.next_run_at = optional_time_of(row.getColumn(3));
  schedule.last_run_at = optional_time_of(row.getColumn(4));
  return schedule;
}

std::optional<Sink> sink_of(SQLite::Database& database, const std::string& pipe_id) {
  SQLite::Statement row(database,
                        "SELECT node_id, connection_id, path, file_template, format, compression, "
                        "write_strategy, empty_result, options FROM sinks WHERE pipe_id = ?");
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
  sink.schedule = schedule_of(database, pipe_id);
  return sink;
}

std::vector<Pipe> pipes_of(SQLite::Database& database, SQLite::Statement& rows) {
  std::vector<Pipe> pipes;
  while (rows.executeStep()) {
    Pipe& pipe = pipes.emplace_back();
    pipe.id = rows.getColumn(0).getString();
    pipe.name = rows.getColumn(1).getString();
    pipe.description = optional_text_of(rows.getColumn(2));
    pipe.created_at = time_of(rows.getColumn(3));
    pipe.updated_at = time_of(rows.getColumn(4));
    pipe.nodes = nodes_of(database, pipe.id);
    pipe.sink = sink_of(database, pipe.id);
  }
  return pipes;
}

void insert_node(SQLite::Database& database, const std::string& pipe_id, const Node& node) {
  SQLite::Statement insert(
      database,
      "INSERT INTO nodes (id, pipe_id, position, name, sql, description, dependencies, created_at, "
      "updated_at) VALUES (?1, ?2, (SELECT count(*) FROM nodes WHERE pipe_id = ?2), ?3, ?4, ?5, "
      "?6, "
      "?7, ?8)");
  insert.bind(1, node.id);
  insert.bind(2, pipe_id);
  insert.bind(3, node.name);
  insert.bind(4, node.sql);
  bind_optional(insert, 5, node.description);
  insert.bind(6, json(node.dependencies).dump());
  insert.bind(7, format_timestamp(node.created_at));
  insert.bind(8, format_timestamp(node.updated_at));
  insert.exec();
}

bool exists(SQLite::Database& database, const char* sql, const std::string& value) {
  SQLite::Statement row(database, sql);
  row.bind(1, value);
  return row.executeStep();
}

void insert_schedule(SQLite::Database& database, const std::string& pipe_id,
                     const Schedule& schedule, const std::string& now) {
  SQLite::Statement insert(database,
                           "INSERT INTO schedules (pipe_id, cron, timezone, status, next_run_at, "
                           "created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)");
  insert.bind(1, pipe_id);
  insert.bind(2, schedule.cron);
  insert.bind(3, schedule.timezone);
  insert.bind(4, schedule.paused ? "paused" : "running");
  bind_optional(insert, 5, schedule.next_run_at);
  insert.bind(6, now);
  insert.exec();
}

void touch_pipe(SQLite::Database& database, const std::string& pipe_id, const std::string& now) {
  SQLite::Statement touch(database, "UPDATE pipes SET updated_at = ? WHERE id = ?");
  touch.bind(1, now);
  touch.bind(2, pipe_id);
  touch.exec();
}

}  // namespace

std::vector<Pipe> PipeStore::all() {
  return database_.read([](SQLite::Database& database) {
    SQLite::Statement rows(database, std::string(kPipeColumns) + "ORDER BY name");
    return pipes_of(database, rows);
  });
}

std::set<std::string> PipeStore::names() {
  return database_.read([](SQLite::Database& database) {
    SQLite::Statement rows(database, "SELECT lower(name) FROM pipes");
    std::set<std::string> names;
    while (rows.executeStep()) names.insert(rows.getColumn(0).getString());
    return names;
  });
}

std::optional<Pipe> PipeStore::find(std::string_view id_or_name) {
  return database_.read([&](SQLite::Database& database) -> std::optional<Pipe> {
    SQLite::Statement rows(
        database, std::string(kPipeColumns) + "WHERE id = ?1 OR name = ?1 ORDER BY id != ?1");
    rows.bind(1, std::string(id_or_name));
    std::vector<Pipe> found = pipes_of(database, rows);
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
  });
}

std::optional<std::string> PipeStore::pipe_of_node_named(std::string_view node_name) {
  return database_.read([&](SQLite::Database& database) -> std::optional<std::string> {
    SQLite::Statement row(database,
                          "SELECT pipes.name FROM nodes JOIN pipes ON pipes.id = nodes.pipe_id "
                          "WHERE nodes.name = ? LIMIT 1");
    row.bind(1, std::string(node_name));
    if (!row.executeStep()) return std::nullopt;
    return row.getColumn(0).getString();
  });
}

void PipeStore::insert(const Pipe& pipe) {
  database_.write([&](SQLite::Database& database) {
    if (exists(database, "SELECT 1 FROM pipes WHERE name = ?", pipe.name)) {
      throw Error(ErrorCode::kConflict, "There is a pipe named '" + pipe.name + "' already.",
                  "Choose another name, or delete that pipe first.");
    }
    SQLite::Statement insert(database,
                             "INSERT INTO pipes (id, name, description, created_at, updated_at) "
                             "VALUES (?, ?, ?, ?, ?)");
    insert.bind(1, pipe.id);
    insert.bind(2, pipe.name);
    bind_optional(insert, 3, pipe.description);
    insert.bind(4, format_timestamp(pipe.created_at));
    insert.bind(5, format_timestamp(pipe.updated_at));
    insert.exec();
    for (const Node& node : pipe.nodes) insert_node(database, pipe.id, node);
  });
}

void PipeStore::add_node(const std::string& pipe_id, const Node& node) {
  database_.write([&](SQLite::Database& database) {
    SQLite::Statement taken(database, "SELECT 1 FROM nodes WHERE pipe_id = ? AND name = ?");
    taken.bind(1, pipe_id);
    taken.bind(2, node.name);
    if (taken.executeStep()) {
      throw Error(ErrorCode::kConflict, "The pipe has a node named '" + node.name + "' already.",
                  "Choose another name.");
    }
    if (!exists(database, "SELECT 1 FROM pipes WHERE id = ?", pipe_id)) {
      throw Error(ErrorCode::kNotFound, "The pipe was deleted meanwhile.");
    }
    insert_node(database, pipe_id, node);
    touch_pipe(database, pipe_id, format_timestamp(node.created_at));
  });
}

bool PipeStore::remove(const std::string& pipe_id) {
  return database_.write([&](SQLite::Database& database) {
    // The sink goes first: it refers to a node, and nodes go with their pipe.
    SQLite::Statement sink(database, "DELETE FROM sinks WHERE pipe_id = ?");
    sink.bind(1, pipe_id);
    sink.exec();
    SQLite::Statement pipe(database, "DELETE FROM pipes WHERE id = ?");
    pipe.bind(1, pipe_id);
    return pipe.exec() > 0;
  });
}

size_t PipeStore::count_sinks() {
  return database_.read([](SQLite::Database& database) {
    return static_cast<size_t>(database.execAndGet("SELECT count(*) FROM sinks").getInt64());
  });
}

void PipeStore::set_sink(const std::string& pipe_id, const Sink& sink, Timestamp now) {
  database_.write([&](SQLite::Database& database) {
    if (exists(database, "SELECT 1 FROM sinks WHERE pipe_id = ?", pipe_id)) {
      throw Error(ErrorCode::kForbidden, "The pipe is already a sink pipe.",
                  "Delete its sink first: DELETE /v0/pipes/{pipe}/nodes/{node}/sink.");
    }
    if (!exists(database, "SELECT 1 FROM nodes WHERE id = ?", sink.node_id) ||
        !exists(database, "SELECT 1 FROM connections WHERE id = ?", sink.settings.connection_id)) {
      throw Error(ErrorCode::kNotFound, "The pipe or the connection was deleted meanwhile.");
    }
    SQLite::Statement insert(
        database,
        "INSERT INTO sinks (pipe_id, node_id, connection_id, path, file_template, format, "
        "compression, write_strategy, empty_result, options, created_at, updated_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)");
    const std::string time = format_timestamp(now);
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
    insert.bind(11, time);
    insert.exec();
    if (sink.schedule) insert_schedule(database, pipe_id, *sink.schedule, time);
    touch_pipe(database, pipe_id, time);
  });
}

bool PipeStore::remove_sink(const std::string& pipe_id, Timestamp now) {
  return database_.write([&](SQLite::Database& database) {
    SQLite::Statement remove(database, "DELETE FROM sinks WHERE pipe_id = ?");
    remove.bind(1, pipe_id);
    if (remove.exec() == 0) return false;
    touch_pipe(database, pipe_id, format_timestamp(now));
    return true;
  });
}

std::vector<DueSchedule> PipeStore::due_schedules(Timestamp now, int limit) {
  return database_.read([&](SQLite::Database& database) {
    SQLite::Statement rows(database,
                           "SELECT pipe_id, cron, next_run_at FROM schedules WHERE status = "
                           "'running' AND next_run_at <= ? ORDER BY next_run_at LIMIT ?");
    rows.bind(1, format_timestamp(now));
    rows.bind(2, limit);
    std::vector<DueSchedule> due;
    while (rows.executeStep()) {
      due.push_back({rows.getColumn(0).getString(), rows.getColumn(1).getString(),
                     time_of(rows.getColumn(2))});
    }
    return due;
  });
}

std::optional<Timestamp> PipeStore::next_due() {
  return database_.read([](SQLite::Database& database) {
    SQLite::Statement row(database,
                          "SELECT min(next_run_at) FROM schedules WHERE status = 'running'");
    row.executeStep();
    return optional_time_of(row.getColumn(0));
  });
}

std::vector<Pipe> PipeStore::using_connection(const std::string& connection_id) {
  return database_.read([&](SQLite::Database& database) {
    SQLite::Statement rows(database, std::string(kPipeColumns) +
                                         "WHERE id IN (SELECT pipe_id FROM sinks WHERE "
                                         "connection_id = ?) ORDER BY name");
    rows.bind(1, connection_id);
    return pipes_of(database, rows);
  });
}

}  // namespace sluice
