#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "net/http_client.h"

namespace sluice {

/// Google Cloud Storage in memory, reached as an HttpClient: one bucket, the JSON API, a token
/// endpoint (`/token`) that takes any assertion, and resumable uploads with Google's rules: chunks
/// in order and of 256 KiB each but the last, conditions looked at when the object would appear.
/// Tokens are `t1`, `t2`...; only the newest is taken. Thread-safe.
class FakeGcs final : public HttpClient {
 public:
  struct Object {
    std::string bytes;
    std::string content_type;
    std::string job_id;
  };
  struct Upload {
    std::string key;
    Object object;
    bool only_if_new = false;
    std::optional<int> ended = std::nullopt;  ///< The status that every later request gets.
  };
  /// What goes wrong with one call; see `plan`.
  struct Fault {
    int status = 503;               ///< 0: the connection breaks.
    bool after = false;             ///< The call is carried out, and its answer lost.
    uint64_t taken = ~uint64_t{0};  ///< Bytes of a chunk that are kept all the same.
  };

  explicit FakeGcs(std::string bucket) : bucket_(std::move(bucket)) {}

  HttpResponse send(const HttpRequest& request) override;

  /// The next `times` calls of that operation fail so. Operations: token, insert, begin, chunk,
  /// progress, abort, head, read, list.
  void plan(const std::string& operation, Fault fault, int times = 1);
  int calls(const std::string& operation) const;
  std::map<std::string, Object> objects() const;
  /// Those that are neither complete nor aborted.
  size_t uploads() const;
  void put(const std::string& key, Object object);
  /// From now on the token issued before is refused.
  void expire_token();
  /// Called at the start of each call, outside the lock.
  std::function<void(const std::string& operation)> on_call = nullptr;

 private:
  struct Call;

  HttpResponse act(const Call& call);
  HttpResponse insert(const Call& call);
  HttpResponse begin(const Call& call);
  HttpResponse chunk(const Call& call);
  HttpResponse abort(const Call& call);
  HttpResponse look(const Call& call) const;
  HttpResponse list(const Call& call) const;
  HttpResponse store(const std::string& key, const Object& object, bool only_if_new);
  std::optional<HttpResponse> fail(const Call& call);

  const std::string bucket_;
  mutable std::mutex mutex_;
  std::map<std::string, Object> objects_;
  std::map<std::string, Upload> uploads_;
  std::map<std::string, std::pair<Fault, int>> plans_;
  std::map<std::string, int> calls_;
  int tokens_ = 0;
  bool token_good_ = false;
};

}  // namespace sluice
