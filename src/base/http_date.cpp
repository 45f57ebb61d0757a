#include "base/http_date.h"

#include <array>
#include <string>

#include "base/encoding.h"

namespace sluice {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

std::optional<Timestamp> parse_http_date(std::string_view text) {
  constexpr std::string_view kForm = "Sun, 06 Nov 1994 08:49:37 GMT";
  text = trim(text);
  if (text.size() != kForm.size() || !text.ends_with(" GMT") || text.substr(3, 2) != ", ") {
    return std::nullopt;
  }
  for (size_t month = 0; month < kMonths.size(); ++month) {
    if (text.substr(8, 3) != kMonths[month]) continue;
    const std::string number =
        month < 9 ? "0" + std::to_string(month + 1) : std::to_string(month + 1);
    return parse_timestamp(std::string(text.substr(12, 4)) + "-" + number + "-" +
                           std::string(text.substr(5, 2)) + " " + std::string(text.substr(17, 8)));
  }
  return std::nullopt;
}

}  // namespace sluice
