#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "door/http_message.h"

namespace sluice {

/// A request that is answered at the door: a status and a sentence without anything the client
/// sent. The connection ends after it, since where the next request begins is not sure.
struct Fault {
  int status = 400;
  std::string_view sentence;
};

enum class ContentCoding { kIdentity, kGzip, kZstd };
inline constexpr Fault kUnknownCoding{
    415, "The only Content-Encoding understood here is gzip, and for data zstd, too."};

/// The head of one request, checked: what follows it on the connection can be read only one way.
struct RequestHead {
  std::string method;
  std::string target;
  std::string path;
  std::string query;
  std::vector<Header> headers;
  bool keep_alive = true;
  /// The client waits for "100 Continue" before it sends the body.
  bool expect_continue = false;
  bool chunked = false;
  /// Bytes of body on the wire unless chunked; 0 if there is none.
  uint64_t content_length = 0;
  ContentCoding coding = ContentCoding::kIdentity;
};

/// Looks at the bytes of a head from `from` on, which may have arrived in any pieces. Returns the
/// size of the head with its empty line when it is complete, a fault as soon as a byte can't belong
/// to one (a NUL, a control character, CR or LF alone: RFC 9112, section 2.2), nothing while more
/// must come.
using HeadEnd = std::variant<std::monostate, size_t, Fault>;
HeadEnd find_head_end(std::string_view bytes, size_t from);

/// Reads a complete head, its empty line included. Stricter than RFC 9112 asks where leniency has
/// been used to smuggle requests past a proxy (section 11.2): no obsolete folding, no space before
/// a colon, no second Content-Length or Host, no Content-Length beside Transfer-Encoding.
std::variant<RequestHead, Fault> parse_request_head(std::string_view head);

}  // namespace sluice
