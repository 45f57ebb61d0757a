#include "pipeline/cluster_export.h"

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "domain/cluster_execution.h"
#include "pipeline/stage_named.h"

namespace sluice {
namespace {

ClusterWriter& writer_of(const ExportRequest& request, const ExportParts& parts) {
  check_cluster_execution(request.plan.settings, request.plan.query.engine);
  ClusterWriter* const writer = parts.engine.cluster_writer(request.plan.query);
  if (writer != nullptr) return *writer;
  throw Error(ErrorCode::kInvalid,
              "The engine '" + request.plan.query.engine + "' can't write files itself.",
              "Set the sink's execution to sluice.");
}

/// What the job has at the store until its files are staged; removed unless it is kept.
class ClaimedFolder {
 public:
  ClaimedFolder(ObjectStore& store, StageTicket ticket)
      : store_(store), ticket_(std::move(ticket)) {}
  ~ClaimedFolder() {
    if (kept_) return;
    try {
      store_.discard(ticket_);
    } catch (const std::exception& error) {
      log_warn(std::string("What the cluster has written is left behind: ") + error.what());
    }
  }
  ClaimedFolder(const ClaimedFolder&) = delete;
  ClaimedFolder& operator=(const ClaimedFolder&) = delete;
  void keep() { kept_ = true; }

 private:
  ObjectStore& store_;
  StageTicket ticket_;
  bool kept_ = false;
};

/// The read-back's columns as the template calls them, so that names are made as ever.
std::vector<ColumnInfo> named(std::vector<ColumnInfo> columns, const ClusterTarget& target) {
  for (size_t i = 0; i < target.keys.size(); ++i) columns.at(i + 2).name = target.keys[i].column;
  columns.at(0).name.clear();
  columns.at(1).name.clear();
  return columns;
}

[[noreturn]] void refuse_store() {
  throw Error(ErrorCode::kInvalid, "The cluster can't write to this connection.",
              "execution=cluster needs an S3 connection; with another one have Sluice write the "
              "files: execution=sluice.");
}

}  // namespace

ClusterExport::ClusterExport(const ExportRequest& request, const ExportParts& parts,
                             std::stop_token stop, StagedFiles& staged)
    : request_(request),
      parts_(parts),
      stop_(std::move(stop)),
      staged_(staged),
      writer_(writer_of(request, parts)),
      columns_(writer_.columns(request.plan.query)) {
  aim();
}

void ClusterExport::aim() {
  const SinkSettings& settings = request_.plan.settings;
  const std::string& prefix = request_.destination.prefix;
  folder_ = (prefix.empty() ? "" : prefix + "/") + ".sluice/" + request_.job_id + "/";
  const std::optional<StoreAccess> access = parts_.store.access();
  if (!access) refuse_store();
  target_.folder_url = access->url + "/" + folder_;
  target_.access_key_id = access->access_key_id;
  target_.secret_access_key = access->secret_access_key;
  target_.session_token = access->session_token;
  target_.format = settings.format;
  target_.compression = settings.compression;
  target_.options = settings.options;
  target_.extension = file_extension(settings.format, settings.compression);
  const std::vector<std::string> names = names_of(columns_);
  const FileTemplate file_template = FileTemplate::parse(settings.file_template);
  // Before anything is written: whether the template can be made of these columns.
  const KeyBuilder check(file_template, prefix, target_.extension, columns_,
                         request_.plan.variables);
  const std::set<std::string> known(names.begin(), names.end());
  for (const TemplatePiece& piece : file_template.pieces()) {
    if (piece.kind == TemplatePiece::Kind::kSpread) target_.spread *= piece.parts;
    if (piece.kind != TemplatePiece::Kind::kText && known.contains(piece.text)) {
      target_.keys.push_back({piece.text, piece.date});
    }
  }
}

WrittenFiles ClusterExport::write() {
  // An attempt before this one may still be at work there.
  writer_.end_run(request_.plan.query);
  std::optional<StageTicket> ticket = parts_.store.claim_folder(folder_);
  if (!ticket) refuse_store();
  parts_.store.discard(*ticket);
  parts_.journal.begun(folder_, *ticket);
  ClaimedFolder folder(parts_.store, std::move(*ticket));
  WrittenFiles written;
  written.figures = adopt_files(let_write());
  for (size_t i = 0; i < columns_.size(); ++i) {
    written.columns.push_back({columns_[i].name, columns_[i].type.value_or(ColumnType()), i});
  }
  if (written.figures.files > 0) folder.keep();
  return written;
}

uint64_t ClusterExport::let_write() {
  const uint64_t rows =
      writer_.write(request_.plan.query, target_, request_.limits.run_time, stop_);
  if (rows > 0 || request_.plan.settings.empty_result != EmptyResult::kError) return rows;
  throw Error(ErrorCode::kInvalid, "The result has no rows, and empty_result is 'error'.",
              "Check the query, or set empty_result to skip.");
}

JobFigures ClusterExport::adopt_files(uint64_t written) {
  JobFigures figures;
  bool any = false;
  parts_.store.list(folder_, [&any](const ObjectInfo&) { return !(any = true); });
  if (any) read_back(figures);
  if (figures.rows != written) refuse_counts(written, figures.rows);
  return figures;
}

void ClusterExport::read_back(JobFigures& figures) {
  const auto reader =
      writer_.read_back(request_.plan.query, target_, request_.limits.run_time, stop_);
  KeyBuilder keys(FileTemplate::parse(request_.plan.settings.file_template),
                  request_.destination.prefix, target_.extension, named(reader->columns(), target_),
                  request_.plan.variables);
  Batch batch;
  std::string key;
  std::set<std::string> taken;
  while (reader->next(batch)) {
    for (size_t row = 0; row < batch.rows(); ++row) {
      const auto rows = static_cast<uint64_t>(batch.at(1, row).integer);
      if (rows == 0) continue;  // A head alone; it goes with the folder.
      keys.key_of(batch, row, key);
      if (!taken.insert(key).second) {
        throw Error(ErrorCode::kInvalid,
                    "The cluster has written two files for the name " + key + ".",
                    "Values that differ and have one name share a file; that takes "
                    "execution=sluice.");
      }
      adopt(std::string(batch.text(batch.at(0, row))), rows, key, figures);
    }
  }
}

void ClusterExport::adopt(const std::string& file, uint64_t rows, const std::string& key,
                          JobFigures& figures) {
  if (figures.files >= request_.limits.files) {
    throw Error(ErrorCode::kTooLarge,
                "The export has more than " + std::to_string(request_.limits.files) + " files.",
                "Choose a file template of fewer values, or raise --max-files.");
  }
  const std::string source = folder_ + file;
  const std::optional<ObjectInfo> info = parts_.store.head(source);
  if (!info) {
    throw Error(ErrorCode::kCorrupt,
                "The cluster counts the rows of " + source + ", which is not there.",
                "Run the sink again.");
  }
  const SinkSettings& settings = request_.plan.settings;
  const std::string chosen = free_key(request_, parts_, staged_.names(), key, target_.extension);
  const std::optional<StageTicket> ticket = parts_.store.adopt(
      source, info->size, chosen,
      stage_options(request_, parts_, chosen, content_type(settings.format, settings.compression)));
  if (!ticket) refuse_store();
  staged_.add({chosen, rows, info->size, *ticket, FileRole::kData, "", key, target_.extension});
  figures.rows += rows;
  figures.bytes += info->size;
  ++figures.files;
}

void ClusterExport::refuse_counts(uint64_t written, uint64_t found) const {
  throw Error(
      ErrorCode::kCorrupt,
      "The cluster has written " + std::to_string(written) + " rows, but the files in " + folder_ +
          " hold " + std::to_string(found) + ".",
      "Nothing is published. Run the sink again; if it stays so, look at the cluster's log.");
}

}  // namespace sluice
