#include "door/http_exchange.h"

#include <httplib.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "base/log.h"
#include "door/ascii.h"
#include "door/form_parts.h"
#include "door/form_type.h"
#include "door/gunzip.h"

namespace sluice {
namespace {

constexpr Fault kBroken{500, "The server failed to answer this request. Its log says why."};
/// httplib announces how many requests a connection may carry; the door does not count them.
constexpr size_t kAnnouncedRequests = 100000;

/// A request and its answer in memory, where httplib expects a socket.
class MemoryStream : public httplib::Stream {
 public:
  explicit MemoryStream(std::string_view head) : rest_(head) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* bytes, size_t size) override {
    const size_t count = std::min(size, rest_.size());
    std::memcpy(bytes, rest_.data(), count);
    rest_.remove_prefix(count);
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* bytes, size_t size) override {
    written.append(bytes, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  /// httplib refuses descriptors that select(2) can't hold; there is none.
  socket_t socket() const override { return -1; }

  std::string written;

 private:
  std::string_view rest_;
};

bool has_control(std::string_view text) { return std::ranges::any_of(text, is_control); }

/// The few lines that httplib is given instead of what the client sent: enough to write the answer,
/// and nothing it handles badly. It would percent-decode header values (and so let %0d%0a through),
/// match the path and the heads of forms with recursive regular expressions, let client headers
/// shadow REMOTE_ADDR, cut answers by Range, refuse form-urlencoded bodies over 8 KiB and compress
/// answers with brotli's slowest level. All of the request comes from the door's own reading.
std::string head_for_httplib(const RequestHead& head) {
  // These are unknown to it; the handler refuses them under their own names.
  const bool unknown = head.method == "TRACE" || head.method == "QUERY";
  std::string text = (unknown ? "OPTIONS" : head.method) + " / HTTP/1.1\r\n";
  if (!head.keep_alive) text += "Connection: close\r\n";
  return text + "Content-Length: 0\r\n\r\n";
}

/// RFC 9110, section 8.6: an answer without content by its status has no Content-Length either.
void drop_length(std::string& bytes, int status) {
  if (status != 204 && status != 304 && status / 100 != 1) return;
  constexpr std::string_view kLength = "\r\nContent-Length: 0";
  const size_t at = bytes.find(kLength);
  if (at != std::string::npos) bytes.erase(at, kLength.size());
}

/// A stream has no length: it ends with the connection (RFC 9112, section 6.3).
void open_end(std::string& bytes) {
  const auto drop_line = [&bytes](std::string_view name) {
    const size_t at = bytes.find(name);
    if (at == std::string::npos) return;
    bytes.erase(at, bytes.find("\r\n", at + 2) - at);
  };
  for (const char* name : {"\r\nContent-Length:", "\r\nKeep-Alive:", "\r\nConnection:"}) {
    drop_line(name);
  }
  bytes.insert(bytes.size() - 2, "Connection: close\r\n");
}

}  // namespace

class HttpExchange::Server : public httplib::Server {
 public:
  Server(const DoorOptions& options, const AnswerMarks& marks, const DoorHandler& handler,
         const BodyGate& gate)
      : marks_(marks), handler_(handler), gate_(gate) {
    const auto handle = [this](const httplib::Request&, httplib::Response& response) {
      call(response);
    };
    Get("/", handle).Post("/", handle).Put("/", handle).Patch("/", handle);
    Delete("/", handle).Options("/", handle);
    const auto idle = std::chrono::duration_cast<std::chrono::seconds>(options.idle_deadline);
    set_keep_alive_timeout(static_cast<time_t>(idle.count()));
    set_keep_alive_max_count(kAnnouncedRequests);
  }

  RawAnswer answer(CompleteRequest request, std::stop_token stop) {
    const bool head_request = request.head.method == "HEAD";
    RawAnswer answer = guarded(head_request, [&]() -> RawAnswer {
      request_ = DoorRequest();
      std::optional<Fault> fault = unpack(request);
      if (!fault) fault = take_apart(request);
      if (fault) return fault_answer(*fault, marks_, head_request);
      request_.stop = std::move(stop);
      return process(request, handler_);
    });
    request_ = DoorRequest();  // The disk of its body is free before its client knows the answer.
    return answer;
  }

  std::optional<RawAnswer> refusal(CompleteRequest question) {
    const bool head_request = question.head.method == "HEAD";
    bool admitted = false;
    RawAnswer answer = guarded(head_request, [&]() -> RawAnswer {
      request_ = DoorRequest();
      question.head.keep_alive = false;
      CompleteRequest asked = question;
      adopt(asked);
      std::optional<DoorResponse> refused = gate_(request_);
      admitted = !refused;
      if (admitted) return {};
      return process(question, [&refused](const DoorRequest&) { return std::move(*refused); });
    });
    if (admitted) return std::nullopt;
    return answer;
  }

 private:
  template <typename Make>
  RawAnswer guarded(bool head_request, const Make& make) {
    try {
      return make();
    } catch (const std::exception& error) {
      log_error(std::string("A request could not be answered: ") + error.what());
    } catch (...) {
      log_error("A request could not be answered.");
    }
    return fault_answer(kBroken, marks_, head_request);
  }

  static std::optional<Fault> unpack(CompleteRequest& request) {
    if (request.head.coding != ContentCoding::kGzip || request.body.empty() ||
        request.rule.as_it_came) {
      return std::nullopt;
    }
    auto unpacked = gunzip(request.body, request.rule.most);
    if (const Fault* fault = std::get_if<Fault>(&unpacked)) return *fault;
    request.body = std::get<std::string>(std::move(unpacked));
    return std::nullopt;
  }

  std::optional<Fault> take_apart(const CompleteRequest& request) {
    const RequestHead& head = request.head;
    const Header* type = find_header(head.headers, "Content-Type");
    if (!type || !is_multipart_form(type->value)) return std::nullopt;
    if (request.rule.as_it_came && head.coding != ContentCoding::kIdentity) {
      return Fault{415, "A form with a Content-Encoding is not taken here; pack the file in it."};
    }
    const std::string_view boundary = form_boundary(type->value);
    FormParts parts =
        request.upload ? read_form(boundary, request.upload) : read_form(boundary, request.body);
    if (const Fault* fault = std::get_if<Fault>(&parts)) return *fault;
    request_.parts = std::get<std::vector<FormPart>>(std::move(parts));
    return std::nullopt;
  }

  void adopt(CompleteRequest& request) {
    RequestHead& head = request.head;
    request_.method = std::move(head.method);
    request_.target = std::move(head.target);
    request_.path = std::move(head.path);
    request_.query = std::move(head.query);
    request_.headers = std::move(head.headers);
    request_.remote_address = std::move(request.remote_address);
    request_.body = std::move(request.body);
    request_.upload = std::move(request.upload);
  }

  RawAnswer process(CompleteRequest& request, const DoorHandler& handler) {
    const std::string text = head_for_httplib(request.head);
    adopt(request);
    current_ = &handler;
    failed_ = true;
    stream_ = nullptr;

    MemoryStream stream(text);
    bool closed = false;
    process_request(stream, false, closed, nullptr);
    const bool head_request = request_.method == "HEAD";
    if (failed_) return fault_answer(kBroken, marks_, head_request);
    drop_length(stream.written, status_);
    if (stream_ && !head_request) {
      open_end(stream.written);
      return {std::move(stream.written), true, std::move(stream_)};
    }
    stream_ = nullptr;
    return {std::move(stream.written), closed};
  }

  /// Nothing the handler throws may reach httplib, which would put it into the answer.
  void call(httplib::Response& response) {
    try {
      fill(response, (*current_)(request_));
      failed_ = false;
      return;
    } catch (const std::exception& error) {
      log_error("The handler of " + request_.method + " " + request_.path +
                " failed: " + error.what());
    } catch (...) {
      log_error("The handler of " + request_.method + " " + request_.path + " failed.");
    }
  }

  void fill(httplib::Response& response, DoorResponse answer) {
    response.status = status_ = answer.status;
    for (const Header& header : answer.headers) {
      if (!is_token(header.name) || has_control(header.value)) {
        log_warn("A response header that would break the response was dropped: " + header.name);
        continue;
      }
      response.headers.emplace(header.name, header.value);
    }
    if (!response.has_header("X-Request-Id")) {
      response.headers.emplace("X-Request-Id", marks_.request_id());
    }
    response.headers.emplace("Date", marks_.date());
    // httplib would offer ranges of what HEAD describes.
    if (request_.method == "HEAD") response.headers.emplace("Accept-Ranges", "none");
    stream_ = std::move(answer.stream);
    if ((stream_ || !answer.body.empty()) && !has_control(answer.content_type)) {
      response.headers.emplace("Content-Type", answer.content_type);
    }
    response.body = std::move(answer.body);
  }

  const AnswerMarks& marks_;
  const DoorHandler& handler_;
  const BodyGate& gate_;
  // Of the request being processed.
  const DoorHandler* current_ = nullptr;
  DoorRequest request_;
  int status_ = 0;
  std::shared_ptr<AnswerStream> stream_;
  /// Until the handler has answered.
  bool failed_ = true;
};

HttpExchange::HttpExchange(const DoorOptions& options, const AnswerMarks& marks,
                           const DoorHandler& handler, const BodyGate& gate)
    : server_(std::make_unique<Server>(options, marks, handler, gate)) {}

HttpExchange::~HttpExchange() = default;

std::optional<RawAnswer> HttpExchange::refusal(CompleteRequest question) {
  return server_->refusal(std::move(question));
}

RawAnswer HttpExchange::answer(CompleteRequest request, std::stop_token stop) {
  return server_->answer(std::move(request), std::move(stop));
}

}  // namespace sluice
