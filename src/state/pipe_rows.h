#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>
#include <string>
#include <vector>

#include "domain/pipe.h"

namespace sluice {

// The rows that make up a pipe, within a transaction of the caller.

/// Whether the statement, given `value`, has a row.
bool has_row(SQLite::Database& database, const char* sql, const std::string& value);

/// In their order.
std::vector<Node> nodes_of(SQLite::Database& database, const std::string& pipe_id);
/// Inserts the node, or gives the stored one of its id all that may change.
void put_node(SQLite::Database& database, const std::string& pipe_id, size_t position,
              const Node& node);
/// The nodes of the stored pipe become those of `pipe`, in their order.
void update_nodes(SQLite::Database& database, const Pipe& pipe);

/// With its schedule.
std::optional<Sink> sink_of(SQLite::Database& database, const std::string& pipe_id);
/// Throws kNotFound when the node or the connection is not there.
void insert_sink(SQLite::Database& database, const std::string& pipe_id, const Sink& sink,
                 const std::string& now);
/// How many there were.
int delete_sink(SQLite::Database& database, const std::string& pipe_id);

}  // namespace sluice
