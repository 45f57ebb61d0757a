#include "app.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <thread>

#include "api/api.h"
#include "base/error.h"
#include "base/limits.h"
#include "catalog/connection_catalog.h"
#include "catalog/datasource_catalog.h"
#include "catalog/pipe_catalog.h"
#include "catalog/sink_catalog.h"
#include "catalog/token_catalog.h"
#include "catalog/variable_catalog.h"
#include "data_folder.h"
#include "door/http_server.h"
#include "door/tls.h"
#include "engine/clickhouse_engine.h"
#include "engine/engine_roster.h"
#include "jobs/backfill_service.h"
#include "jobs/cron_loop.h"
#include "jobs/history_pruner.h"
#include "jobs/job_runner.h"
#include "jobs/job_service.h"
#include "jobs/webhook_service.h"
#include "jobs/worker_pool.h"
#include "maintenance.h"
#include "object_store/open_store.h"
#include "query/query_service.h"
#include "state/log_views.h"
#include "state/workspace_store.h"
#include "version.h"
#include "warehouse/group_commit.h"
#include "warehouse/warehouse.h"

namespace sluice {
namespace {

/// How long requests under way may take when the server stops.
constexpr std::chrono::seconds kRequestGrace{5};
/// Of the process itself: code's data, connections, caches of SQLite.
constexpr uint64_t kOwnMemory = 64ULL * 1024 * 1024;
/// Many more than cores: a call may wait for a store, and others should not wait with it; and
/// events that wait for one commit are joined in it.
constexpr size_t kRequestWorkers = 64;

/// SIGTERM and SIGINT as something to wait for. Made before any thread, so that all inherit the
/// mask.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // A file over the limit of a process is an error to be told of.
  }
  void wait() {
    int signal = 0;
    sigwait(&set_, &signal);
  }
  /// From now on a signal ends the process at once.
  void let_through() { pthread_sigmask(SIG_UNBLOCK, &set_, nullptr); }

 private:
  sigset_t set_{};
};

/// Makes sure that an admin token exists; a new one is shown once.
void prepare_admin_token(const Config& config, const DataFolder& folder, TokenStore& tokens,
                         Clock& clock, Random& random) {
  const Token admin{random.uuid(), std::string(TokenCatalog::kAdminName), {"ADMIN"}};
  if (!config.admin_token.empty()) {
    tokens.put(admin, config.admin_token, clock.now());
    return;
  }
  if (tokens.exists(admin.name)) return;
  const Secret value = TokenCatalog::new_value(random);
  write_private_file(folder.admin_token(), value.reveal() + "\n");
  tokens.put(admin, value, clock.now());
  std::cout << "Admin token (shown once, also in " << folder.admin_token()
            << "): " << value.reveal() << std::endl;
}

/// The whole house, floor by floor; taken down in the opposite order.
class App {
 public:
  explicit App(const Config& config)
      : folder_(config.data_dir),
        clock_(make_system_clock()),
        random_(make_system_random()),
        http_(make_curl_client(endpoint_policy(config))),
        metadata_http_(make_curl_client()),
        google_account_(google_account(config)),
        warehouse_(make_warehouse(folder_, *clock_)),
        engine_(make_engine(
            config, folder_, [this](const std::string& name) { return variables_.value(name); },
            *clock_, *random_)),
        database_(folder_.state()),
        pipes_(database_),
        connections_(database_, settled_key(folder_, database_, config.secret_key, *random_),
                     *random_),
        workspace_(database_, *clock_, *random_),
        tokens_(database_),
        variables_(database_, settled_key(folder_, database_, config.secret_key, *random_),
                   *random_),
        webhooks_(database_, settled_key(folder_, database_, config.secret_key, *random_),
                  *random_),
        jobs_(database_, jobs_per_connection(config)),
        backfills_(database_),
        schedules_(database_),
        stores_(make_store_opener(
            {std::filesystem::absolute(config.local_root).string(), folder_.spool()}, *http_,
            *clock_, *random_, {config.aws, metadata_http_.get(), google_account_})),
        pipe_catalog_(pipes_, *warehouse_, *engine_, *clock_, *random_),
        sink_catalog_({pipes_, connections_, *engine_, *stores_, jobs_, *clock_, config.max_sinks,
                       region_names(config)}),
        connection_catalog_({connections_, pipes_, workspace_, *stores_, *clock_, *random_,
                             google_account_ ? google_account_->client_email : "",
                             region_names(config)}),
        events_(*warehouse_),
        datasource_catalog_({*warehouse_, events_, pipes_, *engine_, *clock_, *random_,
                             attached_names(config), config.job_timeout, config.import_root}),
        schedule_catalog_(pipes_, schedules_, sink_catalog_, *clock_),
        token_catalog_(tokens_, *clock_, *random_),
        variable_catalog_(variables_, *clock_),
        planner_([this](const Pipe& pipe, const RunVariables& variables) {
          return sink_catalog_.plan_unattended(pipe, variables);
        }),
        followers_(pipes_, planner_, *clock_, *random_),
        runner_({jobs_, connections_, *engine_, *stores_, *clock_, *random_,
                 export_limits(config, folder_), config.max_attempts, &followers_,
                 [this] { warehouse_->settle(); }}),
        budget_({config.workers, uploads(config), memory_for_jobs(config)}, *clock_),
        workers_(jobs_, runner_, budget_, *clock_),
        job_service_(jobs_, workers_, *clock_, *random_, config.max_queue),
        preview_({connections_, *engine_, *stores_, *clock_, export_limits(config, folder_)}),
        verifier_({jobs_, connections_, *stores_}),
        queries_(*engine_, *clock_, query_limits(config)),
        cron_(pipes_, schedules_, workers_, planner_, *clock_, *random_),
        backfill_service_(
            backfills_, workers_,
            [this](const Pipe& pipe, const std::vector<RunVariables>& runs) {
              return sink_catalog_.plan_each(pipe, runs);
            },
            *clock_, *random_),
        webhook_sender_(webhooks_, *http_, *clock_, *random_),
        webhook_service_(webhooks_, webhook_sender_, *clock_, *random_),
        pruner_(jobs_, *clock_, config.keep_history),
        rate_limit_(*clock_, config.rate_limit),
        api_({pipe_catalog_,
              pipes_,
              sink_catalog_,
              connection_catalog_,
              schedule_catalog_,
              datasource_catalog_,
              events_,
              job_service_,
              backfill_service_,
              webhook_service_,
              preview_,
              verifier_,
              runner_.metrics(),
              queries_,
              database_,
              token_catalog_,
              variable_catalog_,
              rate_limit_,
              workspace_,
              *clock_,
              *random_,
              config.public_url,
              kVersion,
              config.aws_principal,
              google_account_ ? google_account_->client_email : "",
              !config.tls_cert.empty()}),
        tls_(tls_identity(config)),
        server_(
            door_options(config, folder_, *random_, tls_.get()),
            [this](const DoorRequest& request) { return api_.handle(request); }, &Api::body_limit,
            [this](const DoorRequest& request) { return api_.refuse_body(request); }) {
    prepare_admin_token(config, folder_, tokens_, *clock_, *random_);
  }

  void start(const Config& config) {
    events_.start();
    server_.start();
    jobs_.requeue_interrupted(clock_->now());
    workers_.start();
    cron_.start();
    webhook_sender_.start();
    pruner_.start();
    api_.set_ready(true);
    log_info("Sluice " + std::string(kVersion) + " listens on " + (tls_ ? "https://" : "http://") +
             config.host + ":" + std::to_string(server_.port()) + ", data in " + config.data_dir +
             ".");
  }

  void stop() {
    api_.set_ready(false);
    cron_.stop();
    pruner_.stop();
    workers_.stop();
    webhook_sender_.stop();
    server_.stop(kRequestGrace);
    events_.stop();  // Requests wait for it.
  }

 private:
  /// Opens the first database of the process, so SQLite is told first how it is used here.
  static std::unique_ptr<Warehouse> make_warehouse(const DataFolder& folder, Clock& clock) {
    configure_sqlite(folder.spool());
    return std::make_unique<Warehouse>(folder.warehouse(), folder.spool(), clock);
  }
  static std::unique_ptr<Engine> make_engine(const Config& config, const DataFolder& folder,
                                             SecretLookup secrets, Clock& clock, Random& random) {
    std::vector<LogTable> logs;
    for (const LogView& view : log_views()) logs.push_back({view.name, view.columns});
    std::map<std::string, std::unique_ptr<Engine>> engines;
    engines[""] = make_sqlite_engine(
        {folder.warehouse(), config.attached, folder.state(), logs, &random, std::move(secrets)},
        clock);
    // Whoever starts Sluice names the clusters, so their addresses need no policy.
    const OpenStream open = [](HttpRequest request) {
      return open_http_stream(std::move(request));
    };
    for (const ClickhouseCluster& cluster : config.clusters) {
      engines[cluster.name] = make_clickhouse_engine(cluster, open, random);
    }
    return make_engine_roster(std::move(engines));
  }
  static size_t uploads(const Config& config) { return config.uploads.value_or(config.workers); }
  /// As many as are asked for; by default, one store never has all.
  static size_t jobs_per_connection(const Config& config) {
    if (config.max_jobs_per_connection > 0) return config.max_jobs_per_connection;
    return uploads(config) == 0 ? 0 : config.workers + uploads(config) - 1;
  }
  /// Of all answers to queries that are being made.
  static uint64_t memory_for_answers(const Config& config) { return config.memory_limit / 8; }
  static uint64_t memory_for_jobs(const Config& config) {
    return config.memory_limit - kOwnMemory - memory_for_answers(config);
  }
  static QueryLimits query_limits(const Config& config) {
    const uint64_t all = memory_for_answers(config);
    return {config.query_timeout,
            limits::kQueriesAtOnce,
            limits::kQueryBytes,
            std::min<size_t>(limits::kAnswerBytes, all),
            all,
            limits::kQueryPatience};
  }
  /// What every job may use; of memory, what a preview may, which has none of the budget's.
  static ExportLimits export_limits(const Config& config, const DataFolder& folder) {
    ExportLimits each;
    each.run_time = config.job_timeout;
    each.files = config.max_files;
    each.memory_bytes = memory_for_jobs(config) / config.workers;
    each.lanes = std::max<size_t>(1, std::thread::hardware_concurrency());
    each.spool_dir = folder.spool();
    return each;
  }
  static std::optional<GoogleAccount> google_account(const Config& config) {
    if (config.gcp_credentials.empty()) return std::nullopt;
    return read_google_account(config.gcp_credentials);
  }
  /// Connections name endpoints freely, so the server's own network is closed to them.
  static EndpointPolicy endpoint_policy(const Config& config) {
    std::vector<std::string> patterns = config.allow_endpoints;
    if (!config.aws.sts_endpoint.empty()) {
      patterns.push_back(config.aws.sts_endpoint);  // Whoever starts Sluice set it.
    }
    return {patterns, is_loopback_host(config.host)};
  }
  static std::vector<std::string> attached_names(const Config& config) {
    std::vector<std::string> names;
    for (const AttachedFile& file : config.attached) names.push_back(file.name);
    return names;
  }
  static RegionNames region_names(const Config& config) {
    return config.custom_regions ? RegionNames::kCustom : RegionNames::kPublished;
  }
  static std::unique_ptr<TlsIdentity> tls_identity(const Config& config) {
    if (config.tls_cert.empty()) return nullptr;
    return std::make_unique<TlsIdentity>(config.tls_cert, config.tls_key);
  }
  static DoorOptions door_options(const Config& config, const DataFolder& folder, Random& random,
                                  const TlsIdentity* tls) {
    DoorOptions options;
    options.tls = tls;
    options.spool_dir = folder.spool();
    options.host = config.host;
    options.port = config.port;
    options.workers = kRequestWorkers;
    options.request_id = [&random] { return random.hex(8); };
    return options;
  }

  DataFolder folder_;
  std::unique_ptr<Clock> clock_;
  std::unique_ptr<Random> random_;
  std::unique_ptr<HttpClient> http_;
  std::unique_ptr<HttpClient> metadata_http_;  ///< Of our own credentials alone.
  std::optional<GoogleAccount> google_account_;
  std::unique_ptr<Warehouse> warehouse_;
  std::unique_ptr<Engine> engine_;
  StateDatabase database_;
  PipeStore pipes_;
  ConnectionStore connections_;
  WorkspaceStore workspace_;
  TokenStore tokens_;
  VariableStore variables_;
  WebhookStore webhooks_;
  JobStore jobs_;
  BackfillStore backfills_;
  ScheduleStore schedules_;
  std::unique_ptr<StoreOpener> stores_;
  PipeCatalog pipe_catalog_;
  SinkCatalog sink_catalog_;
  ConnectionCatalog connection_catalog_;
  GroupCommit events_;
  DatasourceCatalog datasource_catalog_;
  ScheduleCatalog schedule_catalog_;
  TokenCatalog token_catalog_;
  VariableCatalog variable_catalog_;
  RunPlanner planner_;
  Followers followers_;
  JobRunner runner_;
  WorkBudget budget_;
  WorkerPool workers_;
  JobService job_service_;
  SinkPreview preview_;
  JobVerifier verifier_;
  QueryService queries_;
  CronLoop cron_;
  BackfillService backfill_service_;
  WebhookSender webhook_sender_;
  WebhookService webhook_service_;
  HistoryPruner pruner_;
  RateLimit rate_limit_;
  Api api_;
  std::unique_ptr<TlsIdentity> tls_;
  HttpServer server_;
};

}  // namespace

int serve(const Config& config) {
  start_log(config.log_level);
  Signals signals;
  App app(config);
  app.start(config);
  signals.wait();
  log_info("Sluice stops; another signal ends it at once.");
  signals.let_through();
  app.stop();
  return 0;
}

}  // namespace sluice
