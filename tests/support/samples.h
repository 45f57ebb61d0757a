#pragma once

#include <string>

#include "domain/connection.h"
#include "domain/job.h"
#include "domain/pipe.h"

namespace sluice {

/// The time that FakeClock starts at.
inline constexpr Timestamp kMorning{std::chrono::seconds{1795422600}};

inline Node sample_node(const std::string& name, const std::string& sql = "SELECT 1 AS a") {
  Node node;
  node.id = "t_node_" + name;
  node.name = name;
  node.sql = sql;
  node.created_at = node.updated_at = kMorning;
  return node;
}

/// A pipe `name` with one node `name_0`.
inline Pipe sample_pipe(const std::string& name, const std::string& sql = "SELECT 1 AS a") {
  Pipe pipe;
  pipe.id = "t_pipe_" + name;
  pipe.name = name;
  pipe.nodes = {sample_node(name + "_0", sql)};
  pipe.created_at = pipe.updated_at = kMorning;
  return pipe;
}

/// A local connection whose id is `id_` and its name.
inline Connection sample_connection(const std::string& name) {
  Connection connection;
  connection.id = "id_" + name;
  connection.name = name;
  connection.settings = {{"root", name}};
  connection.created_at = connection.updated_at = kMorning;
  return connection;
}

inline Sink sample_sink(const Pipe& pipe, const Connection& connection) {
  Sink sink;
  sink.node_id = pipe.nodes.back().id;
  sink.settings.connection_id = connection.id;
  sink.settings.path = "local://out";
  sink.settings.file_template = "all";
  return sink;
}

inline Schedule sample_schedule(Timestamp next_run_at, const std::string& cron = "* * * * *") {
  Schedule schedule;
  schedule.cron = cron;
  schedule.next_run_at = next_run_at;
  return schedule;
}

inline Job sample_job(const std::string& id, Timestamp created_at = kMorning) {
  Job job;
  job.id = id;
  job.pipe_id = "t_pipe_flights";
  job.pipe_name = "flights";
  job.node_id = "t_node_flights_0";
  job.plan.query.sql = "SELECT 1 AS a";
  job.plan.settings.connection_id = "id_disk";
  job.plan.settings.path = "local://out";
  job.plan.settings.file_template = "all";
  job.created_at = job.updated_at = created_at;
  return job;
}

}  // namespace sluice
