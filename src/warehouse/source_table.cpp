#include "warehouse/source_table.h"

#include <nlohmann/json.hpp>

#include "domain/data_value.h"
#include "domain/sql_text.h"

namespace sluice {
namespace {

constexpr uint64_t kNumberBytes = 8;

std::string insert_sql(const std::string& table, const std::vector<DataColumn>& columns,
                       size_t count) {
  std::string names;
  std::string places;
  for (size_t i = 0; i < count; ++i) {
    names += (i == 0 ? "" : ", ") + quote_identifier(columns[i].name);
    places += i == 0 ? "?" : ", ?";
  }
  return "INSERT INTO " + table + " (" + names + ") VALUES (" + places + ")";
}

/// In halves: SQLite takes expressions that are 1,000 deep, and there may be as many columns.
std::string sum_of_bytes(const std::vector<DataColumn>& columns, size_t from, size_t to) {
  if (to - from > 1) {
    const size_t middle = from + (to - from) / 2;
    return "(" + sum_of_bytes(columns, from, middle) + " + " + sum_of_bytes(columns, middle, to) +
           ")";
  }
  const std::string name = quote_identifier(columns[from].name);
  return "CASE typeof(" + name + ") WHEN 'null' THEN 0 WHEN 'text' THEN length(CAST(" + name +
         " AS BLOB)) WHEN 'blob' THEN length(" + name + ") ELSE 8 END";
}

std::string json_list(const std::vector<std::string>& texts) {
  return nlohmann::json(texts).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

SourceCounts& SourceCounts::operator+=(const SourceCounts& other) {
  rows += other.rows;
  bytes += other.bytes;
  quarantined += other.quarantined;
  return *this;
}

std::string quarantine_name(const std::string& source) { return source + "_quarantine"; }

std::string column_sql(const DataColumn& column) {
  return quote_identifier(column.name) + " " + stored_type(column) +
         (column.nullable || defaults_to_time(column) ? "" : " NOT NULL");
}

std::string create_table_sql(const std::string& name, const std::vector<DataColumn>& columns) {
  std::string list;
  for (const DataColumn& column : columns) list += (list.empty() ? "" : ", ") + column_sql(column);
  return "CREATE TABLE " + name + " (" + list + ")";
}

std::string create_quarantine_sql(const std::string& name) {
  return "CREATE TABLE " + name +
         " (c__error_column TEXT, c__error TEXT, c__import_id TEXT, insertion_date DATETIME, "
         "c__line INTEGER, c__row TEXT)";
}

Stamps stamps_of(const std::vector<DataColumn>& columns, Timestamp now) {
  Stamps stamps(columns.size());
  for (size_t i = 0; i < columns.size(); ++i) {
    if (!defaults_to_time(columns[i])) continue;
    ValueFitter fitter(columns[i]);
    if (fitter.fit_fallback(*columns[i].fallback, now)) stamps[i] = fitter.text();
  }
  return stamps;
}

std::string row_bytes_sql(const std::vector<DataColumn>& columns) {
  return sum_of_bytes(columns, 0, columns.size());
}

RowInserter::RowInserter(SQLite::Database& database, const std::string& table,
                         const std::vector<DataColumn>& columns, size_t count)
    : database_(database), columns_(static_cast<int>(count)) {
  const std::string sql = insert_sql(table, columns, count);
  sqlite3_stmt* raw = nullptr;
  const int code =
      sqlite3_prepare_v3(database.getHandle(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  statement_.reset(raw);
  if (code != SQLITE_OK) throw SQLite::Exception(database.getHandle(), code);
}

void RowInserter::bind_missing(int column, const Stamps& stamps, bool put_stamps, uint64_t& bytes) {
  sqlite3_stmt* const raw = statement_.get();
  const auto place = static_cast<size_t>(column);
  if (place >= stamps.size() || !stamps[place]) {
    sqlite3_bind_null(raw, column + 1);
    return;
  }
  const std::string& stamp = *stamps[place];
  bytes += stamp.size();
  if (put_stamps) {
    sqlite3_bind_text(raw, column + 1, stamp.data(), static_cast<int>(stamp.size()), SQLITE_STATIC);
  } else {
    sqlite3_bind_null(raw, column + 1);
  }
}

void RowInserter::bind(const Batch& batch, size_t row, const Stamps& stamps, bool put_stamps,
                       uint64_t& bytes) {
  sqlite3_stmt* const raw = statement_.get();
  for (int column = 0; column < columns_; ++column) {
    const Cell& cell = batch.at(static_cast<size_t>(column), row);
    switch (cell.type) {
      case ValueType::kNull:
        bind_missing(column, stamps, put_stamps, bytes);
        break;
      case ValueType::kInteger:
        sqlite3_bind_int64(raw, column + 1, cell.integer);
        bytes += kNumberBytes;
        break;
      case ValueType::kReal:
        sqlite3_bind_double(raw, column + 1, cell.real);
        bytes += kNumberBytes;
        break;
      case ValueType::kText:
        sqlite3_bind_text(raw, column + 1, batch.text(cell).data(), static_cast<int>(cell.size),
                          SQLITE_STATIC);
        bytes += cell.size;
        break;
      case ValueType::kBlob:
        sqlite3_bind_blob(raw, column + 1, batch.text(cell).data(), static_cast<int>(cell.size),
                          SQLITE_STATIC);
        bytes += cell.size;
        break;
      case ValueType::kBoolean:
      case ValueType::kSingle:
      case ValueType::kDate:
      case ValueType::kTimestamp:
      case ValueType::kNumber:
      case ValueType::kNested:
        fail_not_stored(cell.type);
    }
  }
}

SourceCounts RowInserter::insert(const Batch& batch, const Stamps& stamps, bool put_stamps) {
  sqlite3_stmt* const raw = statement_.get();
  SourceCounts counts;
  for (size_t row = 0; row < batch.rows(); ++row) {
    bind(batch, row, stamps, put_stamps, counts.bytes);
    const int stepped = sqlite3_step(raw);
    const int code = sqlite3_reset(raw);
    if (stepped != SQLITE_DONE) {
      sqlite3_clear_bindings(raw);
      throw SQLite::Exception(database_.getHandle(), code);
    }
  }
  // The values belong to the batch and the stamps.
  sqlite3_clear_bindings(raw);
  counts.rows = batch.rows();
  return counts;
}

QuarantineInserter::QuarantineInserter(SQLite::Database& database, const std::string& table)
    : statement_(database, "INSERT INTO " + table + " VALUES (?, ?, ?, ?, ?, ?)") {}

SourceCounts QuarantineInserter::insert(const std::vector<RejectedRow>& rows,
                                        const QuarantineNote& note) {
  for (const RejectedRow& row : rows) {
    statement_.tryReset();  // It may have failed the last time.
    statement_.bind(1, json_list(row.columns));
    statement_.bind(2, json_list(row.reasons));
    if (note.import_id.empty()) {
      statement_.bind(3);
    } else {
      statement_.bind(3, note.import_id);
    }
    statement_.bind(4, note.time);
    statement_.bind(5, static_cast<int64_t>(row.line));
    statement_.bind(6, row.text);
    statement_.exec();
  }
  statement_.tryReset();
  SourceCounts counts;
  counts.quarantined = rows.size();
  return counts;
}

}  // namespace sluice
