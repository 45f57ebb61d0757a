#include "state/pipe_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "state/connection_store.h"
#include "support/caught.h"
#include "support/fake_random.h"
#include "support/samples.h"
#include "support/sqlite_file.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;

class PipeStoreTest : public testing::Test {
 protected:
  PipeStoreTest() { connections_.insert(disk_); }

  Pipe add(const std::string& name) {
    const Pipe pipe = sample_pipe(name);
    pipes_.insert(pipe);
    return pipe;
  }
  Pipe add_scheduled(const std::string& name, Timestamp next_run_at, bool paused = false) {
    const Pipe pipe = add(name);
    Sink sink = sample_sink(pipe, disk_);
    sink.schedule = sample_schedule(next_run_at);
    sink.schedule->paused = paused;
    pipes_.set_sink(pipe.id, sink, kMorning);
    return pipe;
  }
  std::string in_file(const std::string& sql) {
    return SqliteFile(folder_ / "state.db").value(sql);
  }

  TestFolder folder_;
  FakeRandom random_;
  StateDatabase database_{folder_ / "state.db"};
  ConnectionStore connections_{database_, Secret(std::string(32, 'k')), random_};
  PipeStore pipes_{database_};
  const Connection disk_ = sample_connection("disk");
};

TEST_F(PipeStoreTest, ReadsBackEqual) {
  Pipe pipe = sample_pipe("Flights");
  pipe.description = "All of them";
  pipe.nodes.push_back(sample_node("second", "SELECT 2 -- größe"));
  pipe.nodes[1].description = "The second";
  pipe.nodes[1].dependencies = {"nyc.flights", "Flights_0"};
  pipes_.insert(pipe);
  for (const std::string& key : {pipe.id, std::string("Flights"), std::string("fLIGHTS")}) {
    const std::optional<Pipe> back = pipes_.find(key);
    ASSERT_TRUE(back) << key;
    EXPECT_EQ(back->id, pipe.id);
    EXPECT_EQ(back->name, "Flights");
    EXPECT_EQ(back->description, "All of them");
    EXPECT_EQ(back->created_at, kMorning);
    EXPECT_FALSE(back->sink);
    ASSERT_EQ(back->nodes.size(), 2U);
    EXPECT_EQ(back->nodes[0].name, "Flights_0");
    EXPECT_FALSE(back->nodes[0].description);
    EXPECT_EQ(back->nodes[1].sql, "SELECT 2 -- größe");
    EXPECT_EQ(back->nodes[1].description, "The second");
    EXPECT_THAT(back->nodes[1].dependencies, ElementsAre("nyc.flights", "Flights_0"));
  }
  EXPECT_FALSE(pipes_.find("other"));
}

TEST_F(PipeStoreTest, NamesAreTakenInAnyCase) {
  add("flights");
  Pipe other = sample_pipe("FLIGHTS");
  EXPECT_ERROR(pipes_.insert(other), kConflict);
  EXPECT_EQ(in_file("SELECT count(*) FROM nodes"), "1") << "half of the pipe was left";
  EXPECT_THAT(pipes_.names_among({"flights", "t_pipe_flights", "select"}), ElementsAre("flights"));
}

TEST_F(PipeStoreTest, ListsByName) {
  for (const char* name : {"b", "C", "a"}) add(name);
  std::vector<std::string> names;
  for (const Pipe& pipe : pipes_.all()) names.push_back(pipe.name);
  EXPECT_THAT(names, ElementsAre("a", "b", "C"));
  EXPECT_THAT(pipes_.names_among({"a", "b", "c", "d"}), ElementsAre("a", "b", "c"));
}

TEST_F(PipeStoreTest, NodesAreAddedAtTheEnd) {
  const Pipe pipe = add("flights");
  Node node = sample_node("more");
  node.created_at = kMorning + minutes(5);
  pipes_.add_node(pipe.id, node);
  const Pipe back = *pipes_.find("flights");
  EXPECT_EQ(back.nodes.back().name, "more");
  EXPECT_EQ(back.updated_at, kMorning + minutes(5));
  node.id = "t_other";
  node.name = "MORE";
  EXPECT_ERROR(pipes_.add_node(pipe.id, node), kConflict);
  EXPECT_ERROR(pipes_.add_node("t_gone", node), kNotFound);
  EXPECT_EQ(pipes_.pipe_of_node_named("More"), "flights");
  EXPECT_EQ(pipes_.pipe_of_node_named("nothing"), std::nullopt);
}

TEST_F(PipeStoreTest, APipeGoesWithAllItHas) {
  const Pipe pipe = add_scheduled("flights", kMorning);
  EXPECT_TRUE(pipes_.remove(pipe.id));
  EXPECT_FALSE(pipes_.remove(pipe.id));
  for (const char* table : {"pipes", "nodes", "sinks", "schedules"}) {
    EXPECT_EQ(in_file(std::string("SELECT count(*) FROM ") + table), "0") << table;
  }
  EXPECT_EQ(in_file("SELECT count(*) FROM connections"), "1");
}

TEST_F(PipeStoreTest, SinksReadBackEqual) {
  const Pipe pipe = add("flights");
  Sink sink = sample_sink(pipe, disk_);
  sink.settings.format = Format::kNdjson;
  sink.settings.compression = Compression::kGzip;
  sink.settings.write_strategy = WriteStrategy::kTruncate;
  sink.settings.empty_result = EmptyResult::kWrite;
  sink.schedule = sample_schedule(kMorning + minutes(1), "5 4 * * *");
  pipes_.set_sink(pipe.id, sink, kMorning + minutes(2));
  const Pipe back = *pipes_.find(pipe.id);
  ASSERT_TRUE(back.sink);
  EXPECT_EQ(back.updated_at, kMorning + minutes(2));
  EXPECT_EQ(back.sink->node_id, pipe.nodes[0].id);
  EXPECT_EQ(back.sink->settings.connection_id, disk_.id);
  EXPECT_EQ(back.sink->settings.path, "local://out");
  EXPECT_EQ(back.sink->settings.file_template, "all");
  EXPECT_EQ(back.sink->settings.format, Format::kNdjson);
  EXPECT_EQ(back.sink->settings.compression, Compression::kGzip);
  EXPECT_EQ(back.sink->settings.write_strategy, WriteStrategy::kTruncate);
  EXPECT_EQ(back.sink->settings.empty_result, EmptyResult::kWrite);
  ASSERT_TRUE(back.sink->schedule);
  EXPECT_EQ(back.sink->schedule->cron, "5 4 * * *");
  EXPECT_EQ(back.sink->schedule->timezone, "Etc/UTC");
  EXPECT_FALSE(back.sink->schedule->paused);
  EXPECT_EQ(back.sink->schedule->next_run_at, kMorning + minutes(1));
  EXPECT_EQ(back.sink->schedule->last_run_at, std::nullopt);
}

TEST_F(PipeStoreTest, APipeHasOneSink) {
  const Pipe pipe = add("flights");
  EXPECT_EQ(pipes_.count_sinks(), 0U);
  pipes_.set_sink(pipe.id, sample_sink(pipe, disk_), kMorning);
  EXPECT_EQ(pipes_.count_sinks(), 1U);
  EXPECT_ERROR(pipes_.set_sink(pipe.id, sample_sink(pipe, disk_), kMorning), kForbidden);
  EXPECT_TRUE(pipes_.remove_sink(pipe.id, kMorning));
  EXPECT_FALSE(pipes_.remove_sink(pipe.id, kMorning));
  EXPECT_FALSE(pipes_.find(pipe.id)->sink);
}

TEST_F(PipeStoreTest, WhatWasDeletedMeanwhileIsTold) {
  const Pipe pipe = add("flights");
  Sink sink = sample_sink(pipe, disk_);
  sink.settings.connection_id = "gone";
  EXPECT_ERROR(pipes_.set_sink(pipe.id, sink, kMorning), kNotFound);
  pipes_.remove(pipe.id);
  EXPECT_ERROR(pipes_.set_sink(pipe.id, sample_sink(pipe, disk_), kMorning), kNotFound);
  EXPECT_EQ(pipes_.count_sinks(), 0U);
}

TEST_F(PipeStoreTest, PipesThatUseAConnection) {
  add_scheduled("b", kMorning);
  add_scheduled("a", kMorning);
  add("c");
  std::vector<std::string> names;
  for (const Pipe& pipe : pipes_.using_connection(disk_.id)) names.push_back(pipe.name);
  EXPECT_THAT(names, ElementsAre("a", "b"));
  EXPECT_TRUE(pipes_.using_connection("other").empty());
}

}  // namespace
}  // namespace sluice
