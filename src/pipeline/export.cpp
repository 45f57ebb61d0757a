#include "pipeline/export.h"

#include <utility>

#include "base/crc32c.h"
#include "base/error.h"
#include "format/type_plan.h"
#include "pipeline/cluster_export.h"
#include "pipeline/file_writer.h"
#include "pipeline/lost_races.h"
#include "pipeline/manifest.h"
#include "pipeline/publish.h"
#include "pipeline/stage_named.h"
#include "pipeline/staged_files.h"

namespace sluice {
namespace {

/// A second run over the rows only where the first one met values that its types can't hold.
WrittenFiles write_files(const ExportRequest& request, const ExportParts& parts,
                         const std::stop_token& stop, StagedFiles& staged) {
  if (request.plan.settings.options.on_cluster) {
    return ClusterExport(request, parts, stop, staged).write();
  }
  FileWriter writer(request, parts, stop, staged);
  if (std::optional<WrittenFiles> written = writer.write({})) return std::move(*written);
  staged.discard();
  const auto reader = parts.engine.open(request.plan.query, request.limits.run_time, stop);
  const TypeMismatch policy = request.plan.settings.options.type_mismatch;
  if (std::optional<WrittenFiles> written = writer.write(survey_types(
          reader->columns(), [&](Batch& batch) { return reader->next(batch); }, policy))) {
    return std::move(*written);
  }
  throw Error(ErrorCode::kConflict, "The data changed while the export looked at its types.",
              "Run the sink again.");
}

void stage_text(const ExportRequest& request, const ExportParts& parts, const std::string& name,
                const std::string& extension, const std::string& text, FileRole role,
                StagedFiles& staged) {
  const std::string& prefix = request.destination.prefix;
  const std::string asked = (prefix.empty() ? "" : prefix + "/") + name;
  const std::unique_ptr<StagedObject> object =
      stage_named(request, parts, staged.names(), asked, extension,
                  role == FileRole::kManifest ? kManifestType : "text/plain");
  object->write(text);
  object->finish();
  staged.add({object->key(), 0, text.size(), object->ticket(), role, crc32c_hex(crc32c(text)),
              asked, extension});
}

/// What stands beside the data files on demand, published after them.
void stage_extras(const ExportRequest& request, const ExportParts& parts,
                  const WrittenFiles& written, StagedFiles& staged) {
  const FileOptions& options = request.plan.settings.options;
  if (options.manifest) {
    const std::string text =
        manifest_text(request, written.figures, written.columns, staged.files());
    stage_text(request, parts, "_manifest.json", ".json", text, FileRole::kManifest, staged);
  }
  if (options.success_file) {
    stage_text(request, parts, "_SUCCESS", "", "", FileRole::kSuccess, staged);
  }
}

}  // namespace

JobFigures run_export(const ExportRequest& request, const ExportParts& parts,
                      const std::stop_token& stop) {
  StagedFiles staged(request, parts);
  const WrittenFiles written = write_files(request, parts, stop, staged);
  stage_extras(request, parts, written, staged);
  parts.store.sync();
  parts.journal.publishing(staged.files(), written.figures);
  staged.keep();
  LostRaces races(
      request, parts, staged,
      {[&](const ExportRequest& again, const ExportParts& with, StagedFiles& files) {
         write_files(again, with, stop, files);
       },
       [&] { return manifest_text(request, written.figures, written.columns, staged.files()); }});
  publish(staged.files(), parts.store, parts.journal,
          [&](const StagedFile& lost) { return races.settle(lost); });
  return written.figures;
}

}  // namespace sluice
