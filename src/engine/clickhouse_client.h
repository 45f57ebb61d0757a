#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "engine/clickhouse_address.h"
#include "net/http_stream.h"

namespace sluice {

/// A statement for a cluster (clickhouse.com/docs/interfaces/http).
struct ClickhouseRequest {
  std::string sql;
  std::string format;    ///< Of the answer; empty: none is expected.
  std::string query_id;  ///< Empty: the server makes one.
  std::vector<std::pair<std::string, std::string>> settings = {};
  bool may_write = false;  ///< Else it runs with readonly = 2.
  std::chrono::seconds timeout{10};
  std::stop_token stop = {};
};

/// How requests leave; tests give their own.
using OpenStream = std::function<std::unique_ptr<HttpStream>(HttpRequest)>;

/// Asks the hosts of one cluster: the one that answered last, and the next where that one can't be
/// reached. What has
/// answered is not asked again elsewhere, and what writes is sent once. Thread-safe.
class ClickhouseClient {
 public:
  ClickhouseClient(ClickhouseCluster cluster, OpenStream open);

  /// The answer to a statement that runs. Throws what `clickhouse_error` makes of the server's
  /// refusal, and kUnavailable, kTimeout, kCancelled.
  std::unique_ptr<HttpStream> send(const ClickhouseRequest& request);
  /// A whole answer, which is small. Throws also for an exception at its end, and kTooLarge.
  std::string ask(const ClickhouseRequest& request);
  /// Ends a query on every host that can be reached. Throws nothing: it is done on the way out.
  void kill(const std::string& query_id) noexcept;

  const std::string& name() const { return cluster_.name; }

 private:
  HttpRequest http_request(const std::string& origin, const ClickhouseRequest& request) const;
  /// Throws what the server refuses.
  std::unique_ptr<HttpStream> checked(std::unique_ptr<HttpStream> answer) const;

  ClickhouseCluster cluster_;
  OpenStream open_;
  std::atomic<size_t> first_{0};  ///< The host that is asked first.
};

}  // namespace sluice
