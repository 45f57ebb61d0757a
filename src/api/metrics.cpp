#include <algorithm>

#include "api/handlers.h"
#include "state/gauges.h"

namespace sluice {
namespace {

void add_gauge(std::string& out, const std::string& name, const std::string& help,
               const std::string& lines) {
  out += "# HELP " + name + " " + help + "\n# TYPE " + name + " gauge\n" + lines;
}

void add_counter(std::string& out, const std::string& name, const std::string& help,
                 uint64_t number) {
  out += "# HELP " + name + " " + help + "\n# TYPE " + name + " counter\n" + name + " " +
         std::to_string(number) + "\n";
}

std::string line(const std::string& name, const std::string& label, const std::string& value,
                 int64_t number) {
  return name + "{" + label + "=\"" + value + "\"} " + std::to_string(number) + "\n";
}

}  // namespace

DoorResponse get_metrics(const ApiParts& parts, const ApiCall&) {
  const StateGauges gauges = read_gauges(parts.state);
  std::string out = parts.metrics.text();
  add_gauge(out, "sluice_jobs", "Jobs that have not ended, by status.",
            line("sluice_jobs", "status", "waiting", gauges.waiting) +
                line("sluice_jobs", "status", "working", gauges.working) +
                line("sluice_jobs", "status", "cancelling", gauges.cancelling));
  const double oldest =
      gauges.oldest_waiting
          ? std::chrono::duration<double>(parts.clock.now() - *gauges.oldest_waiting).count()
          : 0;
  add_gauge(out, "sluice_oldest_waiting_seconds", "Age of the job that has waited for longest.",
            "sluice_oldest_waiting_seconds " + std::to_string(std::max(0.0, oldest)) + "\n");
  add_gauge(out, "sluice_schedules", "Schedules, by status.",
            line("sluice_schedules", "status", "running", gauges.schedules_running) +
                line("sluice_schedules", "status", "paused", gauges.schedules_paused));
  std::string missed;
  for (const auto& [reason, runs] : gauges.missed_runs) {
    missed += line("sluice_missed_runs", "reason", reason, runs);
  }
  add_gauge(out, "sluice_missed_runs", "Runs of schedules in the history that were left out.",
            missed);
  const EventFigures events = parts.events.figures();
  add_counter(out, "sluice_events_rows_total", "Rows of events that were committed.", events.rows);
  add_counter(out, "sluice_events_quarantined_total", "Rows of events that went to a quarantine.",
              events.quarantined);
  add_counter(out, "sluice_events_commits_total", "Transactions that committed them.",
              events.commits);
  add_gauge(out, "sluice_build_info", "Always 1; its label is the version.",
            line("sluice_build_info", "version", parts.version, 1));
  DoorResponse response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = std::move(out);
  return response;
}

}  // namespace sluice
