#include "engine/clickhouse_engine.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "domain/sql_text.h"
#include "engine/clickhouse_reader.h"
#include "engine/clickhouse_sql.h"
#include "engine/clickhouse_type.h"
#include "engine/clickhouse_writer.h"

namespace sluice {
namespace {

constexpr std::chrono::seconds kDescribeTime{10};
/// The server ends the query itself; this is for one that does not.
constexpr std::chrono::seconds kGrace{5};

/// One field of TabSeparated, taken from the front of the line.
std::string take_field(std::string_view& line) {
  const size_t tab = std::min(line.find('\t'), line.size());
  const std::string_view field = line.substr(0, tab);
  line.remove_prefix(std::min(tab + 1, line.size()));
  std::string out;
  for (size_t i = 0; i < field.size(); ++i) {
    if (field[i] != '\\' || i + 1 == field.size()) {
      out += field[i];
      continue;
    }
    const char c = field[++i];
    out += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c == '0' ? '\0' : c;
  }
  return out;
}

/// Newer servers break long types into lines.
std::string in_one_line(std::string_view type) {
  std::string out;
  for (size_t at = 0; at < type.size(); ++at) {
    if (type[at] != '\n') {
      out += type[at];
      continue;
    }
    while (at + 1 < type.size() && type[at + 1] == ' ') ++at;
    if (out.ends_with(',')) out += ' ';
  }
  return out;
}

ColumnInfo column_of(const std::string& name, const std::string& type) {
  try {
    return {name, type, column_type_of(parse_clickhouse_type(type))};
  } catch (const Error& error) {
    throw Error(error.code(), "The column '" + name + "' " + error.message() + ".", error.hint());
  }
}

std::string seconds_of(std::chrono::nanoseconds time) {
  return std::to_string(
      std::max<int64_t>(1, std::chrono::ceil<std::chrono::seconds>(time).count()));
}

/// So that some hundred headers of progress come at most: a head has a limit.
std::string progress_every(std::chrono::nanoseconds run_time) {
  constexpr int64_t kMostHeaders = 200;
  const auto time = std::chrono::ceil<std::chrono::milliseconds>(run_time).count();
  return std::to_string(std::max<int64_t>(1000, time / kMostHeaders));
}

class ClickhouseEngine final : public Engine {
 public:
  ClickhouseEngine(ClickhouseCluster cluster, OpenStream open, Random& random)
      : client_(std::move(cluster), std::move(open)),
        random_(random),
        writer_(make_clickhouse_writer(client_, random,
                                       [this](const std::string& sql, const std::stop_token& stop) {
                                         return columns_of(sql, stop);
                                       })) {}

  QueryInfo describe(const Query& query, std::chrono::nanoseconds patience) override {
    const std::string sql = compose_clickhouse(query);
    // To ask takes a call over the network, and a cluster may hang.
    if (patience <= std::chrono::nanoseconds(0)) {
      throw Error(ErrorCode::kBusy, "The cluster '" + client_.name() + "' was not asked.");
    }
    std::vector<ColumnInfo> columns = columns_of(sql, {});
    explain(sql);
    return {std::move(columns), tables_of(query)};
  }

  std::unique_ptr<RowReader> open(const Query& query, std::chrono::seconds run_time,
                                  std::stop_token stop) override {
    return run(query, run_time, {}, std::move(stop));
  }

  std::unique_ptr<RowReader> ask(const Query& query, const AskLimits& most,
                                 std::stop_token stop) override {
    return run(query, most.run_time,
               {{"max_memory_usage", std::to_string(std::max(most.memory_bytes, kLeastMemory))}},
               std::move(stop));
  }

  ClusterWriter* cluster_writer(const Query&) override { return writer_.get(); }

  void check_reach(const Query& /*query*/, const Reach& /*reach*/) override {
    throw Error(ErrorCode::kForbidden,
                "The statement would run on the cluster '" + client_.name() +
                    "', where its user and not the token decides what can be read.",
                "Call the endpoint without a statement of your own, or use an ADMIN token with "
                "/v0/sql.");
  }

 private:
  using Settings = std::vector<std::pair<std::string, std::string>>;
  /// A server needs some for any query.
  static constexpr size_t kLeastMemory = 256ULL * 1024 * 1024;
  /// Rows that a block has; each block is held whole.
  static constexpr const char* kBlockRows = "8192";

  /// Fails for whatever is no query: nothing else can stand in these brackets.
  std::vector<ColumnInfo> columns_of(const std::string& sql, const std::stop_token& stop) {
    ClickhouseRequest request = small_request("DESCRIBE TABLE (\n" + sql + "\n)");
    request.stop = stop;
    const std::string answer = client_.ask(request);
    std::vector<ColumnInfo> columns;
    for (std::string_view left = answer; !left.empty();) {
      const size_t end = std::min(left.find('\n'), left.size());
      std::string_view line = left.substr(0, end);
      left.remove_prefix(std::min(end + 1, left.size()));
      const std::string name = take_field(line);
      columns.push_back(column_of(name, in_one_line(take_field(line))));
    }
    return columns;
  }

  /// Plans the query without running it.
  void explain(const std::string& sql) {
    if (explains()) client_.ask(small_request("EXPLAIN " + sql));
  }

  /// Servers before 20.6 can't. Found out once.
  bool explains() {
    const std::lock_guard lock(mutex_);
    if (explains_) return *explains_;
    try {
      client_.ask(small_request("EXPLAIN SELECT 1"));
      explains_ = true;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kInvalid) throw;
      explains_ = false;
    }
    return *explains_;
  }

  static ClickhouseRequest small_request(std::string sql) {
    ClickhouseRequest request;
    request.sql = std::move(sql);
    request.format = "TabSeparated";
    request.timeout = kDescribeTime;
    return request;
  }

  static std::vector<std::string> tables_of(const Query& query) {
    std::vector<std::string> names;
    for (const TableName& table : tables_in(query.sql)) {
      names.push_back(table.file.empty() ? table.table : table.file + "." + table.table);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
  }

  std::unique_ptr<RowReader> run(const Query& query, std::chrono::nanoseconds run_time,
                                 Settings settings, std::stop_token stop) {
    ClickhouseRun run;
    run.request.sql = compose_clickhouse(query);
    run.columns = columns_of(run.request.sql, stop);
    run.request.format = "Native";
    run.request.query_id = query.run_id.empty() ? random_.uuid() : query.run_id;
    run.request.settings = std::move(settings);
    run.request.settings.insert(run.request.settings.end(),
                                {{"max_execution_time", seconds_of(run_time)},
                                 {"max_block_size", kBlockRows},
                                 {"replace_running_query", "1"},
                                 {"send_progress_in_http_headers", "1"},
                                 {"http_headers_progress_interval_ms", progress_every(run_time)},
                                 // A consumer that is slow for once must not lose its query.
                                 {"http_send_timeout", seconds_of(run_time)}});
    run.request.timeout = std::chrono::ceil<std::chrono::seconds>(run_time) + kGrace;
    run.request.stop = std::move(stop);
    return make_clickhouse_reader(client_, std::move(run));
  }

  ClickhouseClient client_;
  Random& random_;
  std::unique_ptr<ClusterWriter> writer_;
  std::mutex mutex_;
  std::optional<bool> explains_;
};

}  // namespace

std::unique_ptr<Engine> make_clickhouse_engine(ClickhouseCluster cluster, OpenStream open,
                                               Random& random) {
  return std::make_unique<ClickhouseEngine>(std::move(cluster), std::move(open), random);
}

}  // namespace sluice
