#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "catalog/datasource_catalog.h"

namespace sluice {

// How data sources look in answers.

/// `readers` are the pipes that read it.
nlohmann::json datasource_view(const SourceStatus& status, const std::vector<Pipe>& readers);
/// What became of a file, as the public API answers it. `error` is false, or says that not one row
/// was taken.
nlohmann::json import_view(const ImportOutcome& outcome, const std::vector<Pipe>& readers);
/// The columns that a file has, as clients ask for them before they create a data source.
nlohmann::json analysis_view(const std::vector<DataColumn>& columns);
/// A .datasource file.
std::string datasource_text(const DataSource& source);

}  // namespace sluice
