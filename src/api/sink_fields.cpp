#include "api/sink_fields.h"

#include "domain/cron.h"
#include "domain/file_options.h"

namespace sluice {

const std::set<std::string>& sink_fields() {
  static const std::set<std::string> fields = [] {
    std::set<std::string> all = {"connection", "path",         "file_template",
                                 "format",     "compression",  "write_strategy",
                                 "strategy",   "empty_result", "region"};
    all.insert(file_option_names().begin(), file_option_names().end());
    return all;
  }();
  return fields;
}

const std::set<std::string>& schedule_fields() {
  static const std::set<std::string> fields = {
      "schedule_cron",          "schedule_timezone", "schedule_overlap", "schedule_catchup",
      "schedule_catchup_limit", "schedule_jitter",   "run_after"};
  return fields;
}

SinkParameters sink_parameters(const Parameters& from) {
  SinkParameters to;
  to.connection = from.text("connection");
  to.path = from.text("path");
  to.file_template = from.text("file_template");
  to.format = from.text("format");
  to.compression = from.text("compression");
  to.write_strategy = from.text("write_strategy");
  if (!to.write_strategy) to.write_strategy = from.text("strategy");
  to.empty_result = from.text("empty_result");
  for (const std::string& name : file_option_names()) {
    if (std::optional<std::string> text = from.text(name)) to.file_options[name] = *text;
  }
  to.schedule_cron = from.text("schedule_cron");
  to.schedule_timezone = from.text("schedule_timezone");
  to.schedule_overlap = from.text("schedule_overlap");
  to.schedule_catchup = from.text("schedule_catchup");
  to.schedule_catchup_limit = from.text("schedule_catchup_limit");
  to.schedule_jitter = from.text("schedule_jitter");
  to.run_after = from.text("run_after");
  to.region = from.text("region");
  return to;
}

bool wants_one_run(const SinkParameters& parameters) {
  return parameters.schedule_cron &&
         parse_schedule(*parameters.schedule_cron).kind == ScheduleRequest::Kind::kOnce;
}

}  // namespace sluice
