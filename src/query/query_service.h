#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "domain/job.h"
#include "engine/engine.h"
#include "query/answer_format.h"
#include "query/query_places.h"

namespace sluice {

struct QueryLimits {
  std::chrono::nanoseconds run_time{};
  size_t at_once = 0;
  size_t query_bytes = 0;                ///< Of what a query holds while it runs.
  size_t answer_bytes = 0;               ///< Of one answer, and of one value.
  uint64_t all_answers_bytes = 0;        ///< Of all that are being made.
  std::chrono::milliseconds patience{};  ///< For a place among those at once.
};

/// What a caller waits for.
struct QueryCall {
  Query query;
  AnswerFormat format = AnswerFormat::kJson;
  bool integers_as_text = false;
  bool gzip = false;  ///< The caller takes it.
};

struct QueryAnswer {
  std::string body;
  AnswerFormat format = AnswerFormat::kJson;
  bool gzipped = false;
};

/// One statement answered at once: its rows as the bytes of an answer, all of them or an error.
/// Thread-safe; what it is given must outlive it.
class QueryService {
 public:
  QueryService(Engine& engine, Clock& clock, QueryLimits limits)
      : engine_(engine),
        clock_(clock),
        limits_(limits),
        places_(limits.at_once, limits.all_answers_bytes, limits.patience) {}

  /// Throws what the engine throws (kTimeout after the time there is, kCancelled when stopped),
  /// kTooLarge for an answer that is larger than it may be, kTooMany when too many ask at once.
  QueryAnswer answer(const QueryCall& call, const std::stop_token& stop);
  /// See Engine::check_reach.
  void check_reach(const Query& query, const Reach& reach) { engine_.check_reach(query, reach); }

 private:
  Engine& engine_;
  Clock& clock_;
  const QueryLimits limits_;
  QueryPlaces places_;
};

}  // namespace sluice
