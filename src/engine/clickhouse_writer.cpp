#include "engine/clickhouse_writer.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/limits.h"
#include "engine/clickhouse_error.h"
#include "engine/clickhouse_reader.h"
#include "engine/clickhouse_s3.h"
#include "engine/clickhouse_sql.h"

namespace sluice {
namespace {

using nlohmann::json;

/// The server ends a statement itself; this is for one that does not.
constexpr std::chrono::seconds kGrace{5};

/// Rows that the server says it has written (its header of figures, complete at the end alone).
uint64_t written_rows(const HttpResponse& head) {
  const json figures = json::parse(head.header("X-ClickHouse-Summary"), nullptr, false);
  if (!figures.is_object()) return 0;
  const auto found = figures.find("written_rows");
  if (found == figures.end() || !found->is_string()) return 0;
  return std::strtoull(found->get_ref<const std::string&>().c_str(), nullptr, 10);
}

/// The server may say which part of the statement it did not like, and that holds the store's keys.
Error without_secrets(const Error& error, const ClusterTarget& target) {
  std::string message = error.message();
  for (const Secret* secret : {&target.secret_access_key, &target.session_token}) {
    if (secret->empty()) continue;
    for (size_t at = message.find(secret->reveal()); at != std::string::npos;
         at = message.find(secret->reveal())) {
      message.replace(at, secret->reveal().size(), "***");
    }
  }
  return {error.code(), message, error.hint()};
}

class ClickhouseWriter final : public ClusterWriter {
 public:
  ClickhouseWriter(ClickhouseClient& client, Random& random, DescribeSql describe)
      : client_(client), random_(random), describe_(std::move(describe)) {}

  std::vector<ColumnInfo> columns(const Query& query) override {
    return describe_(compose_clickhouse(query), {});
  }

  void end_run(const Query& query) noexcept override { client_.kill(query.run_id); }

  uint64_t write(const Query& query, const ClusterTarget& target, std::chrono::seconds run_time,
                 const std::stop_token& stop) override {
    const std::string sql = compose_clickhouse(query);
    ClickhouseRequest request = request_of(target, run_time, stop);
    request.sql = insert_into_s3(sql, describe_(sql, stop), target);
    request.query_id = query.run_id.empty() ? random_.uuid() : query.run_id;
    request.may_write = true;
    // The figures of the answer's head are those of the end then.
    request.settings.emplace_back("wait_end_of_query", "1");
    request.settings.emplace_back("replace_running_query", "1");
    try {
      const uint64_t rows = send(request);
      return rows > 0 ? rows : count(sql, run_time, stop);
    } catch (const Error& error) {
      client_.kill(request.query_id);
      throw without_secrets(error, target);
    }
  }

  std::unique_ptr<RowReader> read_back(const Query& query, const ClusterTarget& target,
                                       std::chrono::seconds run_time,
                                       const std::stop_token& stop) override {
    ClickhouseRun run;
    run.request = request_of(target, run_time, stop);
    run.request.sql = read_back_from_s3(describe_(compose_clickhouse(query), stop), target);
    run.request.format = "Native";
    run.request.query_id = random_.uuid();
    run.columns = describe_(run.request.sql, stop);
    return make_clickhouse_reader(client_, std::move(run));
  }

 private:
  static ClickhouseRequest request_of(const ClusterTarget& target, std::chrono::seconds run_time,
                                      const std::stop_token& stop) {
    ClickhouseRequest request;
    request.settings = s3_settings(target);
    request.settings.emplace_back("max_execution_time", std::to_string(run_time.count()));
    request.timeout = run_time + kGrace;
    request.stop = stop;
    return request;
  }

  /// The rows of the query as they are now: not all servers count what they write.
  uint64_t count(const std::string& sql, std::chrono::seconds run_time,
                 const std::stop_token& stop) {
    ClickhouseRequest request;
    request.sql = "SELECT count() FROM (\n" + sql + "\n)";
    request.format = "TabSeparated";
    request.settings = {{"max_execution_time", std::to_string(run_time.count())}};
    request.timeout = run_time + kGrace;
    request.stop = stop;
    return std::strtoull(client_.ask(request).c_str(), nullptr, 10);
  }

  /// What the server says to have written; 0 where it says nothing.
  uint64_t send(const ClickhouseRequest& request) {
    const std::unique_ptr<HttpStream> answer = client_.send(request);
    std::string text;
    while (text.size() < limits::kResponseBytes && answer->read(text)) {
    }
    const std::string doing = "The cluster '" + client_.name() + "' could not write the files";
    if (const auto exception = find_exception(text)) throw clickhouse_error(*exception, doing);
    return written_rows(answer->head());
  }

  ClickhouseClient& client_;
  Random& random_;
  DescribeSql describe_;
};

}  // namespace

std::unique_ptr<ClusterWriter> make_clickhouse_writer(ClickhouseClient& client, Random& random,
                                                      DescribeSql describe) {
  return std::make_unique<ClickhouseWriter>(client, random, std::move(describe));
}

}  // namespace sluice
