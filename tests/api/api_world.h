#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "api/api.h"
#include "catalog/catalog_world.h"
#include "jobs/job_runner.h"
#include "support/export_limits.h"
#include "support/scripted_client.h"

namespace sluice {

using nlohmann::json;

/// What a call is answered.
struct Answer {
  int status = 0;
  json body;
  std::vector<Header> headers;

  std::string error() const { return body.value("error", ""); }
  std::string header(std::string_view name) const {
    const Header* found = find_header(headers, name);
    return found == nullptr ? "" : found->value;
  }
};

/// The API over everything below it but sockets; the store is in memory.
struct ApiWorld : CatalogWorld {
  ApiWorld() {
    tokens.put({"1", "admin", {"ADMIN"}}, Secret("p.admin"), clock.now());
    tokens.put({"2", "reader", {"PIPES:READ:flights"}}, Secret("p.reader"), clock.now());
    events.start();
    api.set_ready(true);
  }

  static DoorRequest request(const std::string& method, const std::string& target,
                             const std::string& body = {}, const std::string& type = {}) {
    DoorRequest request;
    request.method = method;
    request.target = target;
    const size_t mark = target.find('?');
    request.path = target.substr(0, mark);
    if (mark != std::string::npos) request.query = target.substr(mark + 1);
    request.headers = {{"Host", "example.test:7181"}, {"Authorization", "Bearer p.admin"}};
    if (!type.empty()) request.headers.push_back({"Content-Type", type});
    request.body = body;
    return request;
  }
  Answer send(const DoorRequest& request) {
    const DoorResponse response = api.handle(request);
    Answer answer{response.status, nullptr, response.headers};
    if (response.content_type != "application/json") {
      answer.body = response.body;
    } else if (!response.body.empty()) {
      answer.body = json::parse(response.body);
    }
    return answer;
  }
  /// The same call by another token.
  Answer send_as(const std::string& value, DoorRequest request) {
    for (Header& header : request.headers) {
      if (header.name == "Authorization") header.value = "Bearer " + value;
    }
    return send(request);
  }
  Answer get(const std::string& target) { return send(request("GET", target)); }
  Answer put(const std::string& target, const std::string& form = {}) {
    return send(request("PUT", target, form, "application/x-www-form-urlencoded"));
  }
  Answer del(const std::string& target) { return send(request("DELETE", target)); }
  /// Form fields, as curl -d sends them.
  Answer post(const std::string& target, const std::string& form = {}) {
    return send(request("POST", target, form, "application/x-www-form-urlencoded"));
  }
  Answer post_json(const std::string& target, const json& body) {
    return send(request("POST", target, body.dump(), "application/json"));
  }

  /// A pipe `flights`, a connection `disk`.
  void make_flights() {
    disk();
    pipe("flights", {"SELECT id, region FROM shop.orders"});
  }
  /// And the sink of the pipe.
  void make_sink(const std::string& more = {}) {
    make_flights();
    const Answer answer = post("/v0/pipes/flights/nodes/flights_0/sink",
                               "connection=disk&path=local://out&file_template=all" + more);
    if (answer.status != 200) throw std::runtime_error(answer.error());
  }
  /// The id of a new job of the sink.
  std::string run_sink() {
    return post("/v0/pipes/flights/sink").body.at("job").at("id").get<std::string>();
  }

  static constexpr const char* kPrincipal = "arn:aws:iam::123456789012:user/sluice";
  ScheduleStore schedules{database};
  GroupCommit events{warehouse};
  DatasourceCatalog datasource_catalog{{warehouse, events, pipes, *engine, clock, random}};
  ScheduleCatalog schedule_catalog{pipes, schedules, sink_catalog, clock};
  TokenStore tokens{database};
  TokenCatalog token_catalog{tokens, clock, random};
  VariableCatalog variable_catalog{variable_store, clock};
  RateLimit rate_limit{clock, 0};
  JobRunner runner{{jobs, connections, *engine, stores, clock, random, test_limits()}};
  WorkBudget budget{{2, 1, 64ULL << 20}, clock};
  WorkerPool workers{jobs, runner, budget, clock};
  JobService service{jobs, workers, clock, random, 3};
  BackfillStore backfill_store{database};
  BackfillService backfills{backfill_store, workers,
                            [this](const Pipe& pipe, const std::vector<RunVariables>& runs) {
                              return sink_catalog.plan_each(pipe, runs);
                            },
                            clock, random};
  WebhookStore webhook_store{database, Secret(std::string(32, 'k')), random};
  ScriptedClient http{[](const ScriptedClient::Seen&) { return HttpResponse{204, {}, {}}; }};
  WebhookSender webhook_sender{webhook_store, http, clock, random};
  WebhookService webhooks{webhook_store, webhook_sender, clock, random};
  SinkPreview preview{{connections, *engine, stores, clock, test_limits()}};
  JobVerifier verifier{{jobs, connections, stores}};
  QueryService queries{
      *engine,
      clock,
      {std::chrono::seconds(10), 2, 8 << 20, 64 * 1024, 128 * 1024, std::chrono::milliseconds(0)}};
  Api api{{pipe_catalog,     pipes,
           sink_catalog,     connection_catalog,
           schedule_catalog, datasource_catalog,
           events,           service,
           backfills,        webhooks,
           preview,          verifier,
           runner.metrics(), queries,
           database,         token_catalog,
           variable_catalog, rate_limit,
           workspace,        clock,
           random,           "",
           "1.2.3",          kPrincipal}};
};

}  // namespace sluice
