#include "api/views.h"

#include <sstream>

#include "api/schedule_view.h"
#include "domain/sql_template.h"

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

json value_view(const TemplateValue& value) {
  if (const auto* flag = std::get_if<bool>(&value.data)) return *flag;
  if (const auto* whole = std::get_if<int64_t>(&value.data)) return *whole;
  if (const auto* real = std::get_if<double>(&value.data)) return *real;
  if (const auto* text = std::get_if<std::string>(&value.data)) return *text;
  if (const auto* list = std::get_if<TemplateList>(&value.data)) {
    json out = json::array();
    for (const TemplateValue& item : *list) out.push_back(value_view(item));
    return out;
  }
  return nullptr;
}

json parameters_view(const Node& node) {
  json out = json::array();
  if (!SqlTemplate::is_template(node.sql)) return out;
  for (const TemplateParameter& parameter : SqlTemplate::parse(node.sql).parameters()) {
    json view = {{"name", parameter.name},
                 {"type", parameter.type},
                 {"required", parameter.is_required},
                 {"description", parameter.description}};
    if (parameter.fallback) view["default"] = value_view(*parameter.fallback);
    for (const TemplateValue& choice : parameter.choices)
      view["enum"].push_back(value_view(choice));
    out.push_back(std::move(view));
  }
  return out;
}

json node_view(const Pipe& pipe, const Node& node) {
  const bool is_sink = pipe.sink && pipe.sink->node_id == node.id;
  return {{"id", node.id},
          {"name", node.name},
          {"sql", node.sql},
          {"engine", node.engine.empty() ? std::string(kEmbedded) : node.engine},
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
          {"params", parameters_view(node)}};
}

json pipe_view(const Pipe& pipe, const std::string& base_url) {
  json nodes = json::array();
  for (const Node& node : pipe.nodes) nodes.push_back(node_view(pipe, node));
  return {
      {"id", pipe.id},
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
      {"run_after", pipe.sink && pipe.sink->run_after ? json(pipe.sink->run_after->name) : json()},
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
          {"triggered_by", job_trigger_name(job.trigger)},
          {"interval_start", job.interval ? json(format_timestamp(job.interval->begin)) : json()},
          {"interval_end", job.interval ? json(format_timestamp(job.interval->end)) : json()},
          {"backfill_id", job.backfill_id.empty() ? json() : json(job.backfill_id)},
          {"after_job", job.after_job.empty() ? json() : json(job.after_job)},
          {"stage", job_stage_name(job.stage)},
          {"attempt", job.attempt},
          {"tried_again_at", or_null(job.not_before)},
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
            {"parts", job.figures.parts},
            {"mismatches", job.figures.mismatches}}}};
}

json attempts_view(const std::vector<JobAttempt>& attempts) {
  json rows = json::array();
  for (const JobAttempt& attempt : attempts) {
    rows.push_back(
        {{"attempt", attempt.attempt},
         {"started_at", format_timestamp(attempt.started_at)},
         {"ended_at", or_null(attempt.ended_at)},
         {"rows", attempt.figures.rows},
         {"bytes", attempt.figures.bytes},
         {"files", attempt.figures.files},
         {"error", attempt.error.empty() ? json() : json(attempt.error)},
         {"error_code", attempt.error_code.empty() ? json() : json(attempt.error_code)}});
  }
  return rows;
}

json files_view(const std::vector<JobFile>& files) {
  json rows = json::array();
  for (const JobFile& file : files) {
    rows.push_back({{"key", file.key},
                    {"state", job_file_state_name(file.state)},
                    {"role", file_role_name(file.role)},
                    {"rows", file.rows},
                    {"bytes", file.bytes},
                    {"crc32c", file.crc32c.empty() ? json() : json(file.crc32c)}});
  }
  return rows;
}

void add_pace(json& view, const Job& job, Timestamp now) {
  view["rows_per_second"] = nullptr;
  view["expected_end_at"] = nullptr;
  if (job.status != JobStatus::kWorking || !job.started_at || now <= *job.started_at) return;
  const std::chrono::duration<double> took = now - *job.started_at;
  view["rows_per_second"] = static_cast<double>(job.figures.rows) / took.count();
  const double progress = job.figures.progress_percentage.value_or(0);
  if (progress < 1) return;
  const auto whole = std::chrono::duration_cast<Timestamp::duration>(took * (100 / progress));
  view["expected_end_at"] = format_timestamp(*job.started_at + whole);
}

json backfill_view(const Backfill& backfill) {
  const BackfillFigures& figures = backfill.figures;
  const double ended = static_cast<double>(figures.done + figures.error + figures.cancelled);
  const double all = static_cast<double>(figures.all());
  return {{"id", backfill.id},
          {"pipe", {{"id", backfill.pipe_id}, {"name", backfill.pipe_name}}},
          {"status", backfill_status(backfill)},
          {"start", format_timestamp(backfill.range.begin)},
          {"end", format_timestamp(backfill.range.end)},
          {"step", backfill.step.empty() ? json() : json(backfill.step)},
          {"concurrency", backfill.concurrency},
          {"created_at", format_timestamp(backfill.created_at)},
          {"cancelled_at", or_null(backfill.cancelled_at)},
          {"progress_percentage", all > 0 ? 100 * ended / all : 100},
          {"jobs",
           {{"all", figures.all()},
            {"waiting", figures.waiting},
            {"working", figures.working},
            {"done", figures.done},
            {"error", figures.error},
            {"cancelled", figures.cancelled}}}};
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
