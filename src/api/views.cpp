#include "api/views.h"

namespace sluice {
namespace {

using nlohmann::json;

json or_null(const std::optional<std::string>& text) { return text ? json(*text) : json(nullptr); }
json or_null(const std::optional<Timestamp>& time) {
  return time ? json(format_timestamp(*time)) : json(nullptr);
}

json schedule_view(const Pipe& pipe) {
  if (!pipe.sink || !pipe.sink->schedule) return json::object();
  const Schedule& schedule = *pipe.sink->schedule;
  return {{"timezone", schedule.timezone},
          {"cron", schedule.cron},
          {"status", schedule.paused ? "paused" : "running"},
          {"next_run_at", or_null(schedule.next_run_at)}};
}

}  // namespace

json node_view(const Pipe& pipe, const Node& node) {
  const bool is_sink = pipe.sink && pipe.sink->node_id == node.id;
  return {{"id", node.id},
          {"name", node.name},
          {"sql", node.sql},
          {"description", or_null(node.description)},
          {"materialized", nullptr},
          {"cluster", nullptr},
          {"tags", json::object()},
          {"created_at", format_timestamp(node.created_at)},
          {"updated_at", format_timestamp(node.updated_at)},
          {"version", 0},
          {"project", nullptr},
          {"result", nullptr},
          {"ignore_sql_errors", false},
          {"node_type", is_sink ? "sink" : "standard"},
          {"dependencies", node.dependencies},
          {"params", json::array()}};
}

json pipe_view(const Pipe& pipe, const std::string& base_url) {
  json nodes = json::array();
  for (const Node& node : pipe.nodes) nodes.push_back(node_view(pipe, node));
  return {{"id", pipe.id},
          {"name", pipe.name},
          {"description", or_null(pipe.description)},
          {"endpoint", nullptr},
          {"created_at", format_timestamp(pipe.created_at)},
          {"updated_at", format_timestamp(pipe.updated_at)},
          {"parent", nullptr},
          {"type", pipe.sink ? "sink" : "default"},
          {"last_commit", {{"content_sha", ""}, {"path", ""}, {"status", "changed"}}},
          {"sink_node", pipe.sink ? json(pipe.sink->node_id) : json(nullptr)},
          {"schedule", schedule_view(pipe)},
          {"nodes", nodes},
          {"url", base_url + "/v0/pipes/" + pipe.name},
          {"tags", json::object()},
          {"project", nullptr}};
}

json job_view(const Job& job, const std::string& base_url) {
  json errors = json::array();
  if (!job.error.empty()) errors.push_back(job.error);
  return {
      {"kind", "sink"},
      {"id", job.id},
      {"job_id", job.id},
      {"status", job_status_name(job.status)},
      {"created_at", format_timestamp(job.created_at)},
      {"started_at", or_null(job.started_at)},
      {"updated_at", format_timestamp(job.updated_at)},
      {"scheduled_at", or_null(job.scheduled_at)},
      {"is_cancellable", is_cancellable(job)},
      {"job_url", base_url + "/v0/jobs/" + job.id},
      {"pipe", {{"id", job.pipe_id}, {"name", job.pipe_name}}},
      {"pipe_id", job.pipe_id},
      {"pipe_name", job.pipe_name},
      {"error", job.error.empty() ? json(nullptr) : json(job.error)},
      {"errors", errors},
      {"progress_percentage",
       job.figures.progress_percentage ? json(*job.figures.progress_percentage) : json(nullptr)},
      {"statistics",
       {{"bytes", job.figures.bytes},
        {"row_count", job.figures.rows},
        {"files", job.figures.files},
        {"mismatches", job.figures.mismatches}}}};
}

json connection_view(const Connection& connection, const std::vector<Pipe>& users) {
  json sinks = json::array();
  for (const Pipe& pipe : users) {
    sinks.push_back(
        {{"resource_id", pipe.id}, {"settings", {{"bucket_path", pipe.sink->settings.path}}}});
  }
  return {{"id", connection.id},
          {"service", service_name(connection.service)},
          {"name", connection.name},
          {"linkers", json::array()},
          {"sinks", sinks},
          {"settings", connection.settings},
          {"created_at", format_timestamp(connection.created_at)},
          {"updated_at", format_timestamp(connection.updated_at)}};
}

}  // namespace sluice
