#include "engine/clickhouse_client.h"

#include <optional>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "domain/clickhouse_text.h"
#include "engine/clickhouse_error.h"

namespace sluice {
namespace {

constexpr std::chrono::seconds kKillTime{2};
constexpr int kOk = 200;

/// What the server says why it refuses.
std::string text_of(HttpStream& answer) {
  constexpr size_t kMost = 64 * 1024;
  std::string text;
  while (text.size() < kMost && answer.read(text)) {
  }
  return text;
}

Error refusal(HttpStream& answer, const std::string& doing) {
  const int status = answer.head().status;
  const std::string text = text_of(answer);
  std::optional<ClickhouseException> exception = read_exception(text);
  if (!exception) exception = find_exception(text);
  if (exception) return clickhouse_error(*exception, doing);
  if (status == 401 || status == 403) {
    return {ErrorCode::kUnauthenticated, doing + ": the credentials were refused.",
            "Check user and password in --clickhouse."};
  }
  return {status >= 500 ? ErrorCode::kUnavailable : ErrorCode::kInvalid,
          doing + ": the answer has the status " + std::to_string(status) + ".",
          "Check that --clickhouse names a ClickHouse server's HTTP port."};
}

}  // namespace

ClickhouseClient::ClickhouseClient(ClickhouseCluster cluster, OpenStream open)
    : cluster_(std::move(cluster)), open_(std::move(open)) {}

HttpRequest ClickhouseClient::http_request(const std::string& origin,
                                           const ClickhouseRequest& request) const {
  HttpRequest out;
  out.method = "POST";
  out.url = origin + "/";
  char before = '?';
  const auto add = [&](const std::string& name, const std::string& value) {
    if (value.empty()) return;
    out.url += before + percent_encode(name) + "=" + percent_encode(value);
    before = '&';
  };
  if (!request.may_write) add("readonly", "2");
  add("database", cluster_.database);
  add("default_format", request.format);
  add("query_id", request.query_id);
  for (const auto& [name, value] : request.settings) add(name, value);
  if (!cluster_.user.empty()) {
    out.headers.push_back({"Authorization", "Basic " + base64_encode(cluster_.user + ":" +
                                                                     cluster_.password.reveal())});
  }
  out.body = request.sql;
  out.timeout = request.timeout;
  out.stalled = request.timeout;  // It may think for as long as it may take.
  out.stop = request.stop;
  return out;
}

std::unique_ptr<HttpStream> ClickhouseClient::checked(std::unique_ptr<HttpStream> answer) const {
  if (answer->head().status == kOk) return answer;
  throw refusal(*answer, "The cluster '" + cluster_.name + "' refuses the statement");
}

std::unique_ptr<HttpStream> ClickhouseClient::send(const ClickhouseRequest& request) {
  // What writes may have begun where the connection broke, so it goes to one host alone.
  const size_t tries = request.may_write ? 1 : cluster_.origins.size();
  const size_t first = first_;
  std::optional<Error> last;
  for (size_t i = 0; i < tries; ++i) {
    const size_t host = (first + i) % cluster_.origins.size();
    std::unique_ptr<HttpStream> answer;
    try {
      answer = open_(http_request(cluster_.origins[host], request));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kUnavailable) throw;
      last = error;
      continue;
    }
    first_ = host;
    return checked(std::move(answer));
  }
  throw last->within("The cluster '" + cluster_.name + "' can't be used");
}

std::string ClickhouseClient::ask(const ClickhouseRequest& request) {
  const std::unique_ptr<HttpStream> answer = send(request);
  std::string text;
  while (answer->read(text)) {
    if (text.size() > limits::kResponseBytes) {
      throw Error(ErrorCode::kTooLarge, "The answer of the cluster '" + cluster_.name +
                                            "' is larger than " +
                                            std::to_string(limits::kResponseBytes) + " bytes.");
    }
  }
  if (const auto exception = find_exception(text)) {
    throw clickhouse_error(*exception, "The cluster '" + cluster_.name + "'");
  }
  return text;
}

void ClickhouseClient::kill(const std::string& query_id) noexcept {
  for (const std::string& origin : cluster_.origins) {
    try {
      ClickhouseRequest request;
      request.sql = "KILL QUERY WHERE query_id = " + quote_clickhouse_text(query_id) + " ASYNC";
      request.timeout = kKillTime;
      text_of(*checked(open_(http_request(origin, request))));
    } catch (const Error& error) {
      std::string what = "The query " + query_id + " could not be ended on ";
      what += origin;
      what += std::string(": ") + error.what();
      log_warn(what);
    }
  }
}

}  // namespace sluice
