#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "net/endpoint_policy.h"
#include "net/http_client.h"
#include "net/request_body.h"

// What HttpClient and HttpStream have in common: one request on one handle of libcurl. For the
// files of net/ that drive a handle, alone.
namespace sluice {

struct CurlHandleFree {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using CurlHandle = std::unique_ptr<CURL, CurlHandleFree>;

struct CurlSlistFree {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlSlist = std::unique_ptr<curl_slist, CurlSlistFree>;

/// What the callbacks of one exchange share. An exception must not cross libcurl: it waits here.
struct CurlExchange {
  CurlExchange(const HttpRequest& of, const EndpointPolicy& where)
      : request(of), policy(where), body(of) {}
  const HttpRequest& request;
  const EndpointPolicy& policy;
  RequestBody body;
  HttpResponse response;
  size_t body_bytes = limits::kResponseBytes;  ///< More of the answer is an error.
  int begun = 0;                               ///< How often the request was sent.
  size_t head_bytes = 0;
  bool head_complete = false;  ///< libcurl takes a head that is cut off for a whole one.
  std::optional<Error> failure;
};

/// Once for the process, before any handle.
void start_curl();
CurlHandle make_curl_handle();
/// Throws kCancelled for a stop that was requested, kInvalid for what is no http or https request.
void check_request(const HttpRequest& request);
/// Throws kInvalid for headers that can't be sent.
CurlSlist header_list(const HttpRequest& request);
/// Sets every option. All that is given must outlive the exchange; `detail` has CURL_ERROR_SIZE
/// bytes.
void prepare_exchange(CURL* handle, CurlExchange& exchange, curl_slist* headers, char* detail);
/// After libcurl's end with success, sets the status: kUnavailable for an answer that is not whole.
std::optional<Error> take_status(CURL* handle, CurlExchange& exchange);
/// What libcurl's code means.
Error translate_curl(CURLcode code, const char* detail, const CurlExchange& exchange);

}  // namespace sluice
