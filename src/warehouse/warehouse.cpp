#include "warehouse/warehouse.h"

#include <algorithm>
#include <filesystem>
#include <mutex>

#include "base/encoding.h"
#include "base/error.h"
#include "base/log.h"
#include "domain/sql_text.h"
#include "warehouse/definition_rows.h"

namespace sluice {
namespace {

constexpr std::string_view kStagedPrefix = "warehouse-";
/// Statements are kept prepared for so many data sources.
constexpr size_t kPrepared = 200;

std::string table_of(const std::string& name) { return "main." + quote_identifier(name); }

std::string quarantine_of(const DataSource& source) {
  return table_of(quarantine_name(source.name));
}

Error is_gone() {
  return {ErrorCode::kNotFound, "The data source was deleted meanwhile.",
          "GET /v0/datasources lists those there are."};
}

std::string time_text(Timestamp time) {
  constexpr size_t kToSeconds = 19;
  return format_timestamp(time).substr(0, kToSeconds);
}

void remove_leftovers(const std::string& spool) {
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(spool, failed)) {
    if (!entry.path().filename().string().starts_with(kStagedPrefix)) continue;
    std::error_code ignored;
    std::filesystem::remove(entry.path(), ignored);
  }
}

void check_free(SQLite::Database& database, const std::string& name) {
  SQLite::Statement found(database,
                          "SELECT name FROM main.sqlite_schema WHERE name = ? COLLATE NOCASE");
  found.bind(1, name);
  if (!found.executeStep()) return;
  throw Error(ErrorCode::kConflict, "The warehouse has a table '" + name + "' already.",
              "Choose another name for the data source.");
}

/// The columns of the staged rows, which may be fewer than the table has by now.
std::string move_sql(const DataSource& source, size_t staged_columns, const Stamps& stamps) {
  std::string names;
  std::string values;
  bool is_plain = staged_columns == source.columns.size();
  for (size_t i = 0; i < staged_columns; ++i) {
    const std::string name = quote_identifier(source.columns[i].name);
    if (stamps[i]) is_plain = false;
    names += (i == 0 ? "" : ", ") + name;
    values += i == 0 ? "" : ", ";
    values += stamps[i] ? "coalesce(" + name + ", " + quote_text(*stamps[i]) + ")" : name;
  }
  // Between tables that are declared alike SQLite copies whole records (its "transfer
  // optimization"), some five times as fast as rows that are taken apart.
  const std::string sql = "INSERT INTO " + table_of(source.name);
  if (is_plain) return sql + " SELECT * FROM staged.rows";
  return sql + " (" + names + ") SELECT " + values + " FROM staged.rows";
}

void move_rows(SQLite::Database& database, const DataSource& source, const StagedRows& rows,
               Timestamp now) {
  if (rows.columns() > source.columns.size()) throw is_gone();
  if (rows.counts().rows > 0) {
    database.exec(move_sql(source, rows.columns(), stamps_of(source.columns, now)));
  }
  if (rows.counts().quarantined > 0) {
    database.exec("INSERT INTO " + quarantine_of(source) + " SELECT * FROM staged.rejected");
  }
  add_counts(database, source.id, rows.counts());
}

}  // namespace

Warehouse::Warehouse(const std::string& path, std::string spool, Clock& clock)
    : spool_(std::move(spool)), clock_(clock), database_(path) {
  remove_leftovers(spool_);
  load();
}

void Warehouse::load() {
  const std::vector<Definition> all = database_.write(Durability::kSynced, [](auto& database) {
    create_definitions(database);
    return read_definitions(database);
  });
  for (const Definition& one : all) remember(one.source);
}

void Warehouse::remember(DataSource source) {
  const auto kept = std::make_shared<const DataSource>(std::move(source));
  std::unique_lock lock(mutex_);
  by_name_.insert_or_assign(ascii_lower(kept->name), kept);
  by_id_.insert_or_assign(kept->id, kept);
}

void Warehouse::forget(const std::string& id) {
  std::unique_lock lock(mutex_);
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  by_name_.erase(ascii_lower(found->second->name));
  by_id_.erase(found);
}

DataSourcePtr Warehouse::find(std::string_view id_or_name) const {
  std::shared_lock lock(mutex_);
  if (const auto found = by_id_.find(id_or_name); found != by_id_.end()) return found->second;
  const auto found = by_name_.find(ascii_lower(id_or_name));
  return found == by_name_.end() ? nullptr : found->second;
}

DataSourcePtr Warehouse::needed(std::string_view id) const {
  DataSourcePtr source = find(id);
  if (!source) throw is_gone();
  return source;
}

std::vector<SourceStatus> Warehouse::all() {
  std::vector<SourceStatus> all;
  for (Definition& one :
       database_.read([](auto& database) { return read_definitions(database); })) {
    all.push_back({std::make_shared<const DataSource>(std::move(one.source)), one.counts});
  }
  return all;
}

std::optional<SourceStatus> Warehouse::status(std::string_view id_or_name) {
  const DataSourcePtr source = find(id_or_name);
  if (!source) return std::nullopt;
  const auto counts =
      database_.read([&](auto& database) { return read_counts(database, source->id); });
  if (!counts) return std::nullopt;
  return SourceStatus{source, *counts};
}

size_t Warehouse::count() const {
  std::shared_lock lock(mutex_);
  return by_id_.size();
}

bool Warehouse::has_table(std::string_view name) const {
  const std::string lower = ascii_lower(name);
  const std::string suffix = quarantine_name("");
  std::shared_lock lock(mutex_);
  return by_name_.contains(lower) ||
         (lower.ends_with(suffix) &&
          by_name_.contains(lower.substr(0, lower.size() - suffix.size())));
}

std::string Warehouse::staged_path() {
  return spool_ + "/" + std::string(kStagedPrefix) + std::to_string(++staged_) + ".db";
}

StagedRows Warehouse::stage(const std::vector<DataColumn>& columns, const std::string& import_id) {
  return {staged_path(), columns, {import_id, time_text(clock_.now())}};
}

StagedRowids Warehouse::stage_rowids() { return StagedRowids(staged_path()); }

void Warehouse::create(const DataSource& source, const StagedRows* rows) {
  const auto make = [&](SQLite::Database& database) {
    if (find(source.name)) {
      throw Error(ErrorCode::kConflict, "There is a data source '" + source.name + "' already.",
                  "Append to it with mode=append, or choose another name.");
    }
    check_free(database, source.name);
    check_free(database, quarantine_name(source.name));
    database.exec(create_table_sql(table_of(source.name), source.columns));
    database.exec(create_quarantine_sql(quarantine_of(source)));
    insert_definition(database, source);
    if (rows != nullptr) move_rows(database, source, *rows, clock_.now());
  };
  const auto remembered = [&] { remember(source); };
  if (rows == nullptr) {
    database_.write(Durability::kSynced, make, remembered);
  } else {
    database_.write_from(rows->path(), make, remembered);
  }
}

void Warehouse::append(const std::string& id, const StagedRows& rows) {
  database_.write_from(rows.path(), [&](SQLite::Database& database) {
    move_rows(database, *needed(id), rows, clock_.now());
  });
}

void Warehouse::replace(const std::string& id, const StagedRows& rows) {
  database_.write_from(rows.path(), [&](SQLite::Database& database) {
    const DataSourcePtr source = needed(id);
    database.exec("DELETE FROM " + table_of(source->name));
    take_counts(database, id, std::nullopt);
    move_rows(database, *source, rows, clock_.now());
  });
}

void Warehouse::truncate(const std::string& id) {
  database_.write(Durability::kSynced, [&](SQLite::Database& database) {
    database.exec("DELETE FROM " + table_of(needed(id)->name));
    take_counts(database, id, std::nullopt);
  });
}

uint64_t Warehouse::delete_rows(const std::string& id, const StagedRowids& rowids) {
  return database_.write_from(rowids.path(), [&](SQLite::Database& database) {
    const DataSourcePtr source = needed(id);
    const std::string which =
        " FROM " + table_of(source->name) + " WHERE rowid IN (SELECT number FROM staged.rows)";
    SourceCounts gone;
    {
      SQLite::Statement sum(database, "SELECT count(*), coalesce(sum(" +
                                          row_bytes_sql(source->columns) + "), 0)" + which);
      sum.executeStep();
      gone.rows = static_cast<uint64_t>(sum.getColumn(0).getInt64());
      gone.bytes = static_cast<uint64_t>(sum.getColumn(1).getInt64());
    }
    database.exec("DELETE" + which);
    take_counts(database, id, gone);
    return gone.rows;
  });
}

bool Warehouse::drop(const std::string& id) {
  return database_.write(
      Durability::kSynced,
      [&](SQLite::Database& database) {
        const DataSourcePtr source = find(id);
        if (!source) return false;
        inserters_.erase(id);
        // A user may have dropped a table by hand; the data source goes all the same.
        database.exec("DROP TABLE IF EXISTS " + table_of(source->name));
        database.exec("DROP TABLE IF EXISTS " + quarantine_of(*source));
        delete_definition(database, id);
        return true;
      },
      [&] { forget(id); });
}

void Warehouse::add_columns(const std::string& id, const std::vector<DataColumn>& columns) {
  DataSource next;
  database_.write(
      Durability::kSynced,
      [&](SQLite::Database& database) {
        next = *needed(id);
        for (const DataColumn& column : columns) {
          database.exec("ALTER TABLE " + table_of(next.name) + " ADD COLUMN " + column_sql(column));
          next.columns.push_back(column);
        }
        next.updated_at = clock_.now();
        update_definition(database, next);
      },
      [&] { remember(next); });
}

void Warehouse::set_description(const std::string& id, const std::string& description) {
  DataSource next;
  database_.write(
      Durability::kSynced,
      [&](SQLite::Database& database) {
        next = *needed(id);
        next.description = description;
        next.updated_at = clock_.now();
        update_definition(database, next);
      },
      [&] { remember(next); });
}

Warehouse::Inserters& Warehouse::inserters(SQLite::Database& database, const DataSource& source,
                                           size_t columns) {
  if (const auto found = inserters_.find(source.id); found != inserters_.end()) {
    if (found->second.columns == columns) return found->second;
    inserters_.erase(found);
  }
  if (inserters_.size() >= kPrepared) inserters_.clear();
  Inserters made;
  made.columns = columns;
  made.rows =
      std::make_unique<RowInserter>(database, table_of(source.name), source.columns, columns);
  made.rejected = std::make_unique<QuarantineInserter>(database, quarantine_of(source));
  return inserters_.emplace(source.id, std::move(made)).first->second;
}

SourceCounts Warehouse::insert(SQLite::Database& database, const EventRows& events) {
  const DataSourcePtr source = needed(events.source_id);
  const Stamps stamps = stamps_of(source->columns, clock_.now());
  SourceCounts counts;
  for (const Batch& batch : events.batches) {
    if (batch.columns() > source->columns.size()) throw is_gone();
    counts += inserters(database, *source, batch.columns()).rows->insert(batch, stamps, true);
  }
  if (!events.rejected.empty()) {
    counts += inserters(database, *source, source->columns.size())
                  .rejected->insert(events.rejected, {"", time_text(clock_.now())});
  }
  return counts;
}

std::vector<std::optional<Error>> Warehouse::append_events(const std::vector<EventRows*>& all) {
  std::vector<std::optional<Error>> errors(all.size());
  Durability durability = Durability::kCommitted;
  for (const EventRows* events : all) durability = std::max(durability, events->durability);
  try {
    database_.write(durability, [&](SQLite::Database& database) {
      std::map<std::string, SourceCounts> counts;
      for (size_t i = 0; i < all.size(); ++i) {
        try {
          counts[all[i]->source_id] += insert(database, *all[i]);
        } catch (const Error& error) {
          errors[i] = error;  // Nothing of it is in the transaction: no such data source.
        }
      }
      for (const auto& [id, more] : counts) add_counts(database, id, more);
    });
  } catch (const Error& error) {
    for (std::optional<Error>& each : errors) each = error;
    const bool is_common = error.code() == ErrorCode::kStorage || error.code() == ErrorCode::kBusy;
    if (all.size() == 1 || is_common) return errors;
    // One of them has what SQLite refuses. It keeps none of the others out.
    log_warn(std::string("Events are committed one by one: ") + error.what());
    for (size_t i = 0; i < all.size(); ++i) errors[i] = append_events({all[i]}).front();
  }
  return errors;
}

}  // namespace sluice
