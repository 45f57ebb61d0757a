#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_range.h"
#include "base/limits.h"

namespace sluice {

/// One header field of a request or an answer. Names compare without case (RFC 9110, section 5.1).
struct Header {
  std::string name;
  std::string value;
};

/// The value of the first field called `name`, in any case; null if there is none.
const Header* find_header(const std::vector<Header>& headers, std::string_view name);

/// One part of a multipart/form-data body (RFC 7578). `filename` and `content_type` may be empty.
struct FormPart {
  std::string name;
  std::string filename;
  std::string content_type;
  /// Empty where the body was spooled and the part is a file, or is not short.
  std::string content;
  /// The same as a part of a spooled body; null where the body was in memory. See `body_range`.
  std::shared_ptr<const ByteRange> range = nullptr;
};

/// A complete request: the client has nothing more to send when a handler sees it. Text is as the
/// client sent it; nothing is percent-decoded or checked to be UTF-8.
struct DoorRequest {
  /// GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS.
  std::string method;
  /// The request target, for example `/v0/pipes?name=a`; `*` only with OPTIONS.
  std::string target;
  /// The target before `?`, without scheme and authority if it came in absolute form.
  std::string path;
  /// The target after the first `?`, or empty.
  std::string query;
  std::vector<Header> headers;
  /// Without chunked framing, and without gzip unless the route takes bytes as they came. Kept also
  /// when it was taken apart into `parts`. Empty where there is an `upload`.
  std::string body;
  /// A body that was too large for memory (BodyRule::in_memory), as it came: a Content-Encoding
  /// still stands. The disk is given back with its last user. Null: the body is in memory.
  std::shared_ptr<const ByteRange> upload = nullptr;
  std::vector<FormPart> parts;
  /// Numeric address of the other end of the socket; never taken from a header.
  std::string remote_address;
  /// Requested when the server stops and its grace has passed: give up soon.
  std::stop_token stop;

  /// The value of the first header of that name, in any case; empty if there is none.
  std::string header(std::string_view name) const;
};

/// The whole body, or a part's content, wherever it is; what is in memory is copied. Never null.
std::shared_ptr<const ByteRange> body_range(const DoorRequest& request);
std::shared_ptr<const ByteRange> body_range(const FormPart& part);

/// A body that is made while it is sent. Called by one thread at a time; must neither wait nor
/// throw.
class AnswerStream {
 public:
  virtual ~AnswerStream() = default;
  /// What there is since the last call, perhaps nothing yet; absent when that was all.
  virtual std::optional<std::string> next() = 0;
};

/// What a handler answers. Content-Length, Connection and Date are added, and X-Request-Id where
/// `headers` has none. A header with control characters in its name or value is dropped.
struct DoorResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<Header> headers;
  std::string body;
  /// Sent in the place of `body`, for as long as it takes; then the connection ends. Null: `body`.
  std::shared_ptr<AnswerStream> stream = nullptr;
};

/// Called on a worker thread, several at the same time. What it throws ends as a 500 that tells the
/// client nothing of it.
using DoorHandler = std::function<DoorResponse(const DoorRequest&)>;

/// Whether a body that is too large for memory may come, told by the head of its request alone:
/// absent, or why not. Called on a worker thread before the body is kept on the disk; must not
/// throw.
using BodyGate = std::function<std::optional<DoorResponse>(const DoorRequest&)>;

/// Data that may be uploaded with one request, as it comes.
inline constexpr uint64_t kUploadBytes = 10ULL * 1024 * 1024 * 1024;

/// What bodies a route takes. A number alone: parameters or text, in memory, that many bytes at
/// most once its gzip is undone.
struct BodyRule {
  constexpr BodyRule(uint64_t bytes = 0) : most(bytes), in_memory(bytes) {}
  /// Data, up to `bytes` as they came. What is larger than `in_memory` goes to the disk.
  static constexpr BodyRule data(uint64_t bytes, uint64_t in_memory = limits::kBodyBytes) {
    BodyRule rule(bytes);
    rule.in_memory = in_memory < bytes ? in_memory : bytes;
    rule.as_it_came = true;
    return rule;
  }

  uint64_t most;
  uint64_t in_memory;
  /// Also gzip and zstd are the handler's to undo: it can do so bit by bit and see a bomb.
  /// Otherwise gzip alone is taken.
  bool as_it_came = false;
};

/// The rule of a route. Called on the thread that serves every socket, so it must be quick; must
/// not throw.
using BodyLimit = std::function<BodyRule(const std::string& method, const std::string& path)>;

}  // namespace sluice
