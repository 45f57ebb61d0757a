#pragma once

#include <memory>
#include <optional>
#include <stop_token>

#include "door/answer.h"
#include "door/door_options.h"
#include "door/http_message.h"
#include "door/request_reader.h"

namespace sluice {

/// Turns one complete request into the bytes of its answer by way of a handler: unpacks gzip, takes
/// forms apart, calls the handler, writes status line and headers with httplib, which lives here.
/// One thread uses one exchange; the handler may be shared.
class HttpExchange {
 public:
  /// All of them must outlive it.
  HttpExchange(const DoorOptions& options, const AnswerMarks& marks, const DoorHandler& handler,
               const BodyGate& gate);
  ~HttpExchange();
  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;

  /// Never throws; whatever goes wrong is an answer.
  RawAnswer answer(CompleteRequest request, std::stop_token stop);
  /// What the gate has against the body of this request, if anything; the connection ends after it.
  std::optional<RawAnswer> refusal(CompleteRequest question);

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace sluice
