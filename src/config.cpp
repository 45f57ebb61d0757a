#include "config.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <thread>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "config_aws.h"
#include "domain/backfill.h"
#include "net/endpoint_policy.h"
#include "version.h"

namespace sluice {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr int kUsageError = 2;
constexpr uint64_t kMib = 1024 * 1024;
constexpr uint64_t kLeastMemoryMib = 128;
constexpr uint64_t kMostMemoryMib = 1024 * 1024;

const std::map<std::string, LogLevel> kLevels = {{"debug", LogLevel::kDebug},
                                                 {"info", LogLevel::kInfo},
                                                 {"warn", LogLevel::kWarn},
                                                 {"error", LogLevel::kError},
                                                 {"off", LogLevel::kOff}};

constexpr const char* kFooter =
    "First steps:\n"
    "  sluice serve --attach shop=shop.db\n"
    "  TOKEN=$(cat sluice-data/admin.token)\n"
    "  curl -H \"Authorization: Bearer $TOKEN\" 'localhost:7181/v0/pipes' -d name=orders -d "
    "sql='SELECT * FROM shop.orders'\n\n"
    "Secrets come from the environment only: SLUICE_ADMIN_TOKEN (the admin token; else made on "
    "first\nstart and written to <data-dir>/admin.token) and SLUICE_SECRET_KEY (64 hex digits that "
    "encrypt\nstored credentials; else made and kept in <data-dir>/secret.key).";

Secret secret_of(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? Secret() : Secret(value);
}

Secret key_of(const char* name) {
  const Secret text = secret_of(name);
  if (text.empty()) return {};
  std::optional<std::string> key = hex_decode(text.reveal());
  if (!key || key->size() != kKeyBytes) {
    throw Error(ErrorCode::kInvalid, std::string(name) + " is not a key.",
                "Give 64 hex digits, for example of: openssl rand -hex 32");
  }
  return Secret(std::move(*key));
}

std::vector<std::string> list_of(const char* name, char separator) {
  const char* value = std::getenv(name);
  std::stringstream text(value == nullptr ? "" : value);
  std::vector<std::string> items;
  for (std::string item; std::getline(text, item, separator);) {
    if (!item.empty()) items.push_back(item);
  }
  return items;
}

std::vector<ClickhouseCluster> parse_clusters(const std::vector<std::string>& texts) {
  std::vector<ClickhouseCluster> clusters;
  for (const std::string& text : texts) {
    ClickhouseCluster cluster = parse_clickhouse_cluster(text);
    for (const ClickhouseCluster& other : clusters) {
      if (other.name != cluster.name) continue;
      throw Error(ErrorCode::kInvalid, "Two clusters are named '" + cluster.name + "'.",
                  "Give each --clickhouse a name of its own.");
    }
    clusters.push_back(std::move(cluster));
  }
  return clusters;
}

std::vector<AttachedFile> parse_attached(const std::vector<std::string>& texts) {
  std::vector<AttachedFile> files;
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
      throw Error(ErrorCode::kInvalid, "--attach '" + text + "' is not NAME=FILE.",
                  "Write for example --attach shop=/data/shop.db.");
    }
    files.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  return files;
}

/// What CLI11 fills in before it becomes a Config.
struct Raw {
  Config config;
  std::vector<std::string> attach;
  std::vector<std::string> clickhouse;
  std::string keep_history;
  int64_t job_timeout_s = limits::kJobRunTime.count();
  int64_t query_timeout_s = limits::kQueryTime.count();
  uint64_t memory_limit_mib = limits::kMemoryBytes / kMib;
};

void add_options(CLI::App& serve, Raw& raw) {
  Config& config = raw.config;
  serve.add_option("--host", config.host, "Address to listen on")
      ->envname("SLUICE_HOST")
      ->capture_default_str();
  serve.add_option("--port", config.port, "Port to listen on; 0 takes any that is free")
      ->envname("SLUICE_PORT")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  serve
      .add_option("--attach", raw.attach,
                  "SQLite file that pipes may read as NAME.table; up to nine, repeat it "
                  "(Env:SLUICE_ATTACH, with commas)")
      ->type_name("NAME=FILE")
      ->expected(1)
      ->take_all();
  serve
      .add_option("--clickhouse", raw.clickhouse,
                  "ClickHouse cluster that pipes may run on with engine=NAME, several hosts with "
                  "commas; repeat it. With a password, better as SLUICE_CLICKHOUSE, separated by "
                  "spaces")
      ->type_name("NAME=URL")
      ->expected(1)
      ->take_all();
  serve.add_option("--workers", config.workers, "Jobs whose queries run at the same time")
      ->envname("SLUICE_WORKERS")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  serve
      .add_option("--uploads", config.uploads,
                  "Further jobs that may begin while others wait for their store (default: as many "
                  "as --workers)")
      ->envname("SLUICE_UPLOADS")
      ->check(CLI::Range(0, 256));
  serve
      .add_option("--local-root", config.local_root,
                  "Folder that 'local' connections write below (default: <data-dir>/objects)")
      ->envname("SLUICE_LOCAL_ROOT");
  serve
      .add_option("--import-root", config.import_root,
                  "Folder whose files calls may name to fill data sources (default: none)")
      ->type_name("FOLDER")
      ->check(CLI::ExistingDirectory)
      ->envname("SLUICE_IMPORT_ROOT");
  serve.add_option("--log-level", config.log_level, "How much is logged to standard error")
      ->envname("SLUICE_LOG_LEVEL")
      ->transform(CLI::CheckedTransformer(kLevels, CLI::ignore_case))
      ->option_text("debug|info|warn|error|off =info (Env:SLUICE_LOG_LEVEL)");
  serve
      .add_option("--public-url", config.public_url,
                  "Address clients reach Sluice by (default: the Host of each request)")
      ->envname("SLUICE_PUBLIC_URL");
  serve
      .add_option("--job-timeout", raw.job_timeout_s, "Seconds after which a job's query is ended")
      ->envname("SLUICE_JOB_TIMEOUT")
      ->check(CLI::Range(1, 30 * 24 * 3600))
      ->capture_default_str();
  serve
      .add_option("--query-timeout", raw.query_timeout_s,
                  "Seconds after which a query of /v0/sql or an endpoint is ended")
      ->envname("SLUICE_QUERY_TIMEOUT")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
}

/// What jobs may use, and how much there may be of what.
void add_limits(CLI::App& serve, Raw& raw) {
  Config& config = raw.config;
  serve
      .add_option("--max-queue", config.max_queue, "Jobs that may wait; more are answered with 429")
      ->envname("SLUICE_MAX_QUEUE")
      ->capture_default_str();
  serve
      .add_option("--max-attempts", config.max_attempts,
                  "Times that a job is tried whose failure may heal (network, throttling, locks)")
      ->envname("SLUICE_MAX_ATTEMPTS")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  serve
      .add_option(
          "--max-jobs-per-connection", config.max_jobs_per_connection,
          "Jobs that may write to one connection at the same time (0: one less than may run "
          "in all, so that a slow store leaves room for the others)")
      ->envname("SLUICE_MAX_JOBS_PER_CONNECTION")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  serve
      .add_option("--keep-history", raw.keep_history,
                  "How long jobs that ended are kept, as 90d or 12h (default: for ever)")
      ->envname("SLUICE_KEEP_HISTORY");
  serve
      .add_option("--max-sinks", config.max_sinks, "Sinks there may be; more are answered with 403")
      ->envname("SLUICE_MAX_SINKS")
      ->capture_default_str();
  serve
      .add_option("--max-files", config.max_files, "Files one job may write; more are a job error")
      ->envname("SLUICE_MAX_FILES")
      ->check(CLI::Range(size_t{1}, size_t{10'000'000}))
      ->capture_default_str();
  serve
      .add_option("--memory-limit", raw.memory_limit_mib,
                  "Memory that all jobs together stay within, in MiB")
      ->envname("SLUICE_MEMORY_LIMIT")
      ->check(CLI::Range(kLeastMemoryMib, kMostMemoryMib))
      ->capture_default_str();
}

void add_data_dir(CLI::App& command, Config& config) {
  command
      .add_option("--data-dir", config.data_dir, "Folder of state, warehouse, spool and objects")
      ->envname("SLUICE_DATA_DIR")
      ->capture_default_str();
}

/// What is done to a data folder beside serving it.
void add_maintenance(CLI::App& app, Config& config) {
  CLI::App* backup =
      app.add_subcommand("backup", "Copy the state to a file; the server may be running");
  backup->add_option("FILE", config.backup_file, "The copy, a new file")->required();
  add_data_dir(*backup, config);
  backup->callback([&config] { config.command = Command::kBackup; });
  backup->footer(
      "The copy holds pipes, connections, schedules, tokens (hashed) and jobs, as they are at one\n"
      "moment. To restore it, stop the server, put it in place of <data-dir>/state.db and remove\n"
      "state.db-wal and state.db-shm. Neither the secret key nor the rows of\n"
      "data sources (warehouse.db) are in it.");
  CLI::App* rotate = app.add_subcommand(
      "rotate-key", "Encrypt stored credentials with a new key; the server must be stopped");
  add_data_dir(*rotate, config);
  rotate->callback([&config] { config.command = Command::kRotateKey; });
  rotate->footer(
      "The new key is made and kept in <data-dir>/secret.key. Where the key is given as\n"
      "SLUICE_SECRET_KEY instead, give the new one as SLUICE_NEW_SECRET_KEY.");
}

void add_tls_options(CLI::App& serve, Config& config) {
  serve
      .add_option("--tls-cert", config.tls_cert,
                  "Certificate chain (PEM) to serve HTTPS with; the server's own comes first")
      ->type_name("FILE")
      ->envname("SLUICE_TLS_CERT");
  serve.add_option("--tls-key", config.tls_key, "Private key (PEM) of that certificate")
      ->type_name("FILE")
      ->envname("SLUICE_TLS_KEY");
}

void add_api_options(CLI::App& serve, Config& config) {
  serve
      .add_option("--aws-principal", config.aws_principal,
                  "ARN of the AWS identity that assumes the roles of s3_iamrole connections, for "
                  "their trust policy")
      ->envname("SLUICE_AWS_PRINCIPAL")
      ->check([](const std::string& arn) {
        return arn.starts_with("arn:aws") ? "" : "'" + arn + "' is no ARN, as arn:aws:iam::...";
      });
  serve
      .add_option("--rate-limit", config.rate_limit,
                  "Requests a minute that one token may make; more are answered with 429 (0: no "
                  "limit)")
      ->envname("SLUICE_RATE_LIMIT")
      ->check(CLI::Range(0, 10'000'000))
      ->capture_default_str();
}

/// About the stores that connections reach.
void add_store_options(CLI::App& serve, Config& config) {
  serve
      .add_flag(
          "--custom-regions", config.custom_regions,
          "Take region names that AWS has not published; a connection with an s3_endpoint may "
          "have any, anyway")
      ->envname("SLUICE_CUSTOM_REGIONS");
  serve
      .add_option(
          "--allow-endpoint", config.allow_endpoints,
          "Endpoint of a store beside public ones (and loopback, while Sluice itself listens "
          "there): a host, *.domain, an address or a range as 10.0.0.0/8, each also with "
          ":port; repeat it (Env:SLUICE_ALLOW_ENDPOINT, with commas)")
      ->type_name("PATTERN")
      ->expected(1)
      ->take_all();
  serve
      .add_option("--gcp-credentials", config.gcp_credentials,
                  "JSON key of the Google service account that gcs_service_account connections use")
      ->type_name("FILE")
      ->envname("SLUICE_GCP_CREDENTIALS");
}

void finish(Raw& raw) {
  Config& config = raw.config;
  config.aws = read_aws_environment();
  if (raw.attach.empty()) raw.attach = list_of("SLUICE_ATTACH", ',');
  config.attached = parse_attached(raw.attach);
  if (raw.clickhouse.empty()) raw.clickhouse = list_of("SLUICE_CLICKHOUSE", ' ');
  config.clusters = parse_clusters(raw.clickhouse);
  if (config.allow_endpoints.empty())
    config.allow_endpoints = list_of("SLUICE_ALLOW_ENDPOINT", ',');
  (void)EndpointPolicy(config.allow_endpoints, false);  // What is malformed is said now.
  config.memory_limit = raw.memory_limit_mib * kMib;
  config.job_timeout = std::chrono::seconds(raw.job_timeout_s);
  config.query_timeout = std::chrono::seconds(raw.query_timeout_s);
  if (!raw.keep_history.empty()) config.keep_history = parse_step(raw.keep_history);
  config.admin_token = secret_of("SLUICE_ADMIN_TOKEN");
  config.secret_key = key_of("SLUICE_SECRET_KEY");
  config.new_secret_key = key_of("SLUICE_NEW_SECRET_KEY");
  if (config.tls_cert.empty() != config.tls_key.empty()) {
    throw Error(ErrorCode::kInvalid, "Of --tls-cert and --tls-key only one is given.",
                "Give both, or neither for plain HTTP.");
  }
  if (config.local_root.empty()) config.local_root = config.data_dir + "/objects";
  while (config.public_url.ends_with('/')) config.public_url.pop_back();
}

}  // namespace

std::optional<Config> read_config(int argc, char** argv, int& exit_status) {
  CLI::App app("Sluice turns SQL into files in object storage, on a schedule or on demand.");
  app.set_version_flag("--version", std::string("sluice ") + kVersion);
  app.require_subcommand(1);
  app.footer(kFooter);
  CLI::App* serve = app.add_subcommand("serve", "Run the server");
  serve->footer(std::string("Every flag is also an environment variable: --data-dir is "
                            "SLUICE_DATA_DIR.\n\n") +
                kFooter);
  Raw raw;
  raw.config.workers = std::max<size_t>(2, std::thread::hardware_concurrency());
  raw.config.max_queue = limits::kQueuedJobs;
  raw.config.max_attempts = limits::kJobAttempts;
  raw.config.max_sinks = limits::kSinks;
  raw.config.max_files = limits::kFilesPerJob;
  add_data_dir(*serve, raw.config);
  add_options(*serve, raw);
  add_limits(*serve, raw);
  add_tls_options(*serve, raw.config);
  add_store_options(*serve, raw.config);
  add_api_options(*serve, raw.config);
  add_maintenance(app, raw.config);
  exit_status = 0;
  try {
    app.parse(argc, argv);
    finish(raw);
    return std::move(raw.config);
  } catch (const CLI::ParseError& failure) {
    exit_status = app.exit(failure) == 0 ? 0 : kUsageError;
  } catch (const Error& error) {
    std::cerr << "sluice: " << error.what() << "\n";
    exit_status = kUsageError;
  }
  return std::nullopt;
}

}  // namespace sluice
