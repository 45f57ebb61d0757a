#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "domain/data_source.h"
#include "warehouse/source_table.h"

namespace sluice {

// The table `sluice_datasources` of warehouse.db: a data source a row, with its counts.

/// Creates the table where it is not there yet.
void create_definitions(SQLite::Database& database);

struct Definition {
  DataSource source;
  SourceCounts counts;
};

/// All, by name. Throws kCorrupt where a schema can't be read.
std::vector<Definition> read_definitions(SQLite::Database& database);
std::optional<SourceCounts> read_counts(SQLite::Database& database, const std::string& id);

void insert_definition(SQLite::Database& database, const DataSource& source);
/// Description, columns and the time of the change.
void update_definition(SQLite::Database& database, const DataSource& source);
void delete_definition(SQLite::Database& database, const std::string& id);
/// Adds to the counts.
void add_counts(SQLite::Database& database, const std::string& id, const SourceCounts& more);
/// Takes rows and bytes off; nothing given: all of them.
void take_counts(SQLite::Database& database, const std::string& id,
                 const std::optional<SourceCounts>& less);

}  // namespace sluice
