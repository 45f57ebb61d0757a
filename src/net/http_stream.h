#pragma once

#include <memory>
#include <string>

#include "net/endpoint_policy.h"
#include "net/http_client.h"

namespace sluice {

/// One HTTP/1.1 request out, and its answer read as it comes: for bodies that have no bound. Holds
/// back the sender while the reader is slower. One thread at a time; destroyed before its end, the
/// connection is closed.
class HttpStream {
 public:
  virtual ~HttpStream() = default;
  /// Status and headers; the body is empty.
  virtual const HttpResponse& head() const = 0;
  /// Adds the next bytes of the body to `out`; false at its end, without any. Throws what
  /// HttpClient::send does: an answer that is cut off is no end.
  virtual bool read(std::string& out) = 0;
};

/// Sends the request, waits for the answer's head. `request`'s body must outlive the stream.
/// Its `stalled` does not count while the reader is slower than the sender.
std::unique_ptr<HttpStream> open_http_stream(HttpRequest request,
                                             EndpointPolicy policy = EndpointPolicy::anywhere());

}  // namespace sluice
