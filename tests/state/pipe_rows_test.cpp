#include "state/pipe_rows.h"

#include <gtest/gtest.h>

#include "state/connection_store.h"
#include "state/state_database.h"
#include "support/caught.h"
#include "support/fake_random.h"
#include "support/samples.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

class PipeRowsTest : public testing::Test {
 protected:
  PipeRowsTest() {
    connections_.insert(sample_connection("disk"));
    database_.write([&](SQLite::Database& database) {
      database.exec(
          "INSERT INTO pipes (id, name, created_at, updated_at) VALUES ('t_pipe_p', 'p', "
          "'2026-11-23 08:30:00.000000', '2026-11-23 08:30:00.000000')");
    });
  }
  std::vector<std::string> names() {
    return database_.read([&](SQLite::Database& database) {
      std::vector<std::string> all;
      for (const Node& node : nodes_of(database, "t_pipe_p")) all.push_back(node.name);
      return all;
    });
  }
  void update(const std::vector<std::string>& nodes) {
    Pipe pipe = sample_pipe("p");
    pipe.nodes.clear();
    for (const std::string& name : nodes) pipe.nodes.push_back(sample_node(name));
    database_.write([&](SQLite::Database& database) { update_nodes(database, pipe); });
  }

  TestFolder folder_;
  FakeRandom random_;
  StateDatabase database_{folder_ / "state.db"};
  ConnectionStore connections_{database_, Secret(std::string(32, 'k')), random_};
};

TEST_F(PipeRowsTest, NodesAreAddedTakenAwayAndReordered) {
  for (const std::vector<std::string>& nodes : std::vector<std::vector<std::string>>{
           {"a", "b", "c"}, {"c", "a"}, {"x", "a", "c", "b"}, {}, {"b"}}) {
    update(nodes);
    EXPECT_EQ(names(), nodes);
  }
}

TEST_F(PipeRowsTest, ANodeKeepsWhatItIs) {
  Node node = sample_node("a");
  node.description = "text";
  node.type = NodeType::kEndpoint;
  node.dependencies = {"x", "y"};
  database_.write([&](SQLite::Database& database) {
    put_node(database, "t_pipe_p", 0, node);
    node.sql = "SELECT 2 AS a";
    put_node(database, "t_pipe_p", 0, node);
    const std::vector<Node> found = nodes_of(database, "t_pipe_p");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].sql, "SELECT 2 AS a");
    EXPECT_EQ(found[0].type, NodeType::kEndpoint);
    EXPECT_EQ(found[0].description, "text");
    EXPECT_EQ(found[0].dependencies, node.dependencies);
  });
}

TEST_F(PipeRowsTest, ASinkWithItsSchedule) {
  update({"p_0"});
  Pipe pipe = sample_pipe("p");
  Sink sink = sample_sink(pipe, sample_connection("disk"));
  sink.schedule = sample_schedule(kMorning);
  sink.schedule->last_run_at = kMorning;
  database_.write([&](SQLite::Database& database) {
    insert_sink(database, pipe.id, sink, format_timestamp(kMorning));
    const std::optional<Sink> found = sink_of(database, pipe.id);
    ASSERT_TRUE(found && found->schedule);
    EXPECT_EQ(found->schedule->last_run_at, kMorning);
    EXPECT_EQ(found->settings.path, "local://out");
    EXPECT_EQ(delete_sink(database, pipe.id), 1);
    EXPECT_EQ(delete_sink(database, pipe.id), 0);
    EXPECT_FALSE(sink_of(database, pipe.id));
    sink.settings.connection_id = "gone";
    EXPECT_ERROR(insert_sink(database, pipe.id, sink, format_timestamp(kMorning)), kNotFound);
  });
}

}  // namespace
}  // namespace sluice
