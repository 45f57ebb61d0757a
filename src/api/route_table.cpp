#include "api/handlers.h"
#include "api/route_docs.h"
#include "base/limits.h"

namespace sluice {

namespace {

/// Of pipes and what belongs to one.
std::vector<Route> pipe_routes() {
  using enum Scope;
  constexpr size_t kBody = limits::kBodyBytes;
  // clang-format off
  return {
      {"GET",    "/health",                              kOpen,        0,     {}, get_health,        "whether Sluice is ready"},
      {"GET",    "/openapi.json",                        kOpen,        0,     {}, get_openapi,       "this API as an OpenAPI document"},
      {"GET",    "/docs",                                kOpen,        0,     {}, get_docs,          "the same as a page to read"},
      {"GET",    "/v0/pipes",                            kAnyPipe,     0,     {}, list_pipes,        "all pipes that the token may see"},
      {"POST",   "/v0/pipes",                            kCreatePipes, kBody, {}, create_pipe,       "make a pipe of SQL, with its sink or without"},
      {"GET",    "/v0/pipes/{pipe}.pipe",                kReadPipe,    0,     {}, get_pipe_text,     "the text of one pipe, as a .pipe file"},
      {"GET",    "/v0/pipes/{pipe}.{format}",            kRunPipe,     0,     {}, call_endpoint,     "the rows of an endpoint, with parameters for its template"},
      {"POST",   "/v0/pipes/{pipe}.{format}",            kRunPipe,     kBody, {}, call_endpoint,     "the same with its parameters in the body"},
      {"GET",    "/v0/pipes/{pipe}",                     kReadPipe,    0,     {}, get_pipe,          "one pipe"},
      {"PUT",    "/v0/pipes/{pipe}",                     kCreatePipes, kBody, {}, change_pipe,       "change a pipe's name or description"},
      {"DELETE", "/v0/pipes/{pipe}",                     kDropPipe,    kBody, {}, delete_pipe,       "delete a pipe, its sink and schedule"},
      {"POST",   "/v0/pipes/{pipe}/nodes",               kCreatePipes, kBody, {"name", "sql", "description"}, add_node, "add a node; the body is its SQL"},
      {"GET",    "/v0/pipes/{pipe}/nodes/{node}",        kReadPipe,    0,     {}, get_node,          "one node"},
      {"PUT",    "/v0/pipes/{pipe}/nodes/{node}",        kCreatePipes, kBody, {"name", "sql", "description", "position"}, change_node, "change a node; the body is its new SQL"},
      {"DELETE", "/v0/pipes/{pipe}/nodes/{node}",        kCreatePipes, kBody, {}, delete_node,       "delete a node that nothing needs"},
      {"POST",   "/v0/pipes/{pipe}/nodes/{node}/endpoint", kCreatePipes, kBody, {}, publish_endpoint, "make the node the pipe's endpoint"},
      {"DELETE", "/v0/pipes/{pipe}/nodes/{node}/endpoint", kCreatePipes, kBody, {}, unpublish_endpoint, "make an endpoint a plain node"},
      {"DELETE", "/v0/pipes/{pipe}/nodes/{node}/materialization", kCreatePipes, kBody, {}, unlink_materialization, "make a materializing node a plain one"},
      {"DELETE", "/v0/pipes/{pipe}/nodes/{node}/copy",   kCreatePipes, kBody, {}, end_copy,          "make a copying node a plain one"},
      {"POST",   "/v0/pipes/{pipe}/nodes/{node}/sink",   kAdmin,       kBody, {}, set_sink,          "make the node a sink, with a schedule or without"},
      {"PUT",    "/v0/pipes/{pipe}/nodes/{node}/sink",   kAdmin,       kBody, {}, change_sink,       "change the sink in place"},
      {"DELETE", "/v0/pipes/{pipe}/nodes/{node}/sink",   kAdmin,       kBody, {}, delete_sink,       "remove the sink and its schedule"},
      {"POST",   "/v0/pipes/{pipe}/sink",                kRunPipe,     kBody, {}, run_sink,          "run the sink now"},
      {"POST",   "/v0/pipes/{pipe}/sink/preview",        kAdmin,       kBody, {}, preview_sink,      "what a run would write; writes nothing"},
      {"GET",    "/v0/pipes/{pipe}/sink/schedule",       kReadPipe,    0,     {}, get_schedule,      "the sink's schedule, its next runs and what it left out"},
      {"PATCH",  "/v0/pipes/{pipe}/sink/schedule",       kAdmin,       kBody, {}, change_schedule,   "set, change or remove the schedule"},
      {"POST",   "/v0/pipes/{pipe}/sink/pause",          kAdmin,       kBody, {}, pause_schedule,    "let the schedule rest"},
      {"POST",   "/v0/pipes/{pipe}/sink/resume",         kAdmin,       kBody, {}, resume_schedule,   "let the schedule go on"},
      {"POST",   "/v0/pipes/{pipe}/sink/backfill",       kAdmin,       kBody, {}, start_backfill,    "run the sink for a range of time, a job an interval"},
  };
  // clang-format on
}

std::vector<Route> other_routes() {
  using enum Scope;
  constexpr size_t kBody = limits::kBodyBytes;
  // clang-format off
  return {
      {"GET",    "/v0/sql",                              kAnyToken,    0,     {}, run_sql,           "the rows of one SELECT"},
      {"POST",   "/v0/sql",                              kAnyToken,    kBody, {"q", "pipeline"}, run_sql, "the same; the body may be the SQL"},
      {"GET",    "/v0/backfills",                        kAdmin,       0,     {}, list_backfills,    "backfills, newest first"},
      {"GET",    "/v0/backfills/{backfill}",             kAdmin,       0,     {}, get_backfill,      "one backfill and how far it is"},
      {"POST",   "/v0/backfills/{backfill}/cancel",      kAdmin,       kBody, {}, cancel_backfill,   "end what of a backfill has not ended"},
      {"POST",   "/v0/schedules/preview",                kAnyToken,    kBody, {}, preview_schedule,  "what a cron expression means, and its next runs"},
      {"GET",    "/v0/jobs",                             kAdmin,       0,     {}, list_jobs,         "jobs, newest first"},
      {"GET",    "/v0/jobs/{job}",                       kReadJob,     0,     {}, get_job,           "one job"},
      {"GET",    "/v0/jobs/{job}/files",                 kReadJob,     0,     {}, get_job_files,     "what the job wrote, file by file"},
      {"GET",    "/v0/jobs/{job}/events",                kReadJob,     0,     {}, get_job_events,    "follow a job until it ends, as server-sent events"},
      {"POST",   "/v0/jobs/{job}/cancel",                kAdmin,       kBody, {}, cancel_job,        "stop a job"},
      {"POST",   "/v0/jobs/{job}/verify",                kAdmin,       kBody, {}, verify_job,        "re-read what the job published and compare"},
      {"POST",   "/v0/webhooks",                         kAdmin,       kBody, {}, create_webhook,    "tell an address what happens; its key is shown once"},
      {"GET",    "/v0/webhooks",                         kAdmin,       0,     {}, list_webhooks,     "all webhooks, without keys and paths"},
      {"GET",    "/v0/webhooks/{webhook}",               kAdmin,       0,     {}, get_webhook,       "one webhook and its last messages"},
      {"POST",   "/v0/webhooks/{webhook}/test",          kAdmin,       kBody, {}, test_webhook,      "send one message now; says what came of it"},
      {"DELETE", "/v0/webhooks/{webhook}",               kAdmin,       kBody, {}, delete_webhook,    "delete a webhook and what it was to be told"},
      {"GET",    "/v0/tokens",                           kTokens,      0,     {}, list_tokens,       "all tokens, without their values"},
      {"POST",   "/v0/tokens",                           kTokens,      kBody, {}, create_token,      "make a token; its value is shown once"},
      {"GET",    "/v0/tokens/{token}",                   kTokens,      0,     {}, get_token,         "one token, without its value"},
      {"PUT",    "/v0/tokens/{token}",                   kTokens,      kBody, {}, change_token,      "change a token's scopes, description or expiry"},
      {"DELETE", "/v0/tokens/{token}",                   kTokens,      kBody, {}, delete_token,      "delete a token"},
      {"POST",   "/v0/tokens/{token}/refresh",           kTokens,      kBody, {}, refresh_token,     "give a token a new value; it is shown once"},
      {"GET",    "/v0/variables",                        kAdmin,       0,     {}, list_variables,    "all variables, without their values"},
      {"POST",   "/v0/variables",                        kAdmin,       kBody, {}, create_variable,   "make a variable, a secret for SQL templates"},
      {"GET",    "/v0/variables/{variable}",             kAdmin,       0,     {}, get_variable,      "one variable, without its value"},
      {"PUT",    "/v0/variables/{variable}",             kAdmin,       kBody, {}, change_variable,   "give a variable a new value"},
      {"DELETE", "/v0/variables/{variable}",             kAdmin,       kBody, {}, delete_variable,   "delete a variable"},
      {"GET",    "/v0/connectors",                       kAdmin,       0,     {}, list_connections,  "all connections"},
      {"POST",   "/v0/connectors",                       kAdmin,       kBody, {}, create_connection, "make a connection to a store"},
      {"GET",    "/v0/connectors/{connection}.connection", kAdmin,     0,     {}, get_connection_text, "one connection, as a .connection file, without its secrets"},
      {"GET",    "/v0/connectors/{connection}",          kAdmin,       0,     {}, get_connection,    "one connection, without its secrets"},
      {"POST",   "/v0/connectors/{connection}/test",     kAdmin,       kBody, {}, test_connection,   "list, write and delete with a connection; says which step failed"},
      {"DELETE", "/v0/connectors/{connection}",          kAdmin,       kBody, {}, delete_connection, "delete a connection that no sink uses"},
      {"GET",    "/v0/integrations/s3/policies/trust-policy", kAdmin,  0,     {}, get_trust_policy,  "the trust policy that an IAM role needs"},
      {"GET",    "/v0/integrations/s3/policies/access-policy", kAdmin, 0,     {}, get_access_policy, "the access policy that an IAM role needs"},
      {"GET",    "/v0/integrations/s3/policies/write-access-policy", kAdmin, 0, {}, get_write_policy, "the access policy that an IAM role needs"},
      {"GET",    "/v0/integrations/s3/policies/read-access-policy", kAdmin, 0, {}, get_read_policy,  "an access policy for reading alone"},
      {"GET",    "/v0/integrations/s3/settings",         kAdmin,       0,     {}, get_role_settings, "principal and external id for IAM roles"},
      {"GET",    "/v0/datasources-bigquery-credentials", kAdmin,       0,     {}, get_google_account, "the Google service account of this server"},
      {"GET",    "/v0/workspace",                        kAnyToken,    0,     {}, get_workspace,     "what clients show as the workspace"},
      {"GET",    "/v0/user/workspaces",                  kAnyToken,    0,     {}, list_workspaces,   "the workspaces: this one"},
      {"GET",    "/v0/regions",                          kAnyToken,    0,     {}, list_regions,      "the regions: this server"},
      {"GET",    "/metrics",                             kAnyToken,    0,     {}, get_metrics,       "numbers of jobs and schedules, for Prometheus"},
      {"GET",    "/v0/auth",                             kAnyToken,    0,     {}, check_auth,        "whether the token is good"},
      {"GET",    "/v0/sql_tables",                       kAnyToken,    0,     {}, get_sql_tables,    "the tables that a statement names"},
      {"POST",   "/v0/sql_tables",                       kAnyToken,    kBody, {}, get_sql_tables,    "the tables that a statement names"},
      {"GET",    "/v0/environments",                     kAnyToken,    0,     {}, list_environments, "branches; there are none"},
      {"GET",    "/v0/tags",                             kAnyToken,    0,     {}, list_tags,         "tags; there are none"},
      {"GET",    "/v0/dependencies",                     kAnyToken,    0,     {}, list_dependencies, "what depends on data sources; nothing yet"},
  };
  // clang-format on
}

/// Of data sources and the events that fill them.
std::vector<Route> data_routes() {
  using enum Scope;
  constexpr size_t kBody = limits::kBodyBytes;
  constexpr BodyRule kFile = BodyRule::data(kUploadBytes);
  constexpr BodyRule kEvents = BodyRule::data(limits::kEventsBytes);
  // clang-format off
  return {
      {"GET",    "/v0/datasources",                      kAnyToken,      0,       {}, list_datasources,    "the data sources that the token may see"},
      {"POST",   "/v0/datasources",                      kFillSource,    kFile,   import_fields(), import_data, "create a data source, append a file to it or replace its rows"},
      {"GET",    "/v0/datasources/{datasource}.datasource", kReadSource, 0,       {}, get_datasource_text, "the text of one data source, as a .datasource file"},
      {"GET",    "/v0/datasources/{datasource}",         kReadSource,    0,       {}, get_datasource,      "one data source, its columns and how many rows it has"},
      {"PUT",    "/v0/datasources/{datasource}",         kCreateSources, kBody,   {}, change_datasource,   "change a data source's description"},
      {"POST",   "/v0/datasources/{datasource}/alter",   kCreateSources, kBody,   {}, alter_datasource,    "add nullable columns, or change the description"},
      {"DELETE", "/v0/datasources/{datasource}",         kDropSource,    kBody,   {}, delete_datasource,   "delete a data source with its rows and its quarantine"},
      {"POST",   "/v0/datasources/{datasource}/truncate", kCreateSources, kBody,  {}, truncate_datasource, "delete all rows"},
      {"POST",   "/v0/datasources/{datasource}/delete",  kCreateSources, kBody,   {}, delete_rows,         "delete the rows for which a condition is true"},
      {"POST",   "/v0/events",                           kFillSource,    kEvents, {}, take_events,         "append JSON objects, one a line"},
      {"POST",   "/v0/analyze",                          kFillSource,    kFile,   import_fields(), analyze_data, "the columns that a file has"},
  };
  // clang-format on
}

}  // namespace

const std::vector<Route>& route_table() {
  static const std::vector<Route> table = [] {
    std::vector<Route> all = pipe_routes();
    for (const std::vector<Route>& more : {other_routes(), data_routes()}) {
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }();
  return table;
}

}  // namespace sluice
