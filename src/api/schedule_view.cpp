#include "api/schedule_view.h"

#include "base/error.h"
#include "domain/schedule_text.h"

namespace sluice {
namespace {

using nlohmann::json;

constexpr size_t kRunsShown = 5;

json or_null(const std::optional<Timestamp>& time) {
  return time ? json(format_timestamp(*time)) : json(nullptr);
}

/// `first` and those after it.
json runs_from(const ScheduleTimes& times, std::optional<Timestamp> first) {
  json runs = json::array();
  for (; first && runs.size() < kRunsShown; first = times.next_after(*first)) {
    runs.push_back(format_timestamp(*first));
  }
  return runs;
}

}  // namespace

json schedule_view(const std::optional<Schedule>& schedule) {
  if (!schedule) return json::object();
  json view = {{"timezone", schedule->timezone},
               {"cron", schedule->cron},
               {"status", schedule->paused ? "paused" : "running"},
               {"overlap", overlap_policy_name(schedule->overlap)},
               {"catchup", catchup_policy_name(schedule->catchup)},
               {"catchup_limit", schedule->catchup_limit},
               {"jitter_seconds", schedule->jitter.count()},
               {"next_run_at", or_null(schedule->next_run_at)},
               {"last_run_at", or_null(schedule->last_run_at)},
               {"covered_until", or_null(schedule->covered_until)},
               {"description", nullptr},
               {"next_runs", json::array()}};
  try {
    const ScheduleTimes times = schedule->times();
    view["description"] = describe(times);
    if (!schedule->paused) view["next_runs"] = runs_from(times, schedule->next_run_at);
  } catch (const Error&) {
    // A zone that this machine's tzdata has lost; the pipe is shown all the same.
  }
  return view;
}

json schedule_preview_view(const ScheduleTimes& times, Timestamp now) {
  return {{"cron", times.cron().text()},
          {"timezone", times.zone().name()},
          {"description", describe(times)},
          {"next_runs", runs_from(times, times.next_after(now))}};
}

json missed_view(const std::vector<MissedRow>& missed) {
  json rows = json::array();
  for (const MissedRow& row : missed) {
    rows.push_back({{"first_at", format_timestamp(row.runs.first)},
                    {"last_at", format_timestamp(row.runs.last)},
                    {"runs", row.runs.count},
                    {"reason", missed_reason_name(row.runs.reason)},
                    {"covered_by", row.covered_by.empty() ? json(nullptr) : json(row.covered_by)},
                    {"noted_at", format_timestamp(row.noted_at)}});
  }
  return rows;
}

}  // namespace sluice
