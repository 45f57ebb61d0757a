#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "pipeline/export.h"

namespace sluice {

/// Stages an object under `key` or, where the strategy `new` finds that name taken, under the next
/// numbered one (the number stands before `extension`). Names stay with `reserved` as long as it
/// lives.
std::unique_ptr<StagedObject> stage_named(const ExportRequest& request, const ExportParts& parts,
                                          KeyReservations::Holder& reserved, const std::string& key,
                                          std::string_view extension, std::string_view media_type);

}  // namespace sluice
