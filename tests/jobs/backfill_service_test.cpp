#include "jobs/backfill_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jobs/jobs_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using std::chrono::hours;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class BackfillServiceTest : public testing::Test, protected JobsWorld {
 protected:
  Pipe sink(const std::string& file_template, const std::string& cron = {}) {
    const Pipe pipe = sample_pipe("flights");
    pipes.insert(pipe);
    Sink made = sample_sink(pipe, sample_connection("disk"));
    made.settings.file_template = file_template;
    if (!cron.empty()) made.schedule = sample_schedule(kMorning + hours(1), cron);
    pipes.set_sink(pipe.id, made, clock.now());
    return *pipes.find(pipe.id);
  }
  static BackfillRequest three_hours(const std::string& step = "1h") {
    return {{kMorning - hours(3), kMorning}, step, 1};
  }
  void work_off() {
    while (const std::optional<Job> job = jobs.claim(clock.now()))
      runner.run(*job, {}, *budget.take({}));
  }
  std::vector<std::string> keys() const {
    std::vector<std::string> all;
    for (const auto& [key, content] : bucket.objects()) all.push_back(key);
    return all;
  }
  std::string refusal(const Pipe& pipe, const BackfillRequest& request) {
    const Error error = caught([&] { service_.start(pipe, request, "t"); });
    EXPECT_EQ(error.code(), ErrorCode::kInvalid);
    EXPECT_TRUE(jobs.list({}).jobs.empty());
    return error.what();
  }

  std::string sql_ = "SELECT 'a' AS k UNION ALL SELECT 'b'";
  BackfillStore backfills_{database};
  BackfillService service_{backfills_, workers,
                           [this](const Pipe& pipe, const std::vector<RunVariables>& runs) {
                             std::vector<JobPlan> plans;
                             for (const RunVariables& variables : runs) {
                               JobPlan& plan = plans.emplace_back(sample_job("x").plan);
                               plan.query.sql = sql_;
                               plan.settings = pipe.sink->settings;
                               plan.variables = variables;
                             }
                             return plans;
                           },
                           clock, random};
};

const std::string kByHour = "{interval_start, '%H'}/{k}";

TEST_F(BackfillServiceTest, AJobForEveryIntervalEachWithItsFiles) {
  const Backfill made = service_.start(sink(kByHour), three_hours(), "someone");
  EXPECT_EQ(made.figures.waiting, 3);
  EXPECT_EQ(made.token_name, "someone");
  work_off();
  EXPECT_EQ(backfill_status(service_.get(made.id)), "done");
  EXPECT_THAT(keys(), UnorderedElementsAre("out/05/a.csv", "out/05/b.csv", "out/06/a.csv",
                                           "out/06/b.csv", "out/07/a.csv", "out/07/b.csv"));
}

TEST_F(BackfillServiceTest, RunAgainItReplacesJustItsOwnFiles) {
  const Pipe pipe = sink(kByHour);
  bucket.put("out/05/c.csv", "theirs");
  service_.start(pipe, three_hours(), "t");
  work_off();
  sql_ = "SELECT 'b' AS k";
  service_.start(pipe, {{kMorning - hours(3), kMorning - hours(2)}, "1h", 1}, "t");
  work_off();
  EXPECT_THAT(keys(), UnorderedElementsAre("out/05/b.csv", "out/05/c.csv", "out/06/a.csv",
                                           "out/06/b.csv", "out/07/a.csv", "out/07/b.csv"));
}

TEST_F(BackfillServiceTest, TheScheduleTellsTheIntervals) {
  const Backfill made =
      service_.start(sink(kByHour, "0 * * * *"),
                     {{kMorning - hours(2), kMorning - std::chrono::minutes(15)}, "", 2}, "t");
  EXPECT_EQ(made.figures.waiting, 3);
  EXPECT_EQ(made.concurrency, 2);
}

TEST_F(BackfillServiceTest, RangesThatCanNotBe) {
  const Pipe pipe = sink(kByHour);
  EXPECT_THAT(refusal(pipe, {{kMorning, kMorning}, "1h", 1}), HasSubstr("before it begins"));
  EXPECT_THAT(refusal(pipe, {{kMorning, kMorning + hours(1)}, "1h", 1}), HasSubstr("to come"));
  EXPECT_THAT(refusal(pipe, three_hours("soon")), HasSubstr("'soon'"));
  EXPECT_THAT(refusal(pipe, three_hours("")), HasSubstr("no schedule"));
  EXPECT_THAT(refusal(pipe, {{kMorning - hours(24 * 900), kMorning}, "1h", 1}),
              HasSubstr("10000 intervals"));
}

TEST_F(BackfillServiceTest, IntervalsMustNotShareNames) {
  EXPECT_THAT(refusal(sink("all"), three_hours()), HasSubstr("same names"));
  Pipe pipe = *pipes.find("flights");
  pipe.sink->settings.file_template = "{interval_start, '%Y-%m-%d'}";
  EXPECT_THAT(refusal(pipe, three_hours()), HasSubstr("interval_start"));
}

TEST_F(BackfillServiceTest, Cancelled) {
  const Backfill made = service_.start(sink(kByHour), three_hours(), "t");
  EXPECT_EQ(backfill_status(service_.cancel(made.id)), "cancelled");
  EXPECT_ERROR(service_.cancel(made.id), kConflict);
  EXPECT_ERROR(service_.cancel("none"), kNotFound);
}

}  // namespace
}  // namespace sluice
