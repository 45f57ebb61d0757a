#include "api/route_docs.h"

#include <map>

#include "api/handlers.h"
#include "api/sink_fields.h"
#include "base/error.h"
#include "domain/file_options.h"

namespace sluice {
namespace {

using ParameterList = std::vector<ParameterDoc>;

const ParameterList kSinkTarget = {
    {"connection", "text", "name or id of the connection"},
    {"path", "text", "s3://bucket/prefix, gs://bucket/prefix or local://prefix"},
    {"file_template", "text", "the file's name; {column}, {column, '%Y-%m-%d'}, {8}, {variable}"},
    {"format", "text", "csv, ndjson or parquet"},
    {"compression", "text", "none, gz, zst, br, xz, bz2, lz4 or snappy"},
    {"write_strategy", "text", "new (never overwrites) or truncate (replaces files of one name)"},
    {"strategy", "text", "another spelling of write_strategy"},
    {"empty_result", "text", "skip, write or error"},
    {"region", "text", "region of the bucket; the connection's own is used"}};
const ParameterList kSchedule = {
    {"schedule_cron", "text", "five fields, a macro, @on-demand (none) or @once"},
    {"schedule_timezone", "text", "IANA name, for example Europe/Berlin; Etc/UTC by default"},
    {"schedule_overlap", "text", "skip, queue (default), allow or replace"},
    {"schedule_catchup", "text", "none, latest (default) or all"},
    {"schedule_catchup_limit", "number", "runs that catch-up makes up for at most, with all"},
    {"schedule_jitter", "text", "each run fires up to that much later: 90s, 15m, 1h"},
    {"run_after", "text", "a sink pipe after each of whose runs this one runs; none: by itself"}};
const ParameterList kToken = {
    {"name", "text", "the token's name"},
    {"description", "text", "what it is for"},
    {"scope", "texts", "ADMIN, TOKENS, PIPES:CREATE, PIPES:READ:{pipe}, ..."},
    {"scopes", "texts", "the same, as objects with type and resource"},
    {"expires_at", "time", "from then on it is refused"},
    {"expiration_time", "number", "the same in seconds since 1970"},
    {"origin", "text", "taken from clients and not kept"},
    {"resource_id", "text", "taken from clients and not kept"}};
const ParameterList kNode = {
    {"name", "text", "the node's name"},
    {"sql", "text", "one SELECT; or the body as it is"},
    {"description", "text", "what it is for"},
    {"engine", "text", "the cluster (--clickhouse) that it runs on, or sqlite"}};

ParameterList joined(const std::vector<ParameterList>& lists) {
  ParameterList all;
  for (const ParameterList& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

/// `list` with the named ones required.
ParameterList requiring(ParameterList list, const std::set<std::string_view>& names) {
  for (ParameterDoc& parameter : list) parameter.required = names.contains(parameter.name);
  return list;
}

const ParameterList& file_options() {
  static const ParameterList all = [] {
    ParameterList list;
    for (const std::string& name : file_option_names()) {
      list.push_back({name, "text", "an option of the files; see the README"});
    }
    return list;
  }();
  return all;
}

using Handler = DoorResponse (*)(const ApiParts&, const ApiCall&);
using Docs = std::map<Handler, RouteDoc>;

void add_pipes(Docs& docs) {
  docs[list_pipes] = {{}, "Pipes"};
  docs[create_pipe] = {
      joined({requiring({{"name", "text", "the pipe's name"}}, {"name"}),
              {{"sql", "text", "one SELECT, for a pipe of one node"},
               {"nodes", "nodes", "the nodes, in JSON"},
               {"description", "text", "what it is for"},
               {"engine", "text", "the cluster (--clickhouse) that the nodes run on, or sqlite"},
               {"force", "flag", "replace a pipe of that name"},
               {"service", "text", "of the sink's connection; compared with it"},
               {"kafka_topic", "text", "sent by clients; nothing depends on it"},
               {"ignore_sql_errors", "text", "sent by clients; nothing depends on it"},
               {"unlink_on_populate_error", "text", "sent by clients; nothing depends on it"},
               {"branch_mode", "text", "sent by clients; nothing depends on it"}},
              kSinkTarget,
              kSchedule,
              file_options()}),
      "Pipe"};
  docs[get_pipe] = {{}, "Pipe"};
  docs[get_pipe_text] = {{}, "Text"};
  docs[change_pipe] = {
      {{"name", "text", "its new name"}, {"description", "text", "what it is for"}}, "Pipe"};
  docs[delete_pipe] = {{}, "", true};
  docs[add_node] = {kNode, "Node"};
  docs[get_node] = {{}, "Node"};
  docs[change_node] = {
      joined({kNode, {{"position", "number", "its place among the others, from 0"}}}), "Node"};
  docs[delete_node] = {{}, ""};
  docs[publish_endpoint] = {
      {{"description", "text", "sent by clients; nothing depends on it"},
       {"ignore_sql_errors", "text", "sent by clients; nothing depends on it"}},
      "Pipe"};
  for (const Handler undo : {unpublish_endpoint, unlink_materialization, end_copy}) {
    docs[undo] = {{}, "Pipe"};
  }
}

void add_queries(Docs& docs) {
  const ParameterDoc quoting = {"output_format_json_quote_64bit_integers", "text",
                                "1: whole numbers as text, in JSON"};
  docs[run_sql] = {{{"q", "text", "one SELECT; FORMAT x at its end says the form of the answer"},
                    {"pipeline", "text", "a pipe that the statement may read as _"},
                    quoting,
                    {"release_replacements", "text", "sent by clients; nothing depends on it"}},
                   "Rows",
                   true};
  docs[call_endpoint] = {
      {{"q", "text", "one SELECT over the endpoint's rows, which it reads as _"}, quoting},
      "Rows",
      true};
}

void add_sinks(Docs& docs) {
  const ParameterList sink = joined({kSinkTarget, kSchedule, file_options()});
  docs[set_sink] = {requiring(sink, {"connection", "path", "file_template"}), "Pipe"};
  docs[change_sink] = {sink, "Pipe"};
  docs[delete_sink] = {{}, "Pipe", true};
  const ParameterList run = joined(
      {kSinkTarget, {{"_mode", "text", "another spelling of write_strategy"}}, file_options()});
  docs[run_sink] = {run, "NodeWithJob", true};
  docs[preview_sink] = {run, "Preview", true};
  docs[get_schedule] = {{}, "ScheduleOfSink"};
  docs[change_schedule] = {kSchedule, "ScheduleOfSink"};
  docs[pause_schedule] = {{}, "ScheduleOfSink"};
  docs[resume_schedule] = {{}, "ScheduleOfSink"};
  docs[start_backfill] = {
      {{"start", "time", "where the range begins", true},
       {"end", "time", "where it ends, without it", true},
       {"step", "text", "length of an interval: 1h, 1d, 1w; by default the schedule's times"},
       {"concurrency", "number", "jobs of it at work at once, 1 by default"}},
      "Backfill"};
  docs[list_backfills] = {{{"pipe", "text", "only those of this pipe, by name or id"}},
                          "Backfills"};
  docs[get_backfill] = {{}, "Backfill"};
  docs[cancel_backfill] = {{}, "Backfill"};
  docs[preview_schedule] = {
      {{"cron", "text", "five fields or a macro", true}, {"timezone", "text", "IANA name"}},
      "SchedulePreview"};
}

void add_jobs(Docs& docs) {
  docs[list_jobs] = {{{"kind", "text", "sink"},
                      {"status", "text", "waiting, working, done, error, cancelling, cancelled"},
                      {"pipe_id", "text", "only those of this pipe"},
                      {"pipe_name", "text", "only those of this pipe"},
                      {"created_after", "time", "only later ones"},
                      {"created_before", "time", "only earlier ones"},
                      {"limit", "number", "how many, at most 1000"},
                      {"cursor", "text", "next_cursor of the page before"}},
                     "Jobs",
                     true};
  docs[get_job] = {{{"wait", "number", "seconds to wait for its end, at most 60"}}, "Job"};
  docs[get_job_files] = {{}, "JobFiles"};
  docs[get_job_events] = {{}, "Events"};
  docs[cancel_job] = {{}, "Job", true};
  docs[verify_job] = {{}, "Verification"};
}

void add_the_rest(Docs& docs) {
  docs[get_health] = {{}, "Health"};
  docs[get_metrics] = {{}, "Text"};
  docs[get_openapi] = {{}, "Object"};
  docs[get_docs] = {{}, "Html"};
  docs[list_tokens] = {{}, "Tokens"};
  docs[create_token] = {requiring(kToken, {"name"}), "Token"};
  docs[get_token] = {{}, "Token"};
  docs[change_token] = {kToken, "Token"};
  docs[refresh_token] = {{}, "Token"};
  docs[delete_token] = {{}, ""};
  docs[list_connections] = {{}, "Connections"};
  docs[create_connection] = {{{"service", "text", "the kind of store", true},
                              {"name", "text", "the connection's name", true},
                              {"dry_run", "flag", "only check"}},
                             "Connection",
                             true};
  docs[get_connection_text] = {{}, "Text"};
  docs[get_connection] = {{}, "Connection"};
  docs[test_connection] = {
      {{"path", "text", "where to try; by default where the first sink of it writes"}}, "Trial"};
  docs[delete_connection] = {{}, "", true};
  const ParameterList bucket = {
      {"bucket", "text", "the bucket; a placeholder where it is missing"}};
  docs[get_trust_policy] = {{}, "Policy"};
  docs[get_access_policy] = {bucket, "Policy"};
  docs[get_write_policy] = {bucket, "Policy"};
  docs[get_read_policy] = {bucket, "Policy"};
  docs[get_role_settings] = {{}, "RoleSettings"};
  docs[get_google_account] = {{}, "GoogleAccount"};
  docs[get_workspace] = {{}, "Workspace"};
  docs[list_workspaces] = {
      {{"only_environments", "text", "true: none, for there are no environments"}}, "Workspaces"};
  docs[list_regions] = {{}, "Regions"};
}

void add_webhooks(Docs& docs) {
  docs[create_webhook] = {
      {{"url", "text", "address that is told, by POST", true},
       {"events", "text", "done, error, recovered, missed; by default all but done"},
       {"pipe", "text", "only of this pipe, by name or id; by default of all"}},
      "Webhook"};
  docs[list_webhooks] = {{}, "Webhooks"};
  docs[get_webhook] = {{}, "Webhook"};
  docs[delete_webhook] = {{}, ""};
  docs[test_webhook] = {{}, "WebhookTest"};
}

void add_datasources(Docs& docs) {
  const ParameterList file = {
      {"format", "text", "csv, ndjson or parquet; by the file's name, else csv"},
      {"url", "text", "instead of data: a file below --import-root, as file:///folder/name.csv"},
      {"path", "text", "the same, from --import-root on"},
      {"dialect_delimiter", "text", "of CSV: one character, or tab"},
      {"dialect_escapechar", "text", "of CSV: only a quote is known"},
      {"dialect_new_line", "text", "of CSV: both kinds are read anyway"},
      {"dialect_header", "flag",
       "of CSV: whether the first line names the columns; by default seen"}};
  docs[list_datasources] = {{{"attrs", "text", "taken from clients; all is shown"}}, "Datasources"};
  docs[import_data] = {
      joined({{{"name", "text", "the data source's name", true},
               {"mode", "text", "create (default), append or replace"},
               {"schema", "text", "columns, as id Int64, at DateTime; else told by the rows"},
               {"description", "text", "what it is for"}},
              file}),
      "Import", true};
  docs[analyze_data] = {file, "Analysis", true};
  docs[get_datasource] = {
      {{"attrs", "text", "taken from clients; all is shown"}}, "Datasource", true};
  docs[get_datasource_text] = {{}, "Text"};
  docs[change_datasource] = {{{"description", "text", "what it is for"}}, "Datasource"};
  docs[alter_datasource] = {
      {{"schema", "text", "all columns there are, and nullable ones behind them"},
       {"description", "text", "what it is for"},
       {"dry", "flag", "check only"}},
      "Datasource"};
  docs[delete_datasource] = {
      {{"force", "flag", "also while pipes read it"}, {"dry_run", "flag", "check only"}}, ""};
  docs[truncate_datasource] = {{}, "Datasource"};
  docs[delete_rows] = {
      {{"delete_condition", "text", "SQL that is true for the rows to delete", true},
       {"dry_run", "flag", "count them only"}},
      "RowsDeleted"};
  docs[take_events] = {{{"name", "text", "the data source's name", true},
                        {"wait", "flag", "answer when the rows are synced to the disk"},
                        {"format", "text", "ndjson"}},
                       "EventsTaken"};
}

void add_variables(Docs& docs) {
  const ParameterList value = {{"value", "text", "the secret; it is never shown again", true},
                               {"type", "text", "secret, which is the default"}};
  ParameterList named = value;
  named.insert(named.begin(), {"name", "text", "what templates name it by", true});
  docs[list_variables] = {{}, "Variables"};
  docs[create_variable] = {named, "Variable"};
  docs[get_variable] = {{}, "Variable"};
  docs[change_variable] = {value, "Variable"};
  docs[delete_variable] = {{}, "Deleted"};
}

void add_client_calls(Docs& docs) {
  docs[check_auth] = {{}, "Auth"};
  docs[get_sql_tables] = {{{"q", "text", "the statement", true}}, "SqlTables", true};
  docs[list_environments] = {{}, "Environments"};
  docs[list_tags] = {{}, "Tags"};
  docs[list_dependencies] = {{}, "Dependencies", true};
}

}  // namespace

const RouteDoc& doc_of(const Route& route) {
  static const Docs docs = [] {
    Docs all;
    add_pipes(all);
    add_queries(all);
    add_sinks(all);
    add_jobs(all);
    add_the_rest(all);
    add_variables(all);
    add_webhooks(all);
    add_datasources(all);
    add_client_calls(all);
    return all;
  }();
  auto found = docs.find(route.handle);
  if (found == docs.end()) {
    throw Error(ErrorCode::kInternal,
                "The route " + std::string(route.pattern) + " has no documentation.");
  }
  return found->second;
}

const std::set<std::string>& import_fields() {
  static const std::set<std::string> fields = {"name",
                                               "mode",
                                               "schema",
                                               "description",
                                               "format",
                                               "url",
                                               "path",
                                               "engine",
                                               "branch_mode",
                                               "dialect_delimiter",
                                               "dialect_escapechar",
                                               "dialect_new_line",
                                               "dialect_header"};
  return fields;
}

std::string operation_id(const Route& route) {
  std::string id;
  for (char c : std::string(route.method) + std::string(route.pattern)) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool plain = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain) id += static_cast<char>(upper ? c - 'A' + 'a' : c);
    if (!plain && c != '}' && !id.ends_with('-')) id += '-';
  }
  return id;
}

}  // namespace sluice
