#include "state/job_plan_json.h"

#include "domain/file_options.h"

namespace sluice {

using nlohmann::json;

FileOptions file_options_from_json(const json& stored) {
  FileOptions options;
  for (const auto& [name, text] : stored.items()) {
    set_file_option(options, name, text.get<std::string>());
  }
  return options;
}

std::string plan_to_json(const JobPlan& plan) {
  json views = json::array();
  for (const NamedQuery& view : plan.query.views) {
    views.push_back({{"name", view.name}, {"sql", view.sql}});
  }
  const SinkSettings& sink = plan.settings;
  json out{{"sql", plan.query.sql},
           {"views", views},
           {"connection_id", sink.connection_id},
           {"path", sink.path},
           {"file_template", sink.file_template},
           {"format", format_name(sink.format)},
           {"compression", compression_name(sink.compression)},
           {"write_strategy", write_strategy_name(sink.write_strategy)},
           {"empty_result", empty_result_name(sink.empty_result)},
           {"options", changed_file_options(sink.options)},
           {"variables", plan.variables}};
  if (!plan.query.secrets.empty()) out["secrets"] = plan.query.secrets;
  if (!plan.query.engine.empty()) out["engine"] = plan.query.engine;
  return out.dump();
}

JobPlan plan_from_json(const std::string& text) {
  const json stored = json::parse(text);
  JobPlan plan;
  plan.query.sql = stored.at("sql").get<std::string>();
  for (const json& view : stored.at("views")) {
    plan.query.views.push_back({view.at("name"), view.at("sql")});
  }
  plan.query.secrets = stored.value("secrets", SecretNames());
  plan.query.engine = stored.value("engine", std::string());
  plan.settings.connection_id = stored.at("connection_id").get<std::string>();
  plan.settings.path = stored.at("path").get<std::string>();
  plan.settings.file_template = stored.at("file_template").get<std::string>();
  plan.settings.format = parse_format(stored.at("format").get<std::string>());
  plan.settings.compression = parse_compression(stored.at("compression").get<std::string>());
  plan.settings.write_strategy =
      parse_write_strategy(stored.at("write_strategy").get<std::string>());
  plan.settings.empty_result = parse_empty_result(stored.at("empty_result").get<std::string>());
  plan.settings.options = file_options_from_json(stored.value("options", json::object()));
  plan.variables = stored.at("variables").get<std::map<std::string, std::string>>();
  return plan;
}

}  // namespace sluice
