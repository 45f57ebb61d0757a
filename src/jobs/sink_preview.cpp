#include "jobs/sink_preview.h"

#include <algorithm>
#include <unordered_map>

#include "base/error.h"
#include "domain/file_template.h"
#include "format/type_plan.h"
#include "pipeline/key_builder.h"
#include "pipeline/manifest.h"
#include "pipeline/output_file.h"
#include "pipeline/output_plan.h"

namespace sluice {
namespace {

constexpr size_t kShownFiles = 100;
constexpr uint32_t kShownRows = 10;
/// A caller waits for it.
constexpr std::chrono::seconds kReadingTime{20};

std::vector<PreviewResult::Column> schema_of(const OutputPlan& plan) {
  std::vector<PreviewResult::Column> schema;
  for (const ColumnInfo& column : plan.columns) {
    PreviewResult::Column& entry = schema.emplace_back();
    entry.name = column.name;
    entry.declared_type = column.declared_type;
    const auto written =
        std::find_if(plan.written.begin(), plan.written.end(),
                     [&](const FileColumn& each) { return each.name == column.name; });
    entry.written = written != plan.written.end();
    if (!plan.casts.empty()) entry.type = type_name(plan.casts[schema.size() - 1].type);
  }
  return schema;
}

/// The first rows of a batch, in the form of NDJSON whatever the sink's format is.
std::string rows_as_text(const OutputPlan& plan, const Batch& batch) {
  FormatSpec spec;
  spec.format = Format::kNdjson;
  spec.columns = file_columns_of(plan.columns);
  const std::unique_ptr<FileFormat> format = make_file_format(std::move(spec));
  const std::unique_ptr<BlockBuilder> builder = format->make_builder();
  std::vector<uint32_t> rows;
  for (uint32_t row = 0; row < std::min<size_t>(batch.rows(), kShownRows); ++row) {
    rows.push_back(row);
  }
  builder->add(batch, rows);
  return builder->take(true).bytes;
}

}  // namespace

/// Counts the rows of each file as they come.
class SinkPreview::Reading {
 public:
  Reading(const ExportRequest& request, RowReader& reader, Clock& clock, PreviewResult& result)
      : request_(request), reader_(reader), clock_(clock), result_(result) {}

  void run() {
    Batch batch;
    bool more = reader_.next(batch);
    const bool typed = is_typed(request_.plan.settings.format);
    const OutputPlan plan =
        plan_output(request_, reader_.columns(),
                    typed ? guess_types(reader_.columns(), batch) : std::vector<CastColumn>());
    result_.schema = schema_of(plan);
    if (more) result_.first_rows = rows_as_text(plan, batch);
    KeyBuilder keys(FileTemplate::parse(request_.plan.settings.file_template),
                    request_.destination.prefix, plan.extension, plan.columns,
                    request_.plan.variables);
    const auto deadline = clock_.ticks() + kReadingTime;
    for (; more; more = reader_.next(batch)) {
      count(batch, keys);
      if (clock_.ticks() < deadline) continue;
      result_.complete = false;
      break;
    }
    finish(plan);
  }

 private:
  void count(const Batch& batch, KeyBuilder& keys) {
    std::string key;
    for (size_t row = 0; row < batch.rows(); ++row) {
      if (keys.is_single_file()) {
        key = keys.single_key();
      } else {
        keys.key_of(batch, row, key);
      }
      const auto [found, is_new] = files_.try_emplace(key, files_.size());
      if (is_new) rows_of_.push_back(0);
      ++rows_of_[found->second];
    }
    result_.rows += batch.rows();
    if (files_.size() <= request_.limits.files) return;
    throw Error(ErrorCode::kTooLarge,
                "A run would write more than " + std::to_string(request_.limits.files) +
                    " files (the next one is '" + key + "').",
                "Use a column with fewer distinct values, or filter the rows in SQL.");
  }

  void finish(const OutputPlan& plan) {
    const FileOptions& options = request_.plan.settings.options;
    const uint64_t most = options.max_rows_per_file;
    result_.files.resize(std::min(files_.size(), kShownFiles));
    for (const auto& [key, index] : files_) {
      const uint64_t pieces = most == 0 ? 1 : (rows_of_[index] + most - 1) / most;
      result_.file_count += pieces;
      if (index >= result_.files.size()) continue;
      PreviewResult::File& file = result_.files[index];
      file.key = key;
      file.rows = rows_of_[index];
      file.pieces = pieces;
      file.writes = first_piece_key(key, plan.extension, options);
    }
  }

  const ExportRequest& request_;
  RowReader& reader_;
  Clock& clock_;
  PreviewResult& result_;
  std::unordered_map<std::string, size_t> files_;
  std::vector<uint64_t> rows_of_;
};

PreviewResult SinkPreview::run(const std::string& pipe_name, const JobPlan& plan) {
  const std::optional<Connection> connection = parts_.connections.find(plan.settings.connection_id);
  if (!connection) {
    throw Error(ErrorCode::kNotFound, "The connection of the sink was deleted.",
                "Create it again and set the sink anew.");
  }
  ExportRequest request;
  request.job_id = "preview";
  request.pipe_name = pipe_name;
  request.plan = plan;
  request.destination = parse_destination(plan.settings.path, *connection);
  request.limits = parts_.limits;
  PreviewResult result;
  const auto reader = parts_.engine.open(plan.query, parts_.limits.run_time, {});
  Reading(request, *reader, parts_.clock, result).run();
  ask_store(request, *connection, result);
  return result;
}

void SinkPreview::ask_store(const ExportRequest& request, const Connection& connection,
                            PreviewResult& result) {
  const bool replaces = request.plan.settings.write_strategy == WriteStrategy::kTruncate;
  const std::string extension =
      file_extension(request.plan.settings.format, request.plan.settings.compression);
  try {
    const auto store = parts_.stores.open(connection, request.destination, {});
    store->probe(request.destination.prefix);
    for (PreviewResult::File& file : result.files) {
      const std::string key = file.writes;
      file.exists = store->head(key).has_value();
      file.action = !file.exists ? "create" : replaces ? "replace" : "number";
      for (unsigned number = 1; file.action == "number"; ++number) {
        file.writes = numbered_key(key, number, extension);
        if (!store->head(file.writes)) break;
      }
    }
  } catch (const Error& error) {
    result.store_error = error.what();
  }
}

}  // namespace sluice
