#pragma once

#include <vector>

#include "engine/engine.h"
#include "pipeline/value_caster.h"

namespace sluice {

/// The types of a result's columns by their declarations and, where those say nothing, by the
/// values of its first rows.
std::vector<CastColumn> guess_types(const std::vector<ColumnInfo>& columns, const Batch& first);

/// The types by all rows, which `reader` gives: what was not declared is what the values are; with
/// kString a column that does not hold all its values is text. Throws what the reader throws.
std::vector<CastColumn> survey_types(RowReader& reader, TypeMismatch policy);

}  // namespace sluice
