#include "pipeline/stage_named.h"

#include "domain/file_template.h"

namespace sluice {
namespace {

std::string choose_key(const ExportRequest& request, const ExportParts& parts,
                       KeyReservations::Holder& reserved, const std::string& key,
                       std::string_view extension) {
  if (request.plan.settings.write_strategy == WriteStrategy::kTruncate) return key;
  std::string chosen = key;
  for (unsigned number = 1;; ++number) {
    if (reserved.take(chosen) && !parts.store.head(chosen)) return chosen;
    chosen = numbered_key(key, number, extension);
  }
}

}  // namespace

std::unique_ptr<StagedObject> stage_named(const ExportRequest& request, const ExportParts& parts,
                                          KeyReservations::Holder& reserved, const std::string& key,
                                          std::string_view extension, std::string_view media_type) {
  const std::string chosen = choose_key(request, parts, reserved, key, extension);
  StageOptions options;
  options.job_id = request.job_id;
  options.content_type = media_type;
  options.overwrite = request.plan.settings.write_strategy == WriteStrategy::kNew
                          ? Overwrite::kNever
                          : Overwrite::kReplace;
  options.on_remote_begin = [&parts, chosen](const StageTicket& ticket) {
    parts.journal.begun(chosen, ticket);
  };
  return parts.store.stage(chosen, options);
}

}  // namespace sluice
