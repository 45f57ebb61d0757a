#include "api/handlers.h"
#include "base/limits.h"

namespace sluice {

const std::vector<Route>& route_table() {
  using enum Scope;
  constexpr size_t kBody = limits::kBodyBytes;
  // clang-format off
  static const std::vector<Route> table = {
      {"GET",    "/health",                              kOpen,    0,     {}, get_health,        "whether Sluice is ready"},
      {"GET",    "/v0/pipes",                            kAdmin,   0,     {}, list_pipes,        "all pipes"},
      {"POST",   "/v0/pipes",                            kAdmin,   kBody, {}, create_pipe,       "make a pipe of SQL"},
      {"GET",    "/v0/pipes/{pipe}",                     kAdmin,   0,     {}, get_pipe,          "one pipe"},
      {"DELETE", "/v0/pipes/{pipe}",                     kAdmin,   kBody, {}, delete_pipe,       "delete a pipe, its sink and schedule"},
      {"POST",   "/v0/pipes/{pipe}/nodes",               kAdmin,   kBody, {"name", "sql", "description"}, add_node, "add a node; the body is its SQL"},
      {"POST",   "/v0/pipes/{pipe}/nodes/{node}/sink",   kAdmin,   kBody, {}, set_sink,          "make the node a sink, with a schedule or without"},
      {"DELETE", "/v0/pipes/{pipe}/nodes/{node}/sink",   kAdmin,   kBody, {}, delete_sink,       "remove the sink and its schedule"},
      {"POST",   "/v0/pipes/{pipe}/sink",                kRunPipe, kBody, {}, run_sink,          "run the sink now"},
      {"POST",   "/v0/pipes/{pipe}/sink/preview",        kAdmin,   kBody, {}, preview_sink,      "what a run would write; writes nothing"},
      {"GET",    "/v0/jobs",                             kAdmin,   0,     {}, list_jobs,         "jobs, newest first"},
      {"GET",    "/v0/jobs/{job}",                       kAdmin,   0,     {}, get_job,           "one job"},
      {"POST",   "/v0/jobs/{job}/cancel",                kAdmin,   kBody, {}, cancel_job,        "stop a job"},
      {"POST",   "/v0/jobs/{job}/verify",                kAdmin,   kBody, {}, verify_job,        "re-read what the job published and compare"},
      {"GET",    "/v0/connectors",                       kAdmin,   0,     {}, list_connections,  "all connections"},
      {"POST",   "/v0/connectors",                       kAdmin,   kBody, {}, create_connection, "make a connection to a store"},
      {"GET",    "/v0/connectors/{connection}",          kAdmin,   0,     {}, get_connection,    "one connection, without its secrets"},
      {"POST",   "/v0/connectors/{connection}/test",     kAdmin,   kBody, {}, test_connection,   "list, write and delete with a connection; says which step failed"},
      {"DELETE", "/v0/connectors/{connection}",          kAdmin,   kBody, {}, delete_connection, "delete a connection that no sink uses"},
  };
  // clang-format on
  return table;
}

}  // namespace sluice
