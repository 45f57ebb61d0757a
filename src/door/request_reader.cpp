#include "door/request_reader.h"

#include <algorithm>
#include <utility>

namespace sluice {
namespace {

/// An idle connection keeps no more than this, so that thousands of them cost little.
constexpr size_t kIdleCapacity = 4 * 1024;

}  // namespace

RequestReader::RequestReader(size_t head_bytes, const BodyLimit& body_limit)
    : head_bytes_(head_bytes), body_limit_(body_limit) {}

void RequestReader::feed(std::string_view bytes) {
  if (stage_ == Stage::kFault) return;
  // Most bytes are of bodies; there is no need to copy them twice.
  if (stage_ == Stage::kBody && buffer_.empty()) bytes.remove_prefix(body_->take(bytes));
  buffer_.append(bytes);
  advance();
}

void RequestReader::next_request() {
  head_ = RequestHead();
  body_.reset();
  scanned_ = 0;
  stage_ = Stage::kIdle;
  advance();
}

CompleteRequest RequestReader::take() { return {std::move(head_), body_->release(), rule_}; }

bool RequestReader::take_expectation() { return std::exchange(expectation_, false); }

size_t RequestReader::buffered() const {
  return buffer_.capacity() + (body_ ? body_->body().capacity() : 0);
}

void RequestReader::fail(Fault fault) {
  fault_ = fault;
  stage_ = Stage::kFault;
  begin_ = buffer_.size();
}

void RequestReader::advance() {
  if (stage_ == Stage::kIdle) skip_empty_lines();
  if (stage_ == Stage::kHead) read_head();
  if (stage_ == Stage::kBody) read_body();
  if (begin_ == buffer_.size()) {
    begin_ = 0;
    buffer_.clear();
    // Not by assignment, which keeps the memory.
    if (buffer_.capacity() > kIdleCapacity) std::string().swap(buffer_);
  } else if (begin_ > kIdleCapacity) {
    buffer_.erase(0, begin_);
    begin_ = 0;
  }
}

/// RFC 9112, section 2.2: clients are known to send an empty line after a body.
void RequestReader::skip_empty_lines() {
  while (std::string_view(buffer_).substr(begin_).starts_with("\r\n")) begin_ += 2;
  const std::string_view rest = std::string_view(buffer_).substr(begin_);
  if (!rest.empty() && rest != "\r") stage_ = Stage::kHead;
}

void RequestReader::read_head() {
  const std::string_view bytes = std::string_view(buffer_).substr(begin_);
  const HeadEnd end = find_head_end(bytes.substr(0, head_bytes_), scanned_);
  scanned_ = std::min(bytes.size(), head_bytes_);
  if (const Fault* fault = std::get_if<Fault>(&end)) return fail(*fault);
  const size_t* size = std::get_if<size_t>(&end);
  if (!size) {
    if (bytes.size() >= head_bytes_) fail({431, "The request head is too large."});
    return;
  }
  auto head = parse_request_head(bytes.substr(0, *size));
  begin_ += *size;
  if (const Fault* fault = std::get_if<Fault>(&head)) return fail(*fault);
  head_ = std::get<RequestHead>(std::move(head));
  rule_ = body_limit_(head_.method, head_.path);
  if (head_.coding == ContentCoding::kZstd && !rule_.as_it_came) return fail(kUnknownCoding);
  // What gzip adds to bytes it can't make smaller is no reason to refuse them.
  const bool unpacked = head_.coding == ContentCoding::kGzip && !rule_.as_it_came;
  body_.emplace(head_, unpacked ? rule_.most + rule_.most / 1024 + 1024 : rule_.most,
                unpacked ? UINT64_MAX : rule_.in_memory);
  stage_ = Stage::kBody;
}

void RequestReader::read_body() {
  begin_ += body_->take(std::string_view(buffer_).substr(begin_));
  if (body_->fault()) return fail(*body_->fault());
  if (body_->complete()) {
    stage_ = Stage::kComplete;
    expectation_ = false;
  } else if (head_.expect_continue) {
    expectation_ = std::exchange(head_.expect_continue, false) && body_->total() == 0;
  }
}

}  // namespace sluice
