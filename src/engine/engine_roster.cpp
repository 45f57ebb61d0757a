#include "engine/engine_roster.h"

#include <utility>

#include "base/error.h"

namespace sluice {
namespace {

class EngineRoster final : public Engine {
 public:
  explicit EngineRoster(std::map<std::string, std::unique_ptr<Engine>> engines)
      : engines_(std::move(engines)) {}

  QueryInfo describe(const Query& query, std::chrono::nanoseconds patience) override {
    return of(query).describe(query, patience);
  }
  std::unique_ptr<RowReader> open(const Query& query, std::chrono::seconds run_time,
                                  std::stop_token stop) override {
    return of(query).open(query, run_time, std::move(stop));
  }
  std::unique_ptr<RowReader> ask(const Query& query, const AskLimits& most,
                                 std::stop_token stop) override {
    return of(query).ask(query, most, std::move(stop));
  }
  void check_reach(const Query& query, const Reach& reach) override {
    of(query).check_reach(query, reach);
  }
  std::unique_ptr<SplitScan> open_split(const Query& query, std::chrono::seconds run_time,
                                        const std::stop_token& stop,
                                        const SplitWish& wish) override {
    return of(query).open_split(query, run_time, stop, wish);
  }
  ClusterWriter* cluster_writer(const Query& query) override {
    return of(query).cluster_writer(query);
  }

 private:
  Engine& of(const Query& query) const {
    const auto found = engines_.find(query.engine);
    if (found != engines_.end()) return *found->second;
    throw Error(
        ErrorCode::kInvalid,
        "There is no engine '" + query.engine.substr(0, 100) + "'; there are: " + names() + ".",
        "Start Sluice with --clickhouse " + query.engine.substr(0, 100) +
            "=http://user:password@host:8123/database, or name another engine.");
  }

  std::string names() const {
    std::string out;
    for (const auto& [name, engine] : engines_) {
      out += (out.empty() ? "" : ", ") + (name.empty() ? std::string("sqlite") : name);
    }
    return out;
  }

  std::map<std::string, std::unique_ptr<Engine>> engines_;
};

}  // namespace

std::unique_ptr<Engine> make_engine_roster(std::map<std::string, std::unique_ptr<Engine>> engines) {
  return std::make_unique<EngineRoster>(std::move(engines));
}

}  // namespace sluice
