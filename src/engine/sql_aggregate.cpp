#include "engine/sql_aggregate.h"

#include "base/limits.h"

namespace sluice {

void Aggregate::remove(const SqlCall& row) {
  throw row.failed(
      "works in a window only while no row leaves it; begin its frame with UNBOUNDED "
      "PRECEDING");
}

bool MemoryShare::has_room_for(size_t bytes) const {
  return world_.aggregate_bytes() - bytes_ + bytes <= limits::kAggregateBytes;
}

void MemoryShare::set(size_t bytes, const SqlCall& call) {
  if (bytes > bytes_ && !has_room_for(bytes)) {
    throw call.failed("the aggregates of a statement may hold " +
                          std::to_string(limits::kAggregateBytes >> 20U) +
                          " MiB together; group by more, or read fewer rows",
                      ErrorCode::kTooLarge);
  }
  world_.aggregate_bytes() += bytes - bytes_;
  bytes_ = bytes;
}

}  // namespace sluice
