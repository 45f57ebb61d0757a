#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/parameters.h"
#include "api/rate_limit.h"
#include "base/clock.h"
#include "base/random.h"
#include "catalog/connection_catalog.h"
#include "catalog/datasource_catalog.h"
#include "catalog/pipe_catalog.h"
#include "catalog/schedule_catalog.h"
#include "catalog/sink_catalog.h"
#include "catalog/token_catalog.h"
#include "catalog/variable_catalog.h"
#include "door/http_message.h"
#include "jobs/backfill_service.h"
#include "jobs/job_service.h"
#include "jobs/job_verifier.h"
#include "jobs/sink_preview.h"
#include "jobs/webhook_service.h"
#include "query/query_service.h"
#include "state/workspace_store.h"

namespace sluice {

/// What a call does; it all outlives the API.
struct ApiParts {
  PipeCatalog& pipes;
  PipeStore& pipe_store;
  SinkCatalog& sinks;
  ConnectionCatalog& connections;
  ScheduleCatalog& schedules;
  DatasourceCatalog& datasources;
  const GroupCommit& events;
  JobService& jobs;
  BackfillService& backfills;
  WebhookService& webhooks;
  SinkPreview& preview;
  JobVerifier& verifier;
  const JobMetrics& metrics;
  QueryService& queries;
  StateDatabase& state;
  TokenCatalog& tokens;
  VariableCatalog& variables;
  RateLimit& rate_limit;
  WorkspaceStore& workspace;
  Clock& clock;
  Random& random;
  /// Scheme and host clients reach us by; empty: the Host header of each request.
  std::string public_url;
  std::string version;
  /// ARN that Sluice calls AWS as; empty: roles are not configured.
  std::string aws_principal = {};
  /// The server's own Google service account; empty: there is none.
  std::string google_account = {};
  bool https = false;  ///< How clients reach this server, where `public_url` is empty.
};

/// One call on its way to a handler.
struct ApiCall {
  const DoorRequest& request;
  Parameters parameters;
  /// What stands for `{...}` in the route's pattern, in order, decoded.
  std::vector<std::string> names;
  Token token;
  std::string base_url;
};

/// What a token needs for a route; `access.cpp` says which scopes that are. `ADMIN` may do
/// everything.
enum class Scope {
  kOpen,           ///< No token at all.
  kAnyToken,       ///< Any token: the answer tells nothing that one may not know.
  kAdmin,          ///< ADMIN.
  kTokens,         ///< TOKENS.
  kAnyPipe,        ///< PIPES:CREATE, or PIPES:READ of some pipe.
  kCreatePipes,    ///< PIPES:CREATE.
  kReadPipe,       ///< PIPES:CREATE, or PIPES:READ of the pipe in the path.
  kRunPipe,        ///< PIPES:READ of the pipe in the path.
  kDropPipe,       ///< PIPES:DROP of the pipe in the path.
  kReadJob,        ///< PIPES:READ of the job's pipe.
  kReadSource,     ///< DATASOURCES:CREATE, or READ or APPEND of the data source in the path.
  kFillSource,     ///< DATASOURCES:CREATE, or APPEND of some data source; the handler asks which.
  kCreateSources,  ///< DATASOURCES:CREATE.
  kDropSource,     ///< DATASOURCES:DROP of the data source in the path.
};

/// A line of the route table.
struct Route {
  std::string_view method;
  std::string_view pattern;
  Scope scope;
  BodyRule body_limit;
  /// Fields by which a url-encoded form is told from a raw body or data; empty: the body is
  /// neither.
  std::set<std::string> raw_fields;
  DoorResponse (*handle)(const ApiParts&, const ApiCall&);
  std::string_view summary;
};

const std::vector<Route>& route_table();

/// HTTP in, domain calls, HTTP out. Thread-safe.
class Api {
 public:
  explicit Api(ApiParts parts) : parts_(std::move(parts)) {}

  DoorResponse handle(const DoorRequest& request) const;
  /// What the body of a request may be.
  static BodyRule body_limit(const std::string& method, const std::string& path);
  /// Why the client may not send a body that is too large for memory, told by the head of its
  /// request alone: it has no token, or not the right one. Absent: it may.
  std::optional<DoorResponse> refuse_body(const DoorRequest& request) const;
  /// From now on /health says that no new work should come.
  void set_ready(bool ready) { ready_ = ready; }

 private:
  DoorResponse dispatch(const DoorRequest& request) const;
  DoorResponse call(const Route& route, const DoorRequest& request,
                    std::vector<std::string> names) const;
  /// Scheme and host that the client reaches us by.
  std::string base_url(const DoorRequest& request) const;
  DoorResponse answer(const Route& route, ApiCall& call) const;

  ApiParts parts_;
  std::atomic<bool> ready_{false};
};

}  // namespace sluice
