#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/secret.h"
#include "engine/clickhouse_address.h"
#include "engine/sqlite_engine.h"
#include "object_store/aws_environment.h"

namespace sluice {

/// What the program is to do.
enum class Command { kServe, kBackup, kRotateKey };

/// Everything a run of the server is told, from flags and environment (each flag `--some-name` is
/// also `SLUICE_SOME_NAME`; the flag wins).
struct Config {
  Command command = Command::kServe;
  std::string host = "127.0.0.1";
  int port = 7181;
  std::string data_dir = "./sluice-data";
  std::vector<AttachedFile> attached;
  std::vector<ClickhouseCluster> clusters;
  size_t workers = 0;             ///< Jobs whose query runs at the same time.
  std::optional<size_t> uploads;  ///< Further jobs, while those wait for a store; absent: as many.
  std::string local_root;         ///< Empty: `<data_dir>/objects`.
  std::string import_root;        ///< Calls may name files below it; empty: none.
  LogLevel log_level = LogLevel::kInfo;
  std::string public_url;
  std::chrono::seconds job_timeout{};
  std::chrono::seconds query_timeout{};
  size_t max_queue = 0;
  int max_attempts = 0;                 ///< Of a job whose failure may heal.
  size_t max_jobs_per_connection = 0;   ///< At work at once; 0: one less than there can be.
  std::chrono::seconds keep_history{};  ///< Of jobs that ended; 0: for ever.
  size_t max_sinks = 0;
  size_t max_files = 0;       ///< Of one job.
  std::string aws_principal;  ///< ARN for trust policies; empty: roles are not configured.
  size_t rate_limit = 0;      ///< Requests a minute of one token; 0: no limit.
  uint64_t memory_limit = 0;  ///< Bytes of anonymous memory of the process.
  /// Regions that AWS does not have are taken for connections without an endpoint, too.
  bool custom_regions = false;
  AwsEnvironment aws;  ///< Who this process is to AWS; its environment variables have no flags.
  std::vector<std::string> allow_endpoints;  ///< Patterns of net/endpoint_policy.h.
  std::string gcp_credentials;               ///< Key file of a Google service account; empty: none.
  Secret admin_token;                        ///< SLUICE_ADMIN_TOKEN; empty: made on first start.
  Secret secret_key;        ///< SLUICE_SECRET_KEY, 32 bytes; empty: the file secret.key.
  Secret new_secret_key;    ///< SLUICE_NEW_SECRET_KEY, for kRotateKey.
  std::string backup_file;  ///< For kBackup.
  std::string tls_cert;     ///< PEM files; both or neither. Empty: plain HTTP.
  std::string tls_key;
};

/// Reads the command line. Absent when it was answered here (`--help`, `--version`, a mistake):
/// then `exit_status` is what the process should return.
std::optional<Config> read_config(int argc, char** argv, int& exit_status);

}  // namespace sluice
