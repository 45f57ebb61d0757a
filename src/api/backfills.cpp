#include <charconv>
#include <nlohmann/json.hpp>

#include "api/handlers.h"
#include "api/reply.h"
#include "api/time_parameter.h"
#include "api/views.h"
#include "base/error.h"
#include "base/limits.h"

namespace sluice {
namespace {

using nlohmann::json;

Timestamp required_time(const Parameters& parameters, const std::string& name) {
  const std::optional<Timestamp> time = time_parameter(parameters, name);
  if (time) return *time;
  throw Error(
      ErrorCode::kInvalid, "The parameter '" + name + "' is missing.",
      "Give the range of time as start and end, in UTC: 2026-11-01 or 2026-11-01 08:00:00.");
}

int concurrency_parameter(const Parameters& parameters) {
  const std::string text = parameters.text("concurrency").value_or("1");
  int number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || number < 1 ||
      number > limits::kBackfillConcurrency) {
    throw Error(ErrorCode::kInvalid,
                "The parameter 'concurrency' is '" + text.substr(0, 100) + "'.",
                "Use a number from 1 to " + std::to_string(limits::kBackfillConcurrency) + ".");
  }
  return number;
}

}  // namespace

DoorResponse start_backfill(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({"start", "end", "step", "concurrency"});
  const Pipe pipe = parts.pipes.get(call.names[0]);
  const BackfillRequest request{
      {required_time(call.parameters, "start"), required_time(call.parameters, "end")},
      call.parameters.text("step").value_or(""),
      concurrency_parameter(call.parameters)};
  return reply(backfill_view(parts.backfills.start(pipe, request, call.token.name)));
}

DoorResponse list_backfills(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({"pipe"});
  const std::optional<std::string> name = call.parameters.text("pipe");
  json list = json::array();
  for (const Backfill& backfill :
       parts.backfills.list(name ? parts.pipes.get(*name).id : std::string())) {
    list.push_back(backfill_view(backfill));
  }
  return reply({{"backfills", list}});
}

DoorResponse get_backfill(const ApiParts& parts, const ApiCall& call) {
  return reply(backfill_view(parts.backfills.get(call.names[0])));
}

DoorResponse cancel_backfill(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({});
  return reply(backfill_view(parts.backfills.cancel(call.names[0])));
}

}  // namespace sluice
