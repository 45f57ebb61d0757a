#include "door/request_head.h"

#include <array>

#include "door/ascii.h"

namespace sluice {
namespace {

constexpr size_t kHeaderFields = 100;
/// 10^18 - 1 fits into 63 bits, so no sum with it wraps.
constexpr size_t kLengthDigits = 18;
constexpr std::array<std::string_view, 9> kMethods = {"GET",    "HEAD",    "POST",  "PUT",  "PATCH",
                                                      "DELETE", "OPTIONS", "TRACE", "QUERY"};

using MaybeFault = std::optional<Fault>;

/// `HTTP/1.1`, and any later minor version, which RFC 9110 section 2.5 has us treat as 1.1.
MaybeFault read_version(std::string_view text, RequestHead& head) {
  const bool formed = text.size() == 8 && text.starts_with("HTTP/") && text[5] >= '0' &&
                      text[5] <= '9' && text[6] == '.' && text[7] >= '0' && text[7] <= '9';
  if (!formed) return Fault{400, "The request line has no valid HTTP version."};
  if (text[5] != '1') return Fault{505, "This server speaks HTTP/1.1 only."};
  head.keep_alive = text[7] != '0';
  return std::nullopt;
}

/// The forms of RFC 9112, section 3.2, but the authority form, which only CONNECT has.
MaybeFault read_target(std::string_view target, RequestHead& head) {
  if (target.find_first_of("\t#") != std::string_view::npos) {
    return Fault{400, "The request target holds a character that is not allowed there."};
  }
  head.target = target;
  std::string_view rest = target;
  if (target == "*") {
    if (head.method != "OPTIONS") return Fault{400, "The request target * is for OPTIONS only."};
  } else if (!target.starts_with('/')) {
    const size_t scheme = target.find("://");
    const bool absolute = scheme != std::string_view::npos &&
                          (equal_ignoring_case(target.substr(0, scheme), "http") ||
                           equal_ignoring_case(target.substr(0, scheme), "https"));
    if (!absolute) return Fault{400, "The request target must begin with a slash."};
    const size_t path = target.find_first_of("/?", scheme + 3);
    rest = path == std::string_view::npos ? std::string_view() : target.substr(path);
  }
  const size_t question = rest.find('?');
  head.path = rest.substr(0, question);
  if (head.path.empty()) head.path = "/";
  if (question != std::string_view::npos) head.query = rest.substr(question + 1);
  return std::nullopt;
}

MaybeFault read_request_line(std::string_view line, RequestHead& head) {
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last || line.find(' ', first + 1) != last ||
      last == first + 1) {
    return Fault{400, "The request line is not method, target and version, one space apart."};
  }
  head.method = line.substr(0, first);
  if (!is_token(head.method)) return Fault{400, "The request method is not a valid name."};
  if (MaybeFault fault = read_version(line.substr(last + 1), head)) return fault;
  if (std::ranges::find(kMethods, head.method) == kMethods.end()) {
    return Fault{501, "This server does not know the request method."};
  }
  return read_target(line.substr(first + 1, last - first - 1), head);
}

MaybeFault read_field(std::string_view line, RequestHead& head) {
  if (line.starts_with(' ') || line.starts_with('\t')) {
    return Fault{400, "A header is folded over two lines, which HTTP no longer allows."};
  }
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    return Fault{400, "A header line is not a name, a colon and a value."};
  }
  if (head.headers.size() == kHeaderFields) {
    return Fault{431, "The request has too many headers."};
  }
  head.headers.push_back(
      {std::string(line.substr(0, colon)), std::string(trim_blanks(line.substr(colon + 1)))});
  return std::nullopt;
}

/// All fields of that name; a field that may come once only is refused where there are two.
std::vector<std::string_view> values_of(const RequestHead& head, std::string_view name) {
  std::vector<std::string_view> values;
  for (const Header& header : head.headers) {
    if (equal_ignoring_case(header.name, name)) values.emplace_back(header.value);
  }
  return values;
}

MaybeFault read_length(std::string_view text, RequestHead& head) {
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (!digits) return Fault{400, "The Content-Length is not one number."};
  if (text.size() > kLengthDigits) return Fault{413, "The request body is too large."};
  for (const char digit : text) {
    head.content_length = head.content_length * 10 + static_cast<uint64_t>(digit - '0');
  }
  return std::nullopt;
}

/// How long the body is: RFC 9112, section 6.3.
MaybeFault read_framing(bool http_1_0, RequestHead& head) {
  const auto lengths = values_of(head, "Content-Length");
  const auto codings = values_of(head, "Transfer-Encoding");
  if (lengths.size() > 1) return Fault{400, "The request has more than one Content-Length."};
  if (codings.empty()) return lengths.empty() ? std::nullopt : read_length(lengths[0], head);
  if (!lengths.empty()) {
    return Fault{400, "The request has both a Content-Length and a Transfer-Encoding."};
  }
  if (http_1_0) return Fault{400, "HTTP/1.0 has no Transfer-Encoding."};
  if (codings.size() > 1) return Fault{400, "The request has more than one Transfer-Encoding."};
  head.chunked = equal_ignoring_case(codings[0], "chunked");
  if (!head.chunked) return Fault{501, "The only Transfer-Encoding understood here is chunked."};
  return std::nullopt;
}

MaybeFault read_content_coding(RequestHead& head) {
  const auto codings = values_of(head, "Content-Encoding");
  if (codings.empty() || (codings.size() == 1 &&
                          (codings[0].empty() || equal_ignoring_case(codings[0], "identity")))) {
    return std::nullopt;
  }
  if (codings.size() > 1) return kUnknownCoding;
  if (equal_ignoring_case(codings[0], "gzip") || equal_ignoring_case(codings[0], "x-gzip")) {
    head.coding = ContentCoding::kGzip;
  } else if (equal_ignoring_case(codings[0], "zstd")) {  // RFC 8878
    head.coding = ContentCoding::kZstd;
  } else {
    return kUnknownCoding;
  }
  return std::nullopt;
}

MaybeFault read_connection(bool http_1_0, RequestHead& head) {
  for (std::string_view rest : values_of(head, "Connection")) {
    while (!rest.empty()) {
      const size_t comma = rest.find(',');
      if (equal_ignoring_case(trim_blanks(rest.substr(0, comma)), "close")) head.keep_alive = false;
      rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    }
  }
  const auto expectations = values_of(head, "Expect");
  // RFC 9110, section 10.1.1: HTTP/1.0 can't mean it.
  if (expectations.empty() || http_1_0) return std::nullopt;
  if (expectations.size() > 1 || !equal_ignoring_case(expectations[0], "100-continue")) {
    return Fault{417, "The only expectation understood here is 100-continue."};
  }
  head.expect_continue = true;
  return std::nullopt;
}

MaybeFault read_meaning(RequestHead& head) {
  const bool http_1_0 = !head.keep_alive;  // nothing but the version has touched it so far
  const size_t hosts = values_of(head, "Host").size();
  if (hosts > 1 || (hosts == 0 && !http_1_0)) {
    return Fault{400, "The request must have exactly one Host header."};
  }
  if (MaybeFault fault = read_framing(http_1_0, head)) return fault;
  if (MaybeFault fault = read_content_coding(head)) return fault;
  return read_connection(http_1_0, head);
}

}  // namespace

HeadEnd find_head_end(std::string_view bytes, size_t from) {
  for (size_t i = from; i < bytes.size(); ++i) {
    const char c = bytes[i];
    const bool after_cr = i > 0 && bytes[i - 1] == '\r';
    if (after_cr != (c == '\n')) return Fault{400, "A line of the request ends without CR LF."};
    if (c == '\n' && i >= 3 && bytes[i - 2] == '\n') return i + 1;
    if (c != '\n' && c != '\r' && is_control(c)) {
      return Fault{400, "The request head holds a control character."};
    }
  }
  return std::monostate();
}

std::variant<RequestHead, Fault> parse_request_head(std::string_view bytes) {
  RequestHead head;
  bool first = true;
  while (true) {
    const size_t end = bytes.find("\r\n");
    const std::string_view line = bytes.substr(0, end);
    if (end == std::string_view::npos || line.empty()) break;
    bytes.remove_prefix(end + 2);
    if (MaybeFault fault = first ? read_request_line(line, head) : read_field(line, head)) {
      return *fault;
    }
    first = false;
  }
  if (MaybeFault fault = read_meaning(head)) return *fault;
  return head;
}

}  // namespace sluice
