#include "pipeline/output_plan.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/limits.h"
#include "domain/file_template.h"

namespace sluice {
namespace {

/// A Parquet block is held as values, encoded and compressed at the same time.
constexpr size_t kCopiesOfARowGroup = 3;
constexpr size_t kSmallestBlock = 16 * 1024;

/// The columns that are in every file: all, or those that the template does not name.
std::vector<FileColumn> written_columns(const ExportRequest& request, const OutputPlan& plan) {
  std::vector<std::string> dropped;
  if (request.plan.settings.options.drop_partition_columns) {
    dropped = FileTemplate::parse(request.plan.settings.file_template).placeholders();
  }
  std::vector<FileColumn> written;
  for (FileColumn& column : file_columns_of(plan.columns)) {
    if (std::find(dropped.begin(), dropped.end(), column.name) != dropped.end()) continue;
    if (!plan.casts.empty()) column.type = plan.casts[column.source].type;
    written.push_back(std::move(column));
  }
  if (written.empty()) {
    throw Error(ErrorCode::kInvalid,
                "With partition_columns=drop no column is left for the files: the file template "
                "names all of them.",
                "Set partition_columns to keep, or select further columns.");
  }
  return written;
}

void size_blocks(const ExportRequest& request, OutputPlan& plan) {
  const SinkSettings& settings = request.plan.settings;
  if (is_typed(settings.format)) {
    const size_t share = request.limits.memory_bytes / (request.limits.lanes * kCopiesOfARowGroup);
    plan.block_bytes = std::clamp(share, limits::kBlockBytes, limits::kRowGroupBytes);
    plan.block_rows = limits::kRowGroupRows;
  } else {
    plan.block_bytes = limits::kBlockBytes;
    plan.block_rows = UINT64_MAX;
  }
  // A file rolls over between blocks, so several of them must fit into one.
  if (settings.options.max_file_size > 0) {
    plan.bounds_files = true;
    plan.block_bytes = std::min<size_t>(
        plan.block_bytes, std::max<size_t>(settings.options.max_file_size / 4, kSmallestBlock));
  }
}

}  // namespace

bool is_typed(Format format) { return format == Format::kParquet; }

OutputPlan plan_output(const ExportRequest& request, std::vector<ColumnInfo> columns,
                       std::vector<CastColumn> casts) {
  const SinkSettings& settings = request.plan.settings;
  OutputPlan plan;
  plan.columns = std::move(columns);
  plan.casts = std::move(casts);
  plan.written = written_columns(request, plan);
  plan.extension = file_extension(settings.format, settings.compression);
  size_blocks(request, plan);
  FormatSpec spec;
  spec.format = settings.format;
  spec.compression = settings.compression;
  spec.options = settings.options;
  spec.columns = plan.written;
  spec.metadata = {{"sluice.pipe", request.pipe_name},
                   {"sluice.job", request.job_id},
                   {"sluice.sql_sha256", hex_encode(sha256(request.plan.query.sql))}};
  plan.format = make_file_format(std::move(spec));
  return plan;
}

}  // namespace sluice
