#include <nlohmann/json.hpp>

#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"

namespace sluice {

DoorResponse take_events(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({"name", "wait", "format"});
  const std::string name = call.parameters.required("name", "Name the data source.");
  const std::string format = call.parameters.text("format").value_or("ndjson");
  if (parse_row_format(format) != RowFormat::kNdjson) {
    throw Error(ErrorCode::kInvalid, "Events can't be sent as '" + format.substr(0, 100) + "'.",
                "Send NDJSON; files of other formats go to POST /v0/datasources.");
  }
  const bool may_create = may_create_sources(call.token);
  if (!may_create) require_source_right(parts, call, "DATASOURCES:APPEND", name);
  const bool wait = call.parameters.flag("wait");
  const EventOutcome outcome =
      parts.datasources.take_events(name, body_range(call.request), may_create,
                                    wait ? Durability::kSynced : Durability::kCommitted);
  DoorResponse response =
      reply({{"successful_rows", outcome.rows}, {"quarantined_rows", outcome.quarantined}});
  if (!wait) response.status = 202;
  return response;
}

}  // namespace sluice
