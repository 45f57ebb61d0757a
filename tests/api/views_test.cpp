#include "api/views.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "support/samples.h"

namespace sluice {
namespace {

using nlohmann::json;
using testing::IsSupersetOf;

std::set<std::string> keys_of(const json& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.insert(key);
  return keys;
}

const std::string kBase = "http://localhost:7181";

TEST(Views, APipeHasTheFieldsOfTheContract) {
  const json view = pipe_view(sample_pipe("flights"), kBase);
  EXPECT_THAT(keys_of(view),
              IsSupersetOf({"id", "name", "description", "endpoint", "created_at", "updated_at",
                            "parent", "type", "last_commit", "sink_node", "schedule", "nodes",
                            "url", "tags", "project"}));
  for (const char* unset : {"description", "endpoint", "parent", "sink_node"}) {
    EXPECT_TRUE(view.at(unset).is_null()) << unset;
  }
  EXPECT_EQ(view.at("type"), "default");
  EXPECT_EQ(view.at("schedule"), json::object());
  EXPECT_EQ(view.at("created_at"), "2026-11-23 08:30:00.000000");
  EXPECT_EQ(view.at("last_commit"),
            json({{"content_sha", ""}, {"path", ""}, {"status", "changed"}}));
  EXPECT_EQ(view.at("url"), "http://localhost:7181/v0/pipes/flights");
}

TEST(Views, ASinkPipeSaysSo) {
  Pipe pipe = sample_pipe("flights");
  pipe.nodes.push_back(sample_node("second"));
  pipe.sink = sample_sink(pipe, sample_connection("disk"));
  pipe.sink->schedule = sample_schedule(kMorning, "0 */1 * * *");
  pipe.sink->schedule->paused = true;
  const json view = pipe_view(pipe, kBase);
  EXPECT_EQ(view.at("type"), "sink");
  EXPECT_EQ(view.at("sink_node"), pipe.nodes[1].id);
  EXPECT_EQ(view.at("nodes")[0].at("node_type"), "standard");
  EXPECT_EQ(view.at("nodes")[1].at("node_type"), "sink");
  EXPECT_EQ(view.at("schedule").at("timezone"), "Etc/UTC");
  EXPECT_EQ(view.at("schedule").at("cron"), "0 */1 * * *");
  EXPECT_EQ(view.at("schedule").at("status"), "paused");
}

TEST(Views, ANodeHasTheFieldsOfTheContract) {
  const Pipe pipe = sample_pipe("flights");
  const json view = node_view(pipe, pipe.nodes[0]);
  EXPECT_THAT(keys_of(view),
              IsSupersetOf({"id", "name", "sql", "description", "materialized", "cluster", "tags",
                            "created_at", "updated_at", "version", "project", "result",
                            "ignore_sql_errors", "node_type", "dependencies", "params"}));
  EXPECT_EQ(view.at("version"), 0);
  EXPECT_EQ(view.at("ignore_sql_errors"), false);
  EXPECT_EQ(view.at("tags"), json::object());
  EXPECT_TRUE(view.at("result").is_null());
}

TEST(Views, ANodesParametersComeFromItsTemplate) {
  Pipe pipe = sample_pipe("flights");
  EXPECT_EQ(node_view(pipe, pipe.nodes[0]).at("params"), json::array());
  pipe.nodes[0].sql =
      "%SELECT {{String(a, 'x', description='what', required=True, enum=['x', 'y'])}}, {{b}}";
  EXPECT_EQ(node_view(pipe, pipe.nodes[0]).at("params"),
            json::parse(R"([{"name": "a", "type": "String", "required": true, "default": "x",
                             "description": "what", "enum": ["x", "y"]},
                            {"name": "b", "type": "String", "required": false,
                             "description": ""}])"));
}

TEST(Views, DefaultsOfEveryKind) {
  Pipe pipe = sample_pipe("flights");
  pipe.nodes[0].sql =
      "%SELECT {{Int32(a, -1)}} {{Float64(b, -0.5)}} {{Array(c, 'Int32', default=[1, 2])}} "
      "{{Array(d, 'x')}} {{JSON(e, '[]')}} {{Boolean(f, True)}} {{tb_secret('s')}}";
  json defaults = json::object();
  const json view = node_view(pipe, pipe.nodes[0]);
  for (const json& one : view.at("params")) {
    defaults[one.at("name").get<std::string>()] = {one.at("type"), one.at("default")};
  }
  const json expected = json::parse(R"json({"a": ["Int32", -1], "b": ["Float64", -0.5],
    "c": ["Array(Int32)", [1, 2]], "d": ["Array(String)", "x"], "e": ["JSON", "[]"],
    "f": ["Boolean", true]
})json");
  EXPECT_EQ(defaults, expected);
}

TEST(Views, AJobHasTheFieldsOfTheContract) {
  Job job = sample_job("1");
  json view = job_view(job, kBase);
  EXPECT_THAT(keys_of(view),
              IsSupersetOf({"kind", "id", "job_id", "status", "created_at", "started_at",
                            "updated_at", "is_cancellable", "job_url", "pipe", "pipe_id",
                            "pipe_name", "error", "errors", "progress_percentage", "statistics"}));
  EXPECT_EQ(view.at("job_id"), view.at("id"));
  EXPECT_EQ(view.at("job_url"), "http://localhost:7181/v0/jobs/1");
  EXPECT_EQ(view.at("pipe"), json({{"id", "t_pipe_flights"}, {"name", "flights"}}));
  EXPECT_EQ(view.at("errors"), json::array());
  for (const char* unset : {"started_at", "error"}) EXPECT_TRUE(view.at(unset).is_null()) << unset;
  EXPECT_EQ(view.at("progress_percentage"), 0);
  job.status = JobStatus::kError;
  job.error = "It failed.";
  job.figures = {5, 6, 1, 50.0};
  view = job_view(job, kBase);
  EXPECT_EQ(view.at("error"), "It failed.");
  EXPECT_EQ(view.at("errors"), json({"It failed."}));
  EXPECT_EQ(view.at("progress_percentage"), 50.0);
  EXPECT_EQ(view.at("statistics").at("bytes"), 6);
  EXPECT_EQ(view.at("statistics").at("row_count"), 5);
}

TEST(Views, AConnectionShowsSettingsAndNoSecrets) {
  Connection connection = sample_connection("disk");
  connection.secrets.emplace("key", Secret("VERYSECRET"));
  Pipe pipe = sample_pipe("flights");
  pipe.sink = sample_sink(pipe, connection);
  const json view = connection_view(connection, {pipe});
  EXPECT_EQ(view.dump().find("VERYSECRET"), std::string::npos);
  EXPECT_EQ(view.at("settings"), json({{"root", "disk"}}));
  EXPECT_EQ(
      view.at("sinks"),
      json::array({{{"resource_id", pipe.id}, {"settings", {{"bucket_path", "local://out"}}}}}));
}

}  // namespace
}  // namespace sluice
