#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "pipeline/export.h"

namespace sluice {

/// `key` or, where the strategy `new` finds that name taken, the next numbered one (the number
/// stands before `extension`). It stays with `reserved` as long as that lives.
std::string free_key(const ExportRequest& request, const ExportParts& parts,
                     KeyReservations::Holder& reserved, const std::string& key,
                     std::string_view extension);

/// How an object of the job is staged under `key`.
StageOptions stage_options(const ExportRequest& request, const ExportParts& parts,
                           const std::string& key, std::string_view media_type);

/// Stages an object under `free_key`.
std::unique_ptr<StagedObject> stage_named(const ExportRequest& request, const ExportParts& parts,
                                          KeyReservations::Holder& reserved, const std::string& key,
                                          std::string_view extension, std::string_view media_type);

}  // namespace sluice
