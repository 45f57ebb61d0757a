#include "pipeline/manifest.h"

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "base/hash.h"
#include "pipeline/output_plan.h"

namespace sluice {

using nlohmann::ordered_json;

std::string manifest_text(const ExportRequest& request, const JobFigures& figures,
                          const std::vector<FileColumn>& columns,
                          const std::vector<StagedFile>& files) {
  const SinkSettings& settings = request.plan.settings;
  const bool typed = is_typed(settings.format);
  ordered_json schema = ordered_json::array();
  for (const FileColumn& column : columns) {
    ordered_json entry = {{"name", column.name}};
    if (typed) entry["type"] = type_name(column.type);
    schema.push_back(std::move(entry));
  }
  ordered_json list = ordered_json::array();
  for (const StagedFile& file : files) {
    if (file.role != FileRole::kData) continue;
    list.push_back(
        {{"key", file.key}, {"rows", file.rows}, {"bytes", file.bytes}, {"crc32c", file.crc32c}});
  }
  ordered_json text = {{"manifest_version", 1},
                       {"job_id", request.job_id},
                       {"pipe", request.pipe_name},
                       {"created_at", format_timestamp(request.created_at)},
                       {"job_timestamp", request.plan.variables.contains("job_timestamp")
                                             ? request.plan.variables.at("job_timestamp")
                                             : format_timestamp(request.created_at)},
                       {"sql_sha256", hex_encode(sha256(request.plan.query.sql))},
                       {"format", format_name(settings.format)},
                       {"compression", compression_name(settings.compression)},
                       {"write_strategy", write_strategy_name(settings.write_strategy)},
                       {"rows", figures.rows},
                       {"bytes", figures.bytes},
                       {"schema", std::move(schema)},
                       {"files", std::move(list)}};
  return text.dump(2) + "\n";
}

}  // namespace sluice
