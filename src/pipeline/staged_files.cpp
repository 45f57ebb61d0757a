#include "pipeline/staged_files.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"

namespace sluice {
namespace {

std::unique_ptr<KeyReservations::Holder> reserve_names(const ExportRequest& request,
                                                       const ExportParts& parts) {
  return std::make_unique<KeyReservations::Holder>(
      parts.reservations, request.plan.settings.connection_id + '\n' + request.destination.bucket);
}

}  // namespace

StagedFiles::StagedFiles(const ExportRequest& request, const ExportParts& parts)
    : request_(request), parts_(parts), names_(reserve_names(request, parts)) {}

StagedFiles::~StagedFiles() {
  if (!kept_) discard();
}

void StagedFiles::replace(const std::string& key, const StagedFile& now) {
  const auto found = std::find_if(files_.begin(), files_.end(),
                                  [&](const StagedFile& file) { return file.key == key; });
  if (found != files_.end()) *found = now;
}

void StagedFiles::discard() noexcept {
  for (const StagedFile& file : files_) {
    try {
      parts_.store.discard(file.ticket);
    } catch (const std::exception& error) {
      log_warn("What was staged for " + file.key + " is left behind: " + error.what());
    }
  }
  files_.clear();
  names_.reset();
  names_ = reserve_names(request_, parts_);
}

}  // namespace sluice
