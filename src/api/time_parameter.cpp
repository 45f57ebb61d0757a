#include "api/time_parameter.h"

#include "base/error.h"

namespace sluice {

std::optional<Timestamp> time_parameter(const Parameters& parameters, const std::string& name) {
  const std::optional<std::string> text = parameters.text(name);
  if (!text || text->empty()) return std::nullopt;
  std::optional<Timestamp> time = parse_timestamp(*text);
  if (!time) time = parse_timestamp(*text + " 00:00:00");
  if (!time) {
    throw Error(ErrorCode::kInvalid,
                "The parameter '" + name + "' is '" + text->substr(0, 100) + "'.",
                "Write a time in UTC as 2026-11-23 08:30:00.");
  }
  return time;
}

}  // namespace sluice
