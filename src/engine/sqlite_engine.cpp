#include "engine/sqlite_engine.h"

#include <filesystem>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "domain/name.h"
#include "engine/memory_meter.h"
#include "engine/reach_check.h"
#include "engine/scan_split.h"
#include "engine/session_pool.h"
#include "engine/sqlite_reader.h"
#include "engine/sqlite_session.h"

namespace sluice {
namespace {

class SqliteEngine final : public Engine {
 public:
  SqliteEngine(SqliteEngineOptions options, Clock& clock)
      : options_(std::move(options)), clock_(clock), pool_(options_, clock_) {}

  QueryInfo describe(const Query& query, std::chrono::nanoseconds patience) override {
    SqliteSession session(options_, clock_, query.moment, patience);
    session.limit(kDescribeTime, {});
    session.prepare(query);
    std::vector<ColumnInfo> columns = session.columns();
    return {std::move(columns), session.take_tables()};
  }

  std::unique_ptr<RowReader> open(const Query& query, std::chrono::seconds run_time,
                                  std::stop_token stop) override {
    auto session = std::make_unique<SqliteSession>(options_, clock_, query.moment);
    session->limit(run_time, std::move(stop));
    session->prepare(query);
    const std::optional<uint64_t> expected = session->expected_rows();
    return make_sqlite_reader(std::move(session), expected);
  }

  std::unique_ptr<RowReader> ask(const Query& query, const AskLimits& most,
                                 std::stop_token stop) override {
    auto lease = pool_.take();
    lease->session().limit(most.run_time, std::move(stop), "--query-timeout");
    lease->session().limit_values(most.value_bytes);
    return make_sqlite_reader(std::move(lease), query, most.memory_bytes);
  }

  void check_reach(const Query& query, const Reach& reach) override {
    check_within_reach(options_, clock_, query, reach);
  }

  std::unique_ptr<SplitScan> open_split(const Query& query, std::chrono::seconds run_time,
                                        const std::stop_token& stop,
                                        const SplitWish& wish) override {
    // Each lane would look its secrets up for itself.
    if (!query.secrets.empty()) return nullptr;
    return split_scan(options_, clock_, query, run_time, stop, wish);
  }

 private:
  static constexpr std::chrono::seconds kDescribeTime{10};

  SqliteEngineOptions options_;
  Clock& clock_;
  SessionPool pool_;
};

void check_file(const AttachedFile& file) {
  check_name("--attach", file.name);
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file.path, failed)) {
    throw Error(ErrorCode::kInvalid,
                "The file of --attach " + file.name + "=" + file.path + " is not there.",
                "Give the path of an existing SQLite database.");
  }
}

}  // namespace

void configure_sqlite(const std::string& temp_folder) {
  sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  MemoryMeter::install();
  sqlite3_initialize();
  sqlite3_free(sqlite3_temp_directory);  // Set before only where tests start twice.
  sqlite3_temp_directory = sqlite3_mprintf("%s", temp_folder.c_str());
}

std::unique_ptr<Engine> make_sqlite_engine(SqliteEngineOptions options, Clock& clock) {
  if (options.files.size() > limits::kAttachedFiles) {
    throw Error(ErrorCode::kInvalid,
                "There are " + std::to_string(options.files.size()) + " attached files.",
                "At most " + std::to_string(limits::kAttachedFiles) + " are possible.");
  }
  std::set<std::string> names;
  for (const AttachedFile& file : options.files) {
    check_file(file);
    if (!names.insert(ascii_lower(file.name)).second) {
      throw Error(ErrorCode::kInvalid, "Two files are attached as '" + file.name + "'.",
                  "Give each --attach a name of its own.");
    }
  }
  // Opens every file once, so that a wrong one is told at start and not at the first job.
  SqliteSession probe(options, clock);
  return std::make_unique<SqliteEngine>(std::move(options), clock);
}

}  // namespace sluice
