#include "api/views.h"

#include <sstream>

#include "api/schedule_view.h"

namespace sluice {
namespace {

using nlohmann::json;

json or_null(const std::optional<std::string>& text) { return text ? json(*text) : json(nullptr); }
json or_null(const std::optional<Timestamp>& time) {
  return time ? json(format_timestamp(*time)) : json(nullptr);
}

json node_of_type(const Pipe& pipe, NodeType type) {
  const Node* node = pipe.special_node();
  return node != nullptr && node->type == type ? json(node->id) : json(nullptr);
}

std::string_view pipe_type(const Pipe& pipe) {
  if (pipe.sink) return "sink";
  const Node* node = pipe.special_node();
  return node == nullptr ? "default" : node_type_name(node->type);
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
          {"node_type", is_sink ? "sink" : node_type_name(node.type)},
          {"dependencies", node.dependencies},
          {"params", json::array()}};
}

json pipe_view(const Pipe& pipe, const std::string& base_url) {
  json nodes = json::array();
  for (const Node& node : pipe.nodes) nodes.push_back(node_view(pipe, node));
  return {{"id", pipe.id},
          {"name", pipe.name},
          {"description", or_null(pipe.description)},
          {"endpoint", node_of_type(pipe, NodeType::kEndpoint)},
          {"created_at", format_timestamp(pipe.created_at)},
          {"updated_at", format_timestamp(pipe.updated_at)},
          {"parent", nullptr},
          {"type", pipe_type(pipe)},
          {"last_commit", {{"content_sha", ""}, {"path", ""}, {"status", "changed"}}},
          {"sink_node", pipe.sink ? json(pipe.sink->node_id) : json(nullptr)},
          {"copy_node", node_of_type(pipe, NodeType::kCopy)},
          {"schedule", schedule_view(pipe.sink ? pipe.sink->schedule : std::optional<Schedule>())},
          {"nodes", nodes},
          {"url", base_url + "/v0/pipes/" + pipe.name},
          {"tags", json::object()},
          {"project", nullptr}};
}

json job_view(const Job& job, const std::string& base_url) {
  json errors = json::array();
  if (!job.error.empty()) errors.push_back(job.error);
  return {{"kind", "sink"},
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
          // Clients compute with it; 0 where it can't be known.
          {"progress_percentage", job.figures.progress_percentage.value_or(0)},
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

json token_view(const Token& token, const Secret& value) {
  json scopes = json::array();
  for (const std::string& text : token.scopes) {
    const TokenScope scope = parse_scope(text);
    json& item = scopes.emplace_back(json{{"type", scope.right}});
    if (!scope.resource.empty()) item["resource"] = scope.resource;
  }
  return {{"id", token.id},
          {"name", token.name},
          {"description", token.description},
          {"scopes", scopes},
          {"token", value.empty() ? json(nullptr) : json(value.reveal())},
          {"origin", {{"type", "C"}}},
          {"created_at", format_timestamp(token.created_at)},
          {"updated_at", format_timestamp(token.updated_at)},
          {"expires_at", or_null(token.expires_at)}};
}

json trial_view(const Connection& connection, const ConnectionTrial& trial) {
  using enum ConnectionTrial::Outcome;
  json steps = json::array();
  for (const ConnectionTrial::Step& step : trial.steps) {
    const char* status = step.outcome == kOk       ? "ok"
                         : step.outcome == kFailed ? "failed"
                                                   : "skipped";
    steps.push_back({{"step", step.name}, {"status", status}, {"detail", step.detail}});
  }
  const ConnectionTrial::Step* failed = trial.failed();
  return {{"id", connection.id},
          {"name", connection.name},
          {"service", service_name(connection.service)},
          {"ok", failed == nullptr},
          {"failed_step", failed == nullptr ? json(nullptr) : json(failed->name)},
          {"error", failed == nullptr ? json(nullptr) : json(failed->detail)},
          {"steps", steps}};
}

json preview_view(const PreviewResult& preview, const SinkSettings& settings) {
  json files = json::array();
  for (const PreviewResult::File& file : preview.files) {
    files.push_back({{"key", file.key},
                     {"writes", file.writes},
                     {"rows", file.rows},
                     {"pieces", file.pieces},
                     {"exists", file.exists},
                     {"action", file.action.empty() ? json(nullptr) : json(file.action)}});
  }
  json schema = json::array();
  for (const PreviewResult::Column& column : preview.schema) {
    schema.push_back({{"name", column.name},
                      {"declared_type", column.declared_type},
                      {"type", column.type.empty() ? json(nullptr) : json(column.type)},
                      {"written", column.written}});
  }
  json rows = json::array();
  std::istringstream lines(preview.first_rows);
  for (std::string line; std::getline(lines, line);) rows.push_back(json::parse(line));
  return {{"row_count", preview.rows},
          {"file_count", preview.file_count},
          {"complete", preview.complete},
          {"format", format_name(settings.format)},
          {"compression", compression_name(settings.compression)},
          {"write_strategy", write_strategy_name(settings.write_strategy)},
          {"schema", schema},
          {"files", files},
          {"rows", rows},
          {"store",
           {{"ok", preview.store_error.empty()},
            {"error", preview.store_error.empty() ? json(nullptr) : json(preview.store_error)}}}};
}

json verify_view(const VerifyReport& report) {
  json differences = json::array();
  for (const VerifyReport::Difference& difference : report.differences) {
    differences.push_back({{"key", difference.key},
                           {"what", difference.what},
                           {"expected", difference.expected},
                           {"found", difference.found}});
  }
  return {{"job_id", report.job_id},
          {"verified", report.differences.empty()},
          {"files", report.files},
          {"bytes_read", report.bytes_read},
          {"differences", differences}};
}

}  // namespace sluice
