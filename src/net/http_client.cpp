#include "net/http_client.h"

#include <array>
#include <mutex>

#include "base/encoding.h"
#include "net/curl_exchange.h"

namespace sluice {
namespace {

/// Idle handles kept with their connections; more concurrent sends open more and drop them after.
constexpr size_t kIdleHandles = 64;

class CurlClient final : public HttpClient {
 public:
  explicit CurlClient(EndpointPolicy policy) : policy_(std::move(policy)) { start_curl(); }

  HttpResponse send(const HttpRequest& request) override {
    check_request(request);
    CurlExchange exchange(request, policy_);
    const CurlSlist headers = header_list(request);
    std::array<char, CURL_ERROR_SIZE> detail{};
    CurlHandle handle = take();
    prepare_exchange(handle.get(), exchange, headers.get(), detail.data());
    const CURLcode code = curl_easy_perform(handle.get());
    // A handle whose exchange failed is dropped with its connection.
    if (code != CURLE_OK) throw translate_curl(code, detail.data(), exchange);
    if (const auto failure = take_status(handle.get(), exchange)) throw *failure;
    give_back(std::move(handle));
    return std::move(exchange.response);
  }

 private:
  CurlHandle take() {
    {
      std::scoped_lock lock(mutex_);
      if (!idle_.empty()) {
        CurlHandle handle = std::move(idle_.back());
        idle_.pop_back();
        return handle;
      }
    }
    return make_curl_handle();
  }

  void give_back(CurlHandle handle) {
    curl_easy_reset(handle.get());  // Forgets options and callbacks, keeps live connections.
    std::scoped_lock lock(mutex_);
    if (idle_.size() < kIdleHandles) idle_.push_back(std::move(handle));
  }

  const EndpointPolicy policy_;
  std::mutex mutex_;
  /// Last in, first out: the warmest connection is used again.
  std::vector<CurlHandle> idle_;
};

}  // namespace

std::string HttpResponse::header(std::string_view name) const {
  const std::string wanted = ascii_lower(name);
  for (const HttpHeader& header : headers) {
    if (ascii_lower(header.name) == wanted) return header.value;
  }
  return {};
}

std::unique_ptr<HttpClient> make_curl_client(EndpointPolicy policy) {
  return std::make_unique<CurlClient>(std::move(policy));
}

}  // namespace sluice
