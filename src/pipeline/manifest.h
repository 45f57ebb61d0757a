#pragma once

#include <string>
#include <vector>

#include "data/column_type.h"
#include "pipeline/export.h"

namespace sluice {

inline constexpr const char* kManifestType = "application/json";

/// The text of `_manifest.json`: what the job published, for readers who want a commit point and
/// figures to check against. `columns` are those of the files.
std::string manifest_text(const ExportRequest& request, const JobFigures& figures,
                          const std::vector<FileColumn>& columns,
                          const std::vector<StagedFile>& files);

}  // namespace sluice
