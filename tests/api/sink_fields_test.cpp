#include "api/sink_fields.h"

#include <gtest/gtest.h>

#include "api/api_world.h"

namespace sluice {
namespace {

SinkParameters of(const std::string& query) {
  return sink_parameters(Parameters::of_query(ApiWorld::request("POST", "/x?" + query)));
}

TEST(SinkFields, EveryFieldIsTakenOver) {
  const SinkParameters all =
      of("connection=c&path=p&file_template=t&format=f&compression=z&write_strategy=new"
         "&empty_result=skip&region=r&schedule_cron=@daily&schedule_timezone=UTC&csv_null=N");
  EXPECT_EQ(all.connection, "c");
  EXPECT_EQ(all.path, "p");
  EXPECT_EQ(all.file_template, "t");
  EXPECT_EQ(all.format, "f");
  EXPECT_EQ(all.compression, "z");
  EXPECT_EQ(all.write_strategy, "new");
  EXPECT_EQ(all.empty_result, "skip");
  EXPECT_EQ(all.region, "r");
  EXPECT_EQ(all.schedule_cron, "@daily");
  EXPECT_EQ(all.schedule_timezone, "UTC");
  EXPECT_EQ(all.file_options.at("csv_null"), "N");
}

TEST(SinkFields, StrategyIsAnotherSpelling) {
  EXPECT_EQ(of("strategy=@new").write_strategy, "@new");
  EXPECT_EQ(of("strategy=@new&write_strategy=truncate").write_strategy, "truncate");
  EXPECT_FALSE(of("").write_strategy);
}

TEST(SinkFields, OnceIsOneRun) {
  EXPECT_TRUE(wants_one_run(of("schedule_cron=@once")));
  EXPECT_FALSE(wants_one_run(of("schedule_cron=@daily")));
  EXPECT_FALSE(wants_one_run(of("")));
}

}  // namespace
}  // namespace sluice
