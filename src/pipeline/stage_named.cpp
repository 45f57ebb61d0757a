#include "pipeline/stage_named.h"

#include "domain/file_template.h"

namespace sluice {

std::string free_key(const ExportRequest& request, const ExportParts& parts,
                     KeyReservations::Holder& reserved, const std::string& key,
                     std::string_view extension) {
  if (request.plan.settings.write_strategy == WriteStrategy::kTruncate) return key;
  std::string chosen = key;
  for (unsigned number = 1;; ++number) {
    if (reserved.take(chosen) && !parts.store.head(chosen)) return chosen;
    chosen = numbered_key(key, number, extension);
  }
}

StageOptions stage_options(const ExportRequest& request, const ExportParts& parts,
                           const std::string& key, std::string_view media_type) {
  StageOptions options;
  options.job_id = request.job_id;
  options.content_type = media_type;
  options.overwrite = request.plan.settings.write_strategy == WriteStrategy::kNew
                          ? Overwrite::kNever
                          : Overwrite::kReplace;
  options.on_remote_begin = [&journal = parts.journal, key](const StageTicket& ticket) {
    journal.begun(key, ticket);
  };
  return options;
}

std::unique_ptr<StagedObject> stage_named(const ExportRequest& request, const ExportParts& parts,
                                          KeyReservations::Holder& reserved, const std::string& key,
                                          std::string_view extension, std::string_view media_type) {
  const std::string chosen = free_key(request, parts, reserved, key, extension);
  return parts.store.stage(chosen, stage_options(request, parts, chosen, media_type));
}

}  // namespace sluice
