#pragma once

#include <vector>

#include "pipeline/export.h"

namespace sluice {

/// Makes staged files visible, idempotently: those of role kData in any order, several at a time,
/// then the others in theirs. Throws kConflict when another writer took a name that the strategy
/// `new` had chosen. What became visible is journalled, also when one fails.
void publish(const std::vector<StagedFile>& files, ObjectStore& store, ExportJournal& journal);

}  // namespace sluice
