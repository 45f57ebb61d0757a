#include "net/http_stream.h"

#include <array>
#include <utility>

#include "net/curl_exchange.h"

namespace sluice {
namespace {

/// What libcurl hands over at a time, at most (CURLOPT_BUFFERSIZE).
constexpr long kReceiveBytes = 256 * 1024;
/// So much may wait for the reader; then the sender is held back.
constexpr size_t kWaitingBytes = 1024 * 1024;
/// Between two looks at the stop.
constexpr int kLookMilliseconds = 100;

struct MultiFree {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

class CurlStream final : public HttpStream {
 public:
  CurlStream(HttpRequest request, EndpointPolicy policy)
      : request_(std::move(request)), policy_(std::move(policy)), exchange_(request_, policy_) {
    start_curl();
    check_request(request_);
    headers_ = header_list(request_);
    handle_ = make_curl_handle();
    prepare_exchange(handle_.get(), exchange_, headers_.get(), detail_.data());
    curl_easy_setopt(handle_.get(), CURLOPT_BUFFERSIZE, kReceiveBytes);
    curl_easy_setopt(handle_.get(), CURLOPT_WRITEFUNCTION, &on_bytes);
    curl_easy_setopt(handle_.get(), CURLOPT_WRITEDATA, this);
    multi_.reset(curl_multi_init());
    if (!multi_ || curl_multi_add_handle(multi_.get(), handle_.get()) != CURLM_OK) {
      throw Error(ErrorCode::kInternal, "libcurl gave no handle.");
    }
    while (!ended_ && waiting_.empty()) go_on();
    if (failure_ && waiting_.empty()) throw *failure_;
    read_status();
  }
  ~CurlStream() override { curl_multi_remove_handle(multi_.get(), handle_.get()); }
  CurlStream(const CurlStream&) = delete;
  CurlStream& operator=(const CurlStream&) = delete;

  const HttpResponse& head() const override { return exchange_.response; }

  bool read(std::string& out) override {
    while (!ended_ && waiting_.empty()) go_on();
    if (waiting_.empty()) {
      if (failure_) throw *failure_;
      return false;
    }
    if (out.empty()) {
      out.swap(waiting_);
    } else {
      out += waiting_;
    }
    waiting_.clear();
    if (std::exchange(paused_, false)) curl_easy_pause(handle_.get(), CURLPAUSE_CONT);
    return true;
  }

 private:
  static size_t on_bytes(char* bytes, size_t size, size_t count, void* user) {
    auto* self = static_cast<CurlStream*>(user);
    if (self->waiting_.size() >= kWaitingBytes) {
      self->paused_ = true;
      return CURL_WRITEFUNC_PAUSE;
    }
    self->waiting_.append(bytes, size * count);
    return size * count;
  }

  /// Moves what can be moved; waits a little where nothing can.
  void go_on() {
    if (request_.stop.stop_requested()) {
      throw translate_curl(CURLE_ABORTED_BY_CALLBACK, "", exchange_);
    }
    int running = 0;
    CURLMcode code = curl_multi_perform(multi_.get(), &running);
    if (code == CURLM_OK && running > 0 && waiting_.empty()) {
      code = curl_multi_poll(multi_.get(), nullptr, 0, kLookMilliseconds, nullptr);
    }
    if (code != CURLM_OK) {
      throw Error(ErrorCode::kInternal, std::string("libcurl: ") + curl_multi_strerror(code) + ".");
    }
    look_for_end();
  }

  void look_for_end() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      ended_ = true;
      const CURLcode result = message->data.result;
      failure_ = result == CURLE_OK ? take_status(handle_.get(), exchange_)
                                    : translate_curl(result, detail_.data(), exchange_);
    }
  }

  void read_status() {
    long status = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    exchange_.response.status = static_cast<int>(status);
  }

  HttpRequest request_;
  EndpointPolicy policy_;
  CurlExchange exchange_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
  CurlSlist headers_;
  CurlHandle handle_;
  std::unique_ptr<CURLM, MultiFree> multi_;
  std::string waiting_;
  /// Told once the reader has had all that came before: it may say why.
  std::optional<Error> failure_;
  bool paused_ = false;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<HttpStream> open_http_stream(HttpRequest request, EndpointPolicy policy) {
  return std::make_unique<CurlStream>(std::move(request), std::move(policy));
}

}  // namespace sluice
