#include "state/pipe_store.h"

#include "state/chain_rows.h"
#include "state/pipe_rows.h"
#include "state/row.h"
#include "state/schedule_rows.h"

namespace sluice {
namespace {

constexpr const char* kPipeColumns =
    "SELECT id, name, description, created_at, updated_at FROM pipes ";

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

void touch_pipe(SQLite::Database& database, const std::string& pipe_id, const std::string& now) {
  SQLite::Statement touch(database, "UPDATE pipes SET updated_at = ? WHERE id = ?");
  touch.bind(1, now);
  touch.bind(2, pipe_id);
  touch.exec();
}

void check_name_free(SQLite::Database& database, const Pipe& pipe) {
  SQLite::Statement row(database, "SELECT 1 FROM pipes WHERE name = ? AND id != ?");
  row.bind(1, pipe.name);
  row.bind(2, pipe.id);
  if (!row.executeStep()) return;
  throw Error(ErrorCode::kConflict, "There is a pipe named '" + pipe.name + "' already.",
              "Choose another name, or delete that pipe first.");
}

void update_pipe(SQLite::Database& database, const Pipe& pipe) {
  check_name_free(database, pipe);
  SQLite::Statement update(
      database, "UPDATE pipes SET name = ?, description = ?, updated_at = ? WHERE id = ?");
  update.bind(1, pipe.name);
  bind_optional(update, 2, pipe.description);
  update.bind(3, format_timestamp(pipe.updated_at));
  update.bind(4, pipe.id);
  if (update.exec() == 0) throw Error(ErrorCode::kNotFound, "The pipe was deleted meanwhile.");
  update_nodes(database, pipe);
}

/// Puts `sink` in the place of the one there is. How far its schedule has come is what stands there
/// now: it may have fired since the caller read it.
void put_sink(SQLite::Database& database, const std::string& pipe_id, Sink sink, Timestamp now) {
  const std::optional<Schedule> stored = schedule_of(database, pipe_id);
  if (stored && sink.schedule) {
    sink.schedule->paused = stored->paused;
    sink.schedule->last_run_at = stored->last_run_at;
    sink.schedule->covered_until = stored->covered_until;
    if (sink.schedule->cron == stored->cron && sink.schedule->timezone == stored->timezone) {
      sink.schedule->next_run_at = stored->next_run_at;
      sink.schedule->fires_at = stored->fires_at;
    }
  }
  delete_sink(database, pipe_id);
  insert_sink(database, pipe_id, sink, format_timestamp(now));
}

}  // namespace

std::vector<Pipe> PipeStore::all() {
  return database_.read([](SQLite::Database& database) {
    SQLite::Statement rows(database, std::string(kPipeColumns) + "ORDER BY name");
    return pipes_of(database, rows);
  });
}

std::set<std::string> PipeStore::names_among(const std::set<std::string>& words) {
  std::string key;
  for (const std::string& word : words) key += word + '\n';
  const auto read = [&](SQLite::Database& database) {
    SQLite::Statement named(database, "SELECT 1 FROM pipes WHERE name = ?");
    std::set<std::string> names;
    for (const std::string& word : words) {
      named.reset();
      named.bind(1, word);
      if (named.executeStep()) names.insert(word);
    }
    return names;
  };
  return named_.get(key, [&] { return database_.read(read); });
}

std::optional<Pipe> PipeStore::find(std::string_view id_or_name) {
  const std::string key(id_or_name);
  const auto read = [&](SQLite::Database& database) -> std::optional<Pipe> {
    SQLite::Statement rows(
        database, std::string(kPipeColumns) + "WHERE id = ?1 OR name = ?1 ORDER BY id != ?1");
    rows.bind(1, key);
    std::vector<Pipe> found = pipes_of(database, rows);
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
  };
  return found_.get(key, [&] { return database_.read(read); });
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
    check_name_free(database, pipe);
    SQLite::Statement insert(database,
                             "INSERT INTO pipes (id, name, description, created_at, updated_at) "
                             "VALUES (?, ?, ?, ?, ?)");
    insert.bind(1, pipe.id);
    insert.bind(2, pipe.name);
    bind_optional(insert, 3, pipe.description);
    insert.bind(4, format_timestamp(pipe.created_at));
    insert.bind(5, format_timestamp(pipe.updated_at));
    insert.exec();
    for (size_t i = 0; i < pipe.nodes.size(); ++i) put_node(database, pipe.id, i, pipe.nodes[i]);
    if (pipe.sink) insert_sink(database, pipe.id, *pipe.sink, format_timestamp(pipe.updated_at));
  });
}

void PipeStore::update(const Pipe& pipe) {
  database_.write([&](SQLite::Database& database) { update_pipe(database, pipe); });
}

void PipeStore::replace(const Pipe& pipe) {
  database_.write([&](SQLite::Database& database) {
    delete_sink(database, pipe.id);
    update_pipe(database, pipe);
    if (!pipe.sink) return check_not_followed(database, pipe.id);
    insert_sink(database, pipe.id, *pipe.sink, format_timestamp(pipe.updated_at));
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
    if (!has_row(database, "SELECT 1 FROM pipes WHERE id = ?", pipe_id)) {
      throw Error(ErrorCode::kNotFound, "The pipe was deleted meanwhile.");
    }
    put_node(database, pipe_id, nodes_of(database, pipe_id).size(), node);
    touch_pipe(database, pipe_id, format_timestamp(node.created_at));
  });
}

bool PipeStore::remove(const std::string& pipe_id) {
  return database_.write([&](SQLite::Database& database) {
    check_not_followed(database, pipe_id);
    // The sink goes first: it refers to a node, and nodes go with their pipe.
    delete_sink(database, pipe_id);
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
    if (has_row(database, "SELECT 1 FROM sinks WHERE pipe_id = ?", pipe_id)) {
      throw Error(ErrorCode::kForbidden, "The pipe is already a sink pipe.",
                  "Delete its sink first: DELETE /v0/pipes/{pipe}/nodes/{node}/sink.");
    }
    insert_sink(database, pipe_id, sink, format_timestamp(now));
    touch_pipe(database, pipe_id, format_timestamp(now));
  });
}

void PipeStore::change_sink(const std::string& pipe_id, const Sink& sink, Timestamp now) {
  database_.write([&](SQLite::Database& database) {
    put_sink(database, pipe_id, sink, now);
    touch_pipe(database, pipe_id, format_timestamp(now));
  });
}

bool PipeStore::remove_sink(const std::string& pipe_id, Timestamp now) {
  return database_.write([&](SQLite::Database& database) {
    check_not_followed(database, pipe_id);
    if (delete_sink(database, pipe_id) == 0) return false;
    touch_pipe(database, pipe_id, format_timestamp(now));
    return true;
  });
}

std::vector<Pipe> PipeStore::using_connection(const std::string& connection_id) {
  return sinks_where("connection_id = ?", connection_id);
}

std::vector<Pipe> PipeStore::following(const std::string& pipe_id) {
  return sinks_where("run_after = ?", pipe_id);
}

std::vector<Pipe> PipeStore::sinks_where(const std::string& condition, const std::string& value) {
  return database_.read([&](SQLite::Database& database) {
    SQLite::Statement rows(database, std::string(kPipeColumns) +
                                         "WHERE id IN (SELECT pipe_id FROM sinks WHERE " +
                                         condition + ") ORDER BY name");
    rows.bind(1, value);
    return pipes_of(database, rows);
  });
}

}  // namespace sluice
