#include "engine/engine_roster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

/// Says which one it is by the table that every statement reads.
class NamedEngine final : public Engine {
 public:
  explicit NamedEngine(std::string name) : name_(std::move(name)) {}
  QueryInfo describe(const Query&, std::chrono::nanoseconds) override { return {{}, {name_}}; }
  std::unique_ptr<RowReader> open(const Query&, std::chrono::seconds, std::stop_token) override {
    return nullptr;
  }
  std::unique_ptr<RowReader> ask(const Query&, const AskLimits&, std::stop_token) override {
    return nullptr;
  }
  void check_reach(const Query&, const Reach&) override {}

 private:
  std::string name_;
};

TEST(EngineRosterTest, EachQueryGoesToTheEngineThatItNames) {
  std::map<std::string, std::unique_ptr<Engine>> engines;
  engines[""] = std::make_unique<NamedEngine>("embedded");
  engines["ch"] = std::make_unique<NamedEngine>("cluster");
  const auto roster = make_engine_roster(std::move(engines));
  Query query;
  EXPECT_THAT(roster->describe(query).tables, testing::ElementsAre("embedded"));
  query.engine = "ch";
  EXPECT_THAT(roster->describe(query).tables, testing::ElementsAre("cluster"));
  query.engine = "other";
  const Error error = caught([&] { roster->describe(query); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), testing::HasSubstr("'other'; there are: sqlite, ch."));
}

}  // namespace
}  // namespace sluice
