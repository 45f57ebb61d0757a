#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "net/http_client.h"

namespace sluice {

/// A server in memory: `answer` makes the answer to each request, which is remembered with a copy
/// of its body. Thread-safe as far as `answer` is.
class ScriptedClient final : public HttpClient {
 public:
  struct Seen {
    HttpRequest request;
    std::string body;
    std::string header(const std::string& name) const {
      for (const HttpHeader& header : request.headers) {
        if (ascii_lower(header.name) == ascii_lower(name)) return header.value;
      }
      return {};
    }
  };
  using Answer = std::function<HttpResponse(const Seen&)>;

  explicit ScriptedClient(Answer answer) : answer_(std::move(answer)) {}

  HttpResponse send(const HttpRequest& request) override {
    Seen seen{request, std::string(request.body)};
    {
      std::scoped_lock lock(mutex_);
      seen_.push_back(seen);
    }
    return answer_(seen);
  }
  std::vector<Seen> seen() const {
    std::scoped_lock lock(mutex_);
    return seen_;
  }

 private:
  Answer answer_;
  mutable std::mutex mutex_;
  std::vector<Seen> seen_;
};

}  // namespace sluice
