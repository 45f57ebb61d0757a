#include "door/answer.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace sluice {
namespace {

std::string_view reason_of(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    case 507:
      return "Insufficient Storage";
    default:
      return "Error";
  }
}

/// A header that tells the client what would have worked, or when to come back.
std::string_view advice_for(int status) {
  if (status == 415) return "Accept-Encoding: gzip\r\n";
  if (status == 501) return "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n";
  if (status == 503) return "Retry-After: 1\r\n";
  return "";
}

}  // namespace

std::string AnswerMarks::date() const {
  // Names by hand: strftime would take them from the locale.
  static constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Timestamp now = clock->now();
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(now - day));
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                kDays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text.data();
}

RawAnswer fault_answer(const Fault& fault, const AnswerMarks& marks, bool head_request) {
  // Sentences of faults are constants of this room and need no escaping.
  std::string body = R"({"error": ")";
  body.append(fault.sentence).append(R"(", "documentation": "/docs"})");
  std::string bytes = "HTTP/1.1 " + std::to_string(fault.status) + " ";
  bytes.append(reason_of(fault.status));
  bytes.append("\r\nContent-Type: application/json\r\nConnection: close\r\n");
  bytes.append(advice_for(fault.status));
  bytes.append("Date: ").append(marks.date()).append("\r\n");
  bytes.append("X-Request-Id: ").append(marks.request_id()).append("\r\n");
  bytes.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
  if (!head_request) bytes.append(body);
  return {std::move(bytes), true};
}

}  // namespace sluice
