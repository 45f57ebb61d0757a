#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "door/http_message.h"
#include "door/request_head.h"

namespace sluice {

/// The bytes of one answer, ready to be written: a whole one, or its head where a stream follows.
struct RawAnswer {
  std::string bytes;
  /// The connection ends after it, and the bytes say so.
  bool close = false;
  std::shared_ptr<AnswerStream> stream = nullptr;
};

/// What every answer carries, whoever makes it. Thread-safe if `request_id` and `clock` are.
struct AnswerMarks {
  std::function<std::string()> request_id;
  const Clock* clock = nullptr;

  /// The time as RFC 9110, section 5.6.7, wants it in Date: `Mon, 23 Nov 2026 08:30:00 GMT`.
  std::string date() const;
};

/// The door's own answer: JSON {"error", "documentation"}, with X-Request-Id and
/// `Connection: close`; without the body for a HEAD request.
RawAnswer fault_answer(const Fault& fault, const AnswerMarks& marks, bool head_request);

}  // namespace sluice
