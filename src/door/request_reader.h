#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "door/body_decoder.h"
#include "door/http_message.h"
#include "door/request_head.h"

namespace sluice {

/// A request whose every byte has arrived. The body's content coding is not undone yet.
struct CompleteRequest {
  RequestHead head;
  std::string body;
  BodyRule rule;
  /// The body, if it was too large for memory; else null.
  std::shared_ptr<const ByteRange> upload = nullptr;
  std::string remote_address = {};
  /// Only its head has come: may the body, which is too large for memory?
  bool is_question = false;
};

/// Takes the bytes of one connection apart into requests, one at a time; knows nothing of sockets,
/// time or threads. Memory is bounded by the head limit, what the route takes into memory and what
/// is fed at once; of a spooled body, by taking what has come.
class RequestReader {
 public:
  enum class Stage {
    kIdle,      ///< Between requests; nothing of the next one has come.
    kHead,      ///< Part of a head.
    kBody,      ///< A head, and part of its body.
    kComplete,  ///< `take` it. Later bytes wait.
    kFault,     ///< Answer `fault` and close; later bytes are dropped.
  };

  RequestReader(size_t head_bytes, const BodyLimit& body_limit);

  void feed(std::string_view bytes);
  Stage stage() const { return stage_; }
  const Fault& fault() const { return fault_; }
  /// The request at kComplete. `next_request` goes on with what the client has sent after it.
  CompleteRequest take();
  void next_request();

  /// True once for each request whose body the client holds back until "100 Continue".
  bool take_expectation();
  /// The faulty request, as far as it is known, was a HEAD: its answer has no body.
  bool is_head_request() const { return head_.method == "HEAD"; }
  /// Body bytes of the current request so far.
  uint64_t body_bytes() const { return body_ ? body_->total() : 0; }

  /// Whether the current body is too large for memory; `take` will be without it.
  bool is_spooled() const { return body_ && body_->is_spooled(); }
  /// Its bytes as the head says; 0 where only their end will tell.
  uint64_t announced() const { return head_.content_length; }
  /// What has come of it and was not taken.
  size_t unspooled() const { return is_spooled() ? body_->body().size() : 0; }
  std::string take_unspooled() { return body_->release(); }
  /// What is known of the current request before its body.
  const RequestHead& head() const { return head_; }
  const BodyRule& rule() const { return rule_; }

  /// Memory held.
  size_t buffered() const;

 private:
  void advance();
  void skip_empty_lines();
  void read_head();
  void read_body();
  void fail(Fault fault);

  size_t head_bytes_;
  const BodyLimit& body_limit_;
  Stage stage_ = Stage::kIdle;
  std::string buffer_;
  /// Bytes of buffer_ that belong to requests already taken.
  size_t begin_ = 0;
  /// Bytes of the head, after begin_, that have been looked at.
  size_t scanned_ = 0;
  RequestHead head_;
  BodyRule rule_;
  std::optional<BodyDecoder> body_;
  bool expectation_ = false;
  Fault fault_;
};

}  // namespace sluice
