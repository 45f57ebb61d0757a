#include "api/pipe_text.h"

#include <gtest/gtest.h>

#include "domain/file_options.h"
#include "support/samples.h"

namespace sluice {
namespace {

TEST(PipeText, NodesWithTheirSqlAndDescriptions) {
  Pipe pipe = sample_pipe("p", "SELECT 1 AS a\nFROM t");
  pipe.description = "Two lines\nof it";
  pipe.nodes[0].description = "a node";
  pipe.nodes.push_back(sample_node("last", "  SELECT 2  "));
  pipe.nodes[1].type = NodeType::kEndpoint;
  EXPECT_EQ(pipe_text(pipe, std::nullopt),
            "DESCRIPTION >\n    Two lines\n    of it\n\n"
            "NODE p_0\nDESCRIPTION >\n    a node\n\n"
            "SQL >\n    SELECT 1 AS a\n    FROM t\n\n"
            "NODE last\nSQL >\n    SELECT 2\n\nTYPE endpoint\n\n");
}

TEST(PipeText, ASink) {
  Pipe pipe = sample_pipe("p");
  const Connection disk = sample_connection("disk");
  pipe.sink = sample_sink(pipe, disk);
  EXPECT_EQ(pipe_text(pipe, disk),
            "NODE p_0\nSQL >\n    SELECT 1 AS a\n\nTYPE sink\nEXPORT_SERVICE local\n"
            "EXPORT_CONNECTION_NAME disk\nEXPORT_BUCKET_URI local://out\n"
            "EXPORT_FILE_TEMPLATE all\nEXPORT_SCHEDULE @on-demand\nEXPORT_FORMAT csv\n"
            "EXPORT_WRITE_STRATEGY new\n\n");
  pipe.sink->schedule = sample_schedule(kMorning, "0 * * * *");
  pipe.sink->settings.compression = Compression::kGzip;
  pipe.sink->settings.empty_result = EmptyResult::kWrite;
  set_file_option(pipe.sink->settings.options, "csv_null", "N");
  const std::string text = pipe_text(pipe, disk);
  for (const char* line : {"\nEXPORT_SCHEDULE 0 * * * *\n", "\nEXPORT_COMPRESSION gz\n",
                           "\n# empty_result write\n", "\n# csv_null N\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
}

TEST(ConnectionText, WhatMayBeShown) {
  Connection lake = sample_connection("lake");
  lake.service = Service::kS3;
  lake.settings = {{"s3_region", "eu-west-1"}, {"s3_acl", ""}};
  lake.secrets["s3_secret_access_key"] = Secret("hidden");
  EXPECT_EQ(connection_text(lake), "TYPE s3\nS3_REGION \"eu-west-1\"\n");
}

}  // namespace
}  // namespace sluice
