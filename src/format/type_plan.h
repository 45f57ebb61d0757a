#pragma once

#include <functional>
#include <vector>

#include "data/batch.h"
#include "format/value_caster.h"

namespace sluice {

/// The types of a result's columns as an engine says that types columns; else by their declarations
/// and, where those say nothing, by the values of its first rows.
std::vector<CastColumn> guess_types(const std::vector<ColumnInfo>& columns, const Batch& first);

/// Refills the batch with the next rows; false at their end.
using NextBatch = std::function<bool(Batch&)>;

/// The types by all rows, which `next` gives: what was not declared is what the values are; with
/// kString a column that does not hold all its values is text. No row is asked for where the engine
/// types the columns: all of them, or none. Throws what `next` throws.
std::vector<CastColumn> survey_types(const std::vector<ColumnInfo>& columns, const NextBatch& next,
                                     TypeMismatch policy);

}  // namespace sluice
