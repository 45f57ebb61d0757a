#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "net/http_client.h"

namespace sluice {

/// Hands requests on and remembers their methods and headers. Thread-safe.
class RecordingClient final : public HttpClient {
 public:
  explicit RecordingClient(HttpClient& to) : to_(to) {}

  HttpResponse send(const HttpRequest& request) override {
    {
      std::scoped_lock lock(mutex_);
      requests_.push_back(request);
    }
    return to_.send(request);
  }
  /// A header of the request that came last; empty if it had none.
  std::string last(const std::string& name) const {
    std::scoped_lock lock(mutex_);
    return requests_.empty() ? std::string() : header_of(requests_.back(), name);
  }
  /// How many requests had that header.
  size_t with(const std::string& name) const {
    std::scoped_lock lock(mutex_);
    size_t count = 0;
    for (const HttpRequest& request : requests_) count += header_of(request, name).empty() ? 0 : 1;
    return count;
  }
  size_t count() const {
    std::scoped_lock lock(mutex_);
    return requests_.size();
  }

 private:
  static std::string header_of(const HttpRequest& request, const std::string& name) {
    for (const HttpHeader& header : request.headers) {
      if (ascii_lower(header.name) == ascii_lower(name)) return header.value;
    }
    return {};
  }

  HttpClient& to_;
  mutable std::mutex mutex_;
  std::vector<HttpRequest> requests_;
};

}  // namespace sluice
