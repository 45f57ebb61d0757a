#pragma once

#include <string>
#include <vector>

namespace sluice {

/// A view of the state database that holds what the public API shows as a log, and no secrets.
struct LogView {
  std::string name;
  std::vector<std::string> columns;  ///< As migrations/0007 has them.
};

inline std::vector<LogView> log_views() {
  return {{"sinks_ops_log",
           {"timestamp", "service", "pipe_id", "pipe_name", "token_name", "result", "error",
            "elapsed_time", "job_id", "read_rows", "written_rows", "read_bytes", "written_bytes",
            "output", "parameters", "options", "cpu_time"}},
          {"jobs_log",
           {"job_id", "job_type", "pipe_id", "pipe_name", "created_at", "started_at", "updated_at",
            "status", "error", "job_metadata"}}};
}

}  // namespace sluice
