#include "net/curl_exchange.h"

#include <sys/socket.h>

#include <algorithm>
#include <mutex>

#include "base/encoding.h"

namespace sluice {
namespace {

/// libcurl's bounds for CURLOPT_UPLOAD_BUFFERSIZE; the largest is 2.7 times as fast as the default.
constexpr uint64_t kUploadBufferLeast = 64 * 1024;
constexpr uint64_t kUploadBufferMost = 2 * 1024 * 1024;
constexpr size_t kResponseHeadBytes = 256 * 1024;

struct UrlFree {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

size_t on_read(char* out, size_t size, size_t count, void* user) {
  auto* exchange = static_cast<CurlExchange*>(user);
  try {
    return exchange->body.read(out, size * count);
  } catch (const Error& error) {
    exchange->failure = error;
    return CURL_READFUNC_ABORT;
  }
}

int on_seek(void* user, curl_off_t offset, int origin) {
  auto* exchange = static_cast<CurlExchange*>(user);
  if (origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_FAIL;
  exchange->body.seek(static_cast<uint64_t>(offset));
  return CURL_SEEKFUNC_OK;
}

size_t on_body(char* bytes, size_t size, size_t count, void* user) {
  auto* exchange = static_cast<CurlExchange*>(user);
  const size_t length = size * count;
  if (exchange->response.body.size() + length > exchange->body_bytes) {
    exchange->failure =
        Error(ErrorCode::kTooLarge,
              "The answer is larger than " + std::to_string(exchange->body_bytes) + " bytes.");
    return 0;
  }
  exchange->response.body.append(bytes, length);
  return length;
}

size_t on_header(char* bytes, size_t size, size_t count, void* user) {
  auto* exchange = static_cast<CurlExchange*>(user);
  const size_t length = size * count;
  const std::string_view line(bytes, length);
  exchange->head_bytes += length;
  if (exchange->head_bytes > kResponseHeadBytes) {
    exchange->failure = Error(ErrorCode::kTooLarge, "The head of the answer is too large.");
    return 0;
  }
  if (line.starts_with("HTTP/")) {
    exchange->response.headers.clear();  // An interim answer (1xx) came before.
    exchange->head_complete = false;
    return length;
  }
  if (trim(line).empty()) exchange->head_complete = true;
  const size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    exchange->response.headers.push_back(
        {std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
  }
  return length;
}

/// Before each time the request is sent. libcurl sends again by itself when a kept-alive connection
/// breaks before the answer; a POST may have been acted on, so its caller decides.
int on_begin(void* user, char*, char*, int, int) {
  auto* exchange = static_cast<CurlExchange*>(user);
  if (exchange->begun++ == 0 || exchange->request.method != "POST") return CURL_PREREQFUNC_OK;
  exchange->failure = Error(ErrorCode::kUnavailable, "The connection broke before the answer.");
  return CURL_PREREQFUNC_ABORT;
}

/// The host of a URL as libcurl itself reads it, lower case; empty if it has none.
std::string host_of(const std::string& url) {
  const std::unique_ptr<CURLU, UrlFree> parsed(curl_url());
  char* host = nullptr;
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
      curl_url_get(parsed.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK) {
    return {};
  }
  std::string out = ascii_lower(host);
  curl_free(host);
  return out;
}

/// With an address in hand that the host's name has resolved to, and before it is connected to.
curl_socket_t on_socket(void* user, curlsocktype, curl_sockaddr* address) {
  auto* exchange = static_cast<CurlExchange*>(user);
  const std::string host = host_of(exchange->request.url);
  const auto refusal = exchange->policy.refusal(host, address->addr);
  if (!refusal) return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  exchange->failure = Error(ErrorCode::kForbidden,
                            "The endpoint's host " + host + " must not be asked: " + *refusal + ".",
                            "Use a public endpoint, or have Sluice started with --allow-endpoint " +
                                host + "; link-local and metadata addresses stay closed.");
  return CURL_SOCKET_BAD;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<CurlExchange*>(user)->request.stop.stop_requested() ? 1 : 0;
}

template <typename Value>
void set(CURL* handle, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(handle, option, value);
  if (code != CURLE_OK) {
    throw Error(ErrorCode::kInternal,
                std::string("libcurl refused an option: ") + curl_easy_strerror(code) + ".");
  }
}

void append(CurlSlist& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw Error(ErrorCode::kInternal, "Out of memory for a header.");
  (void)list.release();
  list.reset(longer);
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

/// Scheme and authority only: paths and queries may hold names or signatures.
std::string place(const std::string& url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string::npos) return "the server";
  return url.substr(0, url.find_first_of("/?#", scheme + 3));
}

}  // namespace

void start_curl() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
      throw Error(ErrorCode::kInternal, "libcurl could not be initialised.");
    }
  });
}

CurlHandle make_curl_handle() {
  CurlHandle handle(curl_easy_init());
  if (!handle) throw Error(ErrorCode::kInternal, "libcurl gave no handle.");
  return handle;
}

void check_request(const HttpRequest& request) {
  if (request.stop.stop_requested()) {
    throw Error(ErrorCode::kCancelled, "The exchange was stopped before it began.");
  }
  const std::string scheme = ascii_lower(request.url.substr(0, request.url.find("://")));
  if (scheme != "http" && scheme != "https") {
    throw Error(ErrorCode::kInvalid, "Only http and https addresses can be asked.");
  }
  if (request.method.empty() || has_control(request.method) || has_control(request.url)) {
    throw Error(ErrorCode::kInvalid, "The request's method or address is not valid.");
  }
}

std::optional<Error> take_status(CURL* handle, CurlExchange& exchange) {
  const std::string where = place(exchange.request.url);
  if (!exchange.head_complete) {
    return Error(ErrorCode::kUnavailable, "The answer of " + where + " was cut off.");
  }
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  exchange.response.status = static_cast<int>(status);
  if (status >= 200 && status < 300 && !exchange.body.all_taken()) {
    return Error(ErrorCode::kUnavailable, where + " answered before it had taken the whole body.");
  }
  return std::nullopt;
}

CurlSlist header_list(const HttpRequest& request) {
  CurlSlist list;
  bool has_type = false;
  bool has_accept = false;
  for (const HttpHeader& header : request.headers) {
    if (has_control(header.name) || has_control(header.value) || header.name.empty() ||
        header.name.find(':') != std::string::npos) {
      throw Error(ErrorCode::kInvalid, "A request header holds a character it must not hold.");
    }
    const std::string name = ascii_lower(header.name);
    has_type = has_type || name == "content-type";
    has_accept = has_accept || name == "accept";
    // "Name;" is libcurl's form of a header with an empty value.
    append(list, header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
  }
  // What libcurl would add of its own.
  if (!has_accept) append(list, "Accept:");
  if (!has_type) append(list, "Content-Type:");
  append(list, "Expect:");
  return list;
}

Error translate_curl(CURLcode code, const char* detail, const CurlExchange& exchange) {
  if (exchange.failure) return exchange.failure->within(place(exchange.request.url));
  const std::string where = place(exchange.request.url);
  const std::string cause = detail[0] != '\0' ? detail : curl_easy_strerror(code);
  const std::string what = "No complete answer from " + where + ": " + cause + ".";
  switch (code) {
    case CURLE_ABORTED_BY_CALLBACK:
      return {ErrorCode::kCancelled, "The exchange with " + where + " was stopped."};
    case CURLE_OPERATION_TIMEDOUT:
      return {ErrorCode::kTimeout, what,
              "Check that the server is up and the network lets through."};
    case CURLE_URL_MALFORMAT:
      return {ErrorCode::kInvalid, "The address " + where + " is not an http or https URL."};
    case CURLE_COULDNT_RESOLVE_HOST:
      return {ErrorCode::kUnavailable, what, "Check the host name of the endpoint."};
    case CURLE_COULDNT_CONNECT:
      return {ErrorCode::kUnavailable, what,
              "Check host and port, and that the server is running."};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
      return {ErrorCode::kUnavailable, what,
              "Check that the endpoint speaks TLS and that its certificate is trusted here."};
    default:
      return {ErrorCode::kUnavailable, what,
              "Check the network and the server's log, then try again."};
  }
}

void prepare_exchange(CURL* handle, CurlExchange& exchange, curl_slist* headers, char* detail) {
  const HttpRequest& request = exchange.request;
  set(handle, CURLOPT_ERRORBUFFER, detail);
  set(handle, CURLOPT_URL, request.url.c_str());
  set(handle, CURLOPT_PATH_AS_IS, 1L);
  set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  set(handle, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(handle, CURLOPT_PROXY, "");
  set(handle, CURLOPT_FOLLOWLOCATION, 0L);
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  set(handle, CURLOPT_TCP_KEEPALIVE, 1L);
  set(handle, CURLOPT_CONNECTTIMEOUT, static_cast<long>(limits::kConnectTimeout.count()));
  set(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(handle, CURLOPT_LOW_SPEED_TIME, static_cast<long>(request.stalled.count()));
  set(handle, CURLOPT_TIMEOUT, static_cast<long>(request.timeout.count()));
  set(handle, CURLOPT_HTTPHEADER, headers);
  set(handle, CURLOPT_WRITEFUNCTION, &on_body);
  set(handle, CURLOPT_WRITEDATA, &exchange);
  set(handle, CURLOPT_HEADERFUNCTION, &on_header);
  set(handle, CURLOPT_HEADERDATA, &exchange);
  set(handle, CURLOPT_PREREQFUNCTION, &on_begin);
  set(handle, CURLOPT_PREREQDATA, &exchange);
  set(handle, CURLOPT_OPENSOCKETFUNCTION, &on_socket);
  set(handle, CURLOPT_OPENSOCKETDATA, &exchange);
  set(handle, CURLOPT_NOPROGRESS, 0L);
  set(handle, CURLOPT_XFERINFOFUNCTION, &on_progress);
  set(handle, CURLOPT_XFERINFODATA, &exchange);

  const uint64_t size = exchange.body.size();
  if (request.method == "HEAD") {
    set(handle, CURLOPT_NOBODY, 1L);
  } else if (size > 0 || request.method == "PUT" || request.method == "POST") {
    set(handle, CURLOPT_UPLOAD, 1L);
    set(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(size));
    set(handle, CURLOPT_READFUNCTION, &on_read);
    set(handle, CURLOPT_READDATA, &exchange);
    set(handle, CURLOPT_SEEKFUNCTION, &on_seek);
    set(handle, CURLOPT_SEEKDATA, &exchange);
    set(handle, CURLOPT_UPLOAD_BUFFERSIZE,
        static_cast<long>(std::clamp(size, kUploadBufferLeast, kUploadBufferMost)));
  }
  set(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

}  // namespace sluice
