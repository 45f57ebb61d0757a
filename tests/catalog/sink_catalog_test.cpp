#include "catalog/sink_catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <tuple>

#include "catalog/catalog_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using std::chrono::minutes;
using testing::HasSubstr;

class SinkCatalogTest : public testing::Test, protected CatalogWorld {
 protected:
  SinkCatalogTest() {
    disk();
    pipe("p", {"SELECT id, region FROM shop.orders"});
    bucket.set_hook([](const std::string&, const std::string&) {});
  }
  static SinkParameters good() {
    SinkParameters parameters;
    parameters.connection = "disk";
    parameters.path = "local://out";
    parameters.file_template = "all";
    return parameters;
  }
  void set(const SinkParameters& parameters, const std::string& name = "p") {
    const Pipe pipe = pipe_catalog.get(name);
    sink_catalog.set(pipe, pipe.nodes.back(), parameters);
  }
  Error refusal(const SinkParameters& parameters) {
    return caught([&] { set(parameters); });
  }
  JobPlan plan(const SinkParameters& overrides = {}, const RunVariables& variables = {}) {
    return sink_catalog.plan(pipe_catalog.get("p"), overrides, variables);
  }
  Sink stored() { return *pipe_catalog.get("p").sink; }
};

TEST_F(SinkCatalogTest, ASinkIsStoredWithItsDefaults) {
  set(good());
  const Sink sink = stored();
  EXPECT_EQ(sink.settings.connection_id, connection_catalog.get("disk").id);
  EXPECT_EQ(sink.settings.path, "local://out");
  EXPECT_EQ(sink.settings.file_template, "all");
  EXPECT_EQ(sink.settings.format, Format::kCsv);
  EXPECT_EQ(sink.settings.compression, Compression::kNone);
  EXPECT_EQ(sink.settings.write_strategy, WriteStrategy::kNew);
  EXPECT_EQ(sink.settings.empty_result, EmptyResult::kSkip);
  EXPECT_FALSE(sink.schedule);
  EXPECT_EQ(bucket.calls().back(), "probe out");
}

TEST_F(SinkCatalogTest, WhatNobodyWaitsForDoesNotWaitForALock) {
  set(good());
  const Pipe pipe = pipe_catalog.get("p");
  shop.run("BEGIN EXCLUSIVE");
  EXPECT_EQ(sink_catalog.plan_unattended(pipe, {}).settings.path, "local://out");
  EXPECT_TRUE(clock.sleeps().empty());
  EXPECT_ERROR(plan(), kBusy);
  EXPECT_FALSE(clock.sleeps().empty()) << "a caller would rather wait than be refused";
}

TEST_F(SinkCatalogTest, EveryParameterCounts) {
  SinkParameters parameters = good();
  parameters.connection = connection_catalog.get("disk").id;
  parameters.format = "NDJSON";
  parameters.compression = "gzip";
  parameters.write_strategy = "overwrite";
  parameters.empty_result = "write";
  parameters.schedule_cron = " 45 8 * * * ";
  parameters.schedule_timezone = "Etc/UTC";
  set(parameters);
  const Sink sink = stored();
  EXPECT_EQ(sink.settings.format, Format::kNdjson);
  EXPECT_EQ(sink.settings.compression, Compression::kGzip);
  EXPECT_EQ(sink.settings.write_strategy, WriteStrategy::kTruncate);
  EXPECT_EQ(sink.settings.empty_result, EmptyResult::kWrite);
  ASSERT_TRUE(sink.schedule);
  EXPECT_EQ(sink.schedule->cron, "45 8 * * *");
  EXPECT_EQ(sink.schedule->next_run_at, clock.now() + minutes(15));
}

TEST_F(SinkCatalogTest, NoScheduleInAllItsSpellings) {
  for (const char* cron : {"", "None", "@on-demand", "@once"}) {
    SinkParameters parameters = good();
    parameters.schedule_cron = cron;
    set(parameters);
    EXPECT_FALSE(stored().schedule) << cron;
    pipes.remove_sink(pipe_catalog.get("p").id, clock.now());
  }
}

TEST_F(SinkCatalogTest, EachMistakeIsTold) {
  using Set = std::function<void(SinkParameters&)>;
  const std::vector<std::tuple<Set, ErrorCode, const char*>> mistakes = {
      {[](SinkParameters& p) { p.connection.reset(); }, ErrorCode::kInvalid, "connection"},
      {[](SinkParameters& p) { p.path = ""; }, ErrorCode::kInvalid, "path"},
      {[](SinkParameters& p) { p.file_template.reset(); }, ErrorCode::kInvalid, "file_template"},
      {[](SinkParameters& p) { p.format = "xlsx"; }, ErrorCode::kInvalid, "xlsx"},
      {[](SinkParameters& p) { p.compression = "rar"; }, ErrorCode::kInvalid, "rar"},
      {[](SinkParameters& p) { p.write_strategy = "merge"; }, ErrorCode::kInvalid, "merge"},
      {[](SinkParameters& p) { p.empty_result = "maybe"; }, ErrorCode::kInvalid, "maybe"},
      {[](SinkParameters& p) { p.schedule_cron = "61 * * * *"; }, ErrorCode::kInvalid, "minute"},
      {[](SinkParameters& p) { p.schedule_timezone = "Mars/Base"; }, ErrorCode::kInvalid, "Mars"},
      {[](SinkParameters& p) { p.file_template = "../all"; }, ErrorCode::kInvalid, ".."},
      {[](SinkParameters& p) { p.path = "local://../x"; }, ErrorCode::kInvalid, ".."},
      {[](SinkParameters& p) { p.path = "s3://bucket/x"; }, ErrorCode::kInvalid, "local"},
      {[](SinkParameters& p) { p.connection = "nope"; }, ErrorCode::kNotFound, "'nope'"}};
  for (const auto& [change, code, word] : mistakes) {
    SinkParameters parameters = good();
    change(parameters);
    const Error error = refusal(parameters);
    EXPECT_EQ(error.code(), code) << word;
    EXPECT_THAT(error.what(), HasSubstr(word));
  }
  EXPECT_EQ(bucket.count("probe"), 1U) << "only that of the connection itself";
  EXPECT_FALSE(pipe_catalog.get("p").sink);
}

TEST_F(SinkCatalogTest, TheOrderOfTheChecks) {
  set(good());
  // All is wrong at once: parameters come first, then the connection, restrictions, the store.
  bucket.fail("probe", "", ErrorCode::kUnavailable);
  SinkParameters parameters = good();
  parameters.format = "xlsx";
  parameters.connection = "nope";
  EXPECT_EQ(refusal(parameters).code(), ErrorCode::kInvalid);
  parameters.format = "csv";
  EXPECT_EQ(refusal(parameters).code(), ErrorCode::kNotFound);
  parameters.connection = "disk";
  const Error already = refusal(parameters);
  EXPECT_EQ(already.code(), ErrorCode::kForbidden);
  EXPECT_THAT(already.what(), HasSubstr("already a sink pipe"));
  pipes.remove_sink(pipe_catalog.get("p").id, clock.now());
  EXPECT_EQ(refusal(parameters).code(), ErrorCode::kUnavailable);
  EXPECT_FALSE(pipe_catalog.get("p").sink);
}

TEST_F(SinkCatalogTest, TheStoreHasTheLastWord) {
  for (ErrorCode code : {ErrorCode::kUnauthenticated, ErrorCode::kForbidden, ErrorCode::kNotFound,
                         ErrorCode::kUnavailable}) {
    bucket.fail("probe", "out", code);
    EXPECT_EQ(refusal(good()).code(), code);
  }
  EXPECT_EQ(pipes.count_sinks(), 0U);
}

TEST_F(SinkCatalogTest, ThereAreOnlySoManySinks) {
  for (const char* name : {"a", "b", "c"}) {
    pipe(name, {"SELECT 1 AS a"});
    set(good(), name);
  }
  const Error error = refusal(good());
  EXPECT_EQ(error.code(), ErrorCode::kForbidden);
  EXPECT_THAT(error.what(), HasSubstr("--max-sinks"));
}

TEST_F(SinkCatalogTest, ANameThatIsNoColumnMustComeWithTheRun) {
  SinkParameters parameters = good();
  parameters.file_template = "{region}/{client}";
  set(parameters);
  const Error error = caught([&] { plan(); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), HasSubstr("{client}"));
  EXPECT_EQ(plan({}, {{"client", "x"}}).variables.at("client"), "x");
}

TEST_F(SinkCatalogTest, ARunThatBringsNothingNeedsColumnsOnly) {
  SinkParameters parameters = good();
  parameters.file_template = "{client}";
  for (const char* cron : {"@hourly", "@once"}) {
    parameters.schedule_cron = cron;
    EXPECT_EQ(refusal(parameters).code(), ErrorCode::kInvalid) << cron;
    EXPECT_FALSE(pipe_catalog.get("p").sink) << cron;
  }
  parameters.schedule_cron = "@hourly";
  parameters.file_template = "{job_timestamp, '%Y'}/{region}";
  set(parameters);
  EXPECT_TRUE(stored().schedule);
}

TEST_F(SinkCatalogTest, SqlThatNoLongerRunsIsToldAtOnce) {
  shop.run("DROP TABLE orders");
  EXPECT_EQ(refusal(good()).code(), ErrorCode::kInvalid);
}

TEST_F(SinkCatalogTest, Remove) {
  pipe_catalog.add_node("p", {"second", "SELECT 1", {}});
  const Pipe without = pipe_catalog.get("p");
  const Error error = caught([&] { sink_catalog.remove(without, without.nodes[0]); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), HasSubstr("not a sink"));
  set(good());  // The last node, `second`.
  const Pipe with = pipe_catalog.get("p");
  EXPECT_ERROR(sink_catalog.remove(with, with.nodes[0]), kInvalid);
  sink_catalog.remove(with, with.nodes[1]);
  EXPECT_FALSE(pipe_catalog.get("p").sink);
}

TEST_F(SinkCatalogTest, APlanIsTheSinkWithTheRunsOverrides) {
  EXPECT_ERROR(plan(), kInvalid) << "no sink yet";
  set(good());
  const JobPlan plain = plan();
  EXPECT_EQ(plain.query.sql, "SELECT id, region FROM shop.orders");
  EXPECT_EQ(plain.settings.path, "local://out");
  EXPECT_EQ(plain.variables.at("job_timestamp"), format_timestamp(clock.now()));

  const Connection other = disk("other");
  SinkParameters overrides;
  overrides.connection = "other";
  overrides.path = "local://elsewhere";
  overrides.file_template = "{region}";
  overrides.format = "ndjson";
  overrides.compression = "gz";
  overrides.write_strategy = "truncate";
  const JobPlan changed = plan(overrides);
  EXPECT_EQ(changed.settings.connection_id, other.id);
  EXPECT_EQ(changed.settings.path, "local://elsewhere");
  EXPECT_EQ(changed.settings.file_template, "{region}");
  EXPECT_EQ(changed.settings.format, Format::kNdjson);
  EXPECT_EQ(changed.settings.compression, Compression::kGzip);
  EXPECT_EQ(changed.settings.write_strategy, WriteStrategy::kTruncate);
  EXPECT_EQ(stored().settings.path, "local://out") << "for this run only";
}

TEST_F(SinkCatalogTest, OverridesAreCheckedToo) {
  set(good());
  SinkParameters overrides;
  overrides.connection = "nope";
  EXPECT_ERROR(plan(overrides), kNotFound);
  overrides = {};
  overrides.path = "s3://bucket/x";
  EXPECT_ERROR(plan(overrides), kInvalid);
  overrides = {};
  overrides.file_template = "{nope}";
  EXPECT_ERROR(plan(overrides), kInvalid);
  overrides.file_template = "/abs";
  EXPECT_ERROR(plan(overrides), kInvalid);
}

TEST_F(SinkCatalogTest, TheReservedVariableIsOurs) {
  set(good());
  EXPECT_EQ(plan({}, {{"job_timestamp", "1999-01-01 00:00:00"}}).variables.at("job_timestamp"),
            format_timestamp(clock.now()));
}

TEST_F(SinkCatalogTest, ATemplatesParametersComeWithTheRun) {
  pipe_catalog.remove("p");
  pipe("p", {"%SELECT id FROM shop.orders WHERE id = {{Int32(n)}}"});
  SinkParameters scheduled = good();
  scheduled.schedule_cron = "0 0 * * *";
  EXPECT_THAT(refusal(scheduled).what(), HasSubstr("The parameter 'n' is missing."));
  set(good());
  EXPECT_THAT(caught([&] { plan(); }).what(), HasSubstr("The parameter 'n' is missing."));
  EXPECT_EQ(plan({}, {{"n", "2"}}).query.sql, "SELECT id FROM shop.orders WHERE id = 2");
}

TEST_F(SinkCatalogTest, EachOfManyRunsHasItsOwnStatement) {
  pipe_catalog.remove("p");
  pipe("p", {"%SELECT id FROM shop.orders WHERE id = {{Int32(n)}}"});
  set(good());
  const auto plans = sink_catalog.plan_each(pipe_catalog.get("p"), {{{"n", "2"}}, {{"n", "3"}}});
  ASSERT_EQ(plans.size(), 2U);
  EXPECT_EQ(plans[0].query.sql, "SELECT id FROM shop.orders WHERE id = 2");
  EXPECT_EQ(plans[1].query.sql, "SELECT id FROM shop.orders WHERE id = 3");
  EXPECT_EQ(plans[1].variables.at("n"), "3");
  EXPECT_EQ(plans[1].variables.at("job_timestamp"), plans[0].variables.at("job_timestamp"));
}

TEST_F(SinkCatalogTest, AScheduledTemplateHasItsInterval) {
  pipe_catalog.remove("p");
  pipe("p", {"%SELECT id FROM shop.orders WHERE region >= {{DateTime(interval_start)}}"});
  SinkParameters scheduled = good();
  scheduled.schedule_cron = "0 0 * * *";
  set(scheduled);
  EXPECT_EQ(plan({}, {{"interval_start", "2026-11-24 00:00:00.000000"}}).query.sql,
            "SELECT id FROM shop.orders WHERE region >= '2026-11-24 00:00:00'");
}

}  // namespace
}  // namespace sluice
