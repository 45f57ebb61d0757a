#pragma once

#include <functional>
#include <vector>

#include "pipeline/export.h"

namespace sluice {

/// Stages a file again under a free name when another writer took the one it had; in the journal
/// and in the list of files, too. Called by several threads.
using LostRace = std::function<StagedFile(const StagedFile& lost)>;

/// Makes staged files visible, idempotently: those of role kData in any order, several at a time,
/// then the others in theirs. Where another writer took a name that the strategy `new` had chosen,
/// `lost_race` gives the file another; without it, or at the tenth time, that is kConflict. What
/// became visible is journalled, also when one fails.
void publish(const std::vector<StagedFile>& files, ObjectStore& store, ExportJournal& journal,
             const LostRace& lost_race = nullptr);

}  // namespace sluice
