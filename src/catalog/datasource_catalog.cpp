#include "catalog/datasource_catalog.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "catalog/import_root.h"
#include "domain/name.h"
#include "domain/sql_text.h"

namespace sluice {
namespace {

constexpr size_t kIdBytes = 16;
/// Names that mean something else in SQL here.
constexpr std::array<std::string_view, 2> kLogViews = {"sinks_ops_log", "jobs_log"};

std::string shown(std::string_view name) { return "'" + std::string(name.substr(0, 200)) + "'"; }

[[noreturn]] void bad_name(const std::string& name, const std::string& why) {
  throw Error(ErrorCode::kInvalid, "The data source name " + shown(name) + " " + why + ".",
              "Choose another name.");
}

void check_description(const std::string& text) {
  if (text.size() <= limits::kDescriptionBytes) return;
  throw Error(ErrorCode::kTooLarge, "The description has more than " +
                                        std::to_string(limits::kDescriptionBytes) + " bytes.");
}

uint64_t count_invalid(const std::vector<RejectedRow>& rejected) {
  return static_cast<uint64_t>(
      std::count_if(rejected.begin(), rejected.end(),
                    [](const RejectedRow& row) { return row.columns.empty(); }));
}

/// The columns of `next` that `now` has not; throws kInvalid where they differ in more.
std::vector<DataColumn> added_columns(const std::vector<DataColumn>& now,
                                      const std::vector<DataColumn>& next) {
  const auto is_same = [](const DataColumn& one, const DataColumn& other) {
    return ascii_lower(one.name) == ascii_lower(other.name) && one.type == other.type;
  };
  if (next.size() < now.size() || !std::equal(now.begin(), now.end(), next.begin(), is_same)) {
    throw Error(ErrorCode::kInvalid,
                "The schema has not the columns that the data source has, in their order.",
                "Keep them as they are, and add columns behind them: " + schema_text(now) + ".");
  }
  std::vector<DataColumn> added(next.begin() + static_cast<std::ptrdiff_t>(now.size()), next.end());
  for (const DataColumn& column : added) {
    if (column.nullable) continue;
    throw Error(ErrorCode::kInvalid,
                "The new column '" + column.name + "' is not nullable, but there may be rows.",
                "Declare it as Nullable(" + column.type + ").");
  }
  return added;
}

}  // namespace

ImportMode parse_import_mode(std::string_view text) {
  const std::string mode = ascii_lower(trim(text));
  if (mode == "create") return ImportMode::kCreate;
  if (mode == "append") return ImportMode::kAppend;
  if (mode == "replace") return ImportMode::kReplace;
  throw Error(ErrorCode::kInvalid, "The parameter 'mode' is " + shown(text) + ".",
              "Use one of: create, append, replace.");
}

DataSourcePtr DatasourceCatalog::needed(std::string_view id_or_name) const {
  DataSourcePtr source = parts_.warehouse.find(id_or_name);
  if (source) return source;
  throw Error(ErrorCode::kNotFound, "There is no data source " + shown(id_or_name) + ".",
              "GET /v0/datasources lists those there are.");
}

SourceStatus DatasourceCatalog::get(std::string_view id_or_name) {
  std::optional<SourceStatus> status = parts_.warehouse.status(needed(id_or_name)->id);
  if (status) return std::move(*status);
  throw Error(ErrorCode::kNotFound, "There is no data source " + shown(id_or_name) + ".",
              "It was deleted just now.");
}

std::vector<Pipe> DatasourceCatalog::readers(const DataSource& source) {
  const std::string table = ascii_lower(source.name);
  const std::string quarantine = ascii_lower(quarantine_name(source.name));
  std::vector<Pipe> readers;
  for (Pipe& pipe : parts_.pipes.all()) {
    const bool reads = std::any_of(pipe.nodes.begin(), pipe.nodes.end(), [&](const Node& node) {
      return std::any_of(node.dependencies.begin(), node.dependencies.end(),
                         [&](const std::string& read) {
                           const std::string lower = ascii_lower(read);
                           return lower == table || lower == quarantine;
                         });
    });
    if (reads) readers.push_back(std::move(pipe));
  }
  return readers;
}

std::shared_ptr<const ByteRange> DatasourceCatalog::open_local(const std::string& name) const {
  return open_import(parts_.import_root, name);
}

void DatasourceCatalog::check_new_name(const std::string& name) {
  check_name("data source", name);
  const std::string lower = ascii_lower(name);
  if (lower.starts_with("sluice_")) bad_name(name, "begins with sluice_, as our own tables do");
  if (std::find(kLogViews.begin(), kLogViews.end(), lower) != kLogViews.end()) {
    bad_name(name, "is that of a log");
  }
  for (const std::string& file : parts_.attached) {
    if (ascii_lower(file) == lower) bad_name(name, "is that of an attached file");
  }
  if (!parts_.pipes.names_among({lower}).empty()) bad_name(name, "is that of a pipe");
  if (const std::optional<std::string> pipe = parts_.pipes.pipe_of_node_named(name)) {
    bad_name(name, "is that of a node of the pipe '" + *pipe + "'");
  }
  if (parts_.warehouse.count() < limits::kDataSources) return;
  throw Error(ErrorCode::kForbidden,
              "There are " + std::to_string(limits::kDataSources) +
                  " data sources, as many as there can be.",
              "Delete one that is no longer needed.");
}

DataSource DatasourceCatalog::draft(const std::string& name, std::vector<DataColumn> columns,
                                    const std::string& description) {
  check_description(description);
  DataSource source;
  source.id = "t_" + parts_.random.hex(kIdBytes);
  source.name = name;
  source.description = description;
  source.columns = std::move(columns);
  source.created_at = source.updated_at = parts_.clock.now();
  return source;
}

std::vector<DataColumn> DatasourceCatalog::columns_for(const ImportWish& wish) const {
  if (wish.schema && !trim(*wish.schema).empty()) return parse_schema(*wish.schema);
  if (wish.input) return infer_columns(*wish.input);
  throw Error(ErrorCode::kInvalid, "The data source " + shown(wish.name) + " has no columns.",
              "Give a 'schema', for example: id Int64, name String; or a file that has rows.");
}

StagedRows DatasourceCatalog::stage(const RowInput& input, const std::vector<DataColumn>& columns,
                                    const std::stop_token& stop, ImportOutcome& outcome) {
  const std::unique_ptr<FittedRows> rows = open_rows(input, columns);
  StagedRows staged = parts_.warehouse.stage(columns, outcome.import_id);
  Batch batch;
  std::vector<RejectedRow> rejected;
  while (rows->next(batch, rejected)) {
    staged.add(batch, rejected);
    outcome.invalid_lines += count_invalid(rejected);
    if (stop.stop_requested()) {
      throw Error(ErrorCode::kCancelled, "Sluice stops; nothing of the file was taken.",
                  "Send it again.");
    }
  }
  staged.finish();
  outcome.rows = staged.counts().rows;
  outcome.quarantined = staged.counts().quarantined;
  return staged;
}

ImportOutcome DatasourceCatalog::import(const ImportWish& wish, const std::stop_token& stop) {
  ImportOutcome outcome;
  outcome.import_id = parts_.random.uuid();
  if (wish.mode == ImportMode::kCreate) {
    if (parts_.warehouse.find(wish.name)) {
      throw Error(ErrorCode::kConflict, "There is a data source " + shown(wish.name) + " already.",
                  "Use mode=append or mode=replace, or choose another name.");
    }
    check_new_name(wish.name);
    const DataSource source = draft(wish.name, columns_for(wish), wish.description);
    if (wish.input) {
      const StagedRows rows = stage(*wish.input, source.columns, stop, outcome);
      parts_.warehouse.create(source, &rows);
    } else {
      parts_.warehouse.create(source);
    }
    outcome.status = get(source.id);
    return outcome;
  }
  const DataSourcePtr source = needed(wish.name);
  if (!wish.input) {
    throw Error(ErrorCode::kInvalid, "The call has no data.",
                "Send a file as the body or as a part of a form, or name one with 'url'.");
  }
  const StagedRows rows = stage(*wish.input, source->columns, stop, outcome);
  if (wish.mode == ImportMode::kAppend) {
    parts_.warehouse.append(source->id, rows);
  } else {
    std::lock_guard lock(changes_);
    parts_.warehouse.replace(source->id, rows);
  }
  outcome.status = get(source->id);
  return outcome;
}

DataSourcePtr DatasourceCatalog::source_for_events(const std::string& name, const RowInput& input,
                                                   bool may_create) {
  if (DataSourcePtr source = parts_.warehouse.find(name)) return source;
  if (!may_create) {
    throw Error(ErrorCode::kNotFound, "There is no data source " + shown(name) + ".",
                "Create it first; a token with the scope DATASOURCES:CREATE creates it with the "
                "first events.");
  }
  check_new_name(name);
  const DataSource source = draft(name, infer_columns(input), "");
  try {
    parts_.warehouse.create(source);
  } catch (const Error& error) {
    // Another writer may have been first: then this one appends.
    if (error.code() != ErrorCode::kConflict || !parts_.warehouse.find(name)) throw;
  }
  return needed(name);
}

EventOutcome DatasourceCatalog::take_events(const std::string& name,
                                            const std::shared_ptr<const ByteRange>& body,
                                            bool may_create, Durability durability) {
  if (body->size() == 0) {
    throw Error(ErrorCode::kInvalid, "The call has no events.",
                "Send JSON objects as the body, one a line.");
  }
  const RowInput input{body, RowFormat::kNdjson, {}};
  const DataSourcePtr source = source_for_events(name, input, may_create);
  const std::unique_ptr<FittedRows> rows = open_rows(input, source->columns);
  EventRows events{source->id, {}, {}, durability};
  EventOutcome outcome;
  size_t bytes = 0;
  std::optional<StagedRows> staged;
  Batch batch;
  std::vector<RejectedRow> rejected;
  while (rows->next(batch, rejected)) {
    outcome.rows += batch.rows();
    outcome.quarantined += rejected.size();
    bytes += batch.bytes();
    for (const RejectedRow& row : rejected) bytes += row.text.size();
    // Many rows, perhaps out of a small compressed body, are written as those of a file are, so
    // that they are not all in memory.
    if (!staged && bytes > limits::kJoinedEventsBytes) {
      staged.emplace(parts_.warehouse.stage(source->columns, ""));
      for (const Batch& earlier : events.batches) staged->add(earlier, {});
      staged->add({}, events.rejected);
    }
    if (staged) {
      staged->add(batch, rejected);
    } else {
      if (batch.rows() > 0) events.batches.push_back(std::move(batch));
      batch = Batch();
      std::move(rejected.begin(), rejected.end(), std::back_inserter(events.rejected));
    }
  }
  if (staged) {
    staged->finish();
    parts_.warehouse.append(source->id, *staged);
    parts_.events.count(outcome.rows, outcome.quarantined);
  } else if (outcome.rows + outcome.quarantined > 0) {
    parts_.events.append(std::move(events));
  }
  return outcome;
}

void DatasourceCatalog::truncate(std::string_view id_or_name) {
  std::lock_guard lock(changes_);
  parts_.warehouse.truncate(needed(id_or_name)->id);
}

uint64_t DatasourceCatalog::delete_rows(std::string_view id_or_name, const std::string& condition,
                                        bool dry_run, const std::stop_token& stop) {
  const DataSourcePtr source = needed(id_or_name);
  if (trim(condition).empty()) {
    throw Error(ErrorCode::kInvalid, "The condition is empty.",
                "Give 'delete_condition', for example: id < 100; to delete all rows, truncate.");
  }
  std::lock_guard lock(changes_);
  // The engine evaluates it under its guard, so whatever the condition holds, it can only read.
  Query query;
  query.sql = "SELECT rowid FROM " + quote_identifier(source->name) + " WHERE (\n" +
              strip_statement_end(condition) + "\n)";
  const auto reader = parts_.engine.open(query, parts_.run_time, stop);
  StagedRowids rowids = parts_.warehouse.stage_rowids();
  Batch batch;
  while (reader->next(batch)) {
    for (size_t row = 0; row < batch.rows(); ++row) {
      const Cell& cell = batch.at(0, row);
      if (cell.type == ValueType::kInteger) rowids.add(cell.integer);
    }
  }
  rowids.finish();
  if (dry_run || rowids.count() == 0) return rowids.count();
  return parts_.warehouse.delete_rows(source->id, rowids);
}

void DatasourceCatalog::remove(std::string_view id_or_name, bool force, bool dry_run) {
  const DataSourcePtr source = needed(id_or_name);
  if (!force) {
    std::string names;
    for (const Pipe& pipe : readers(*source))
      names += (names.empty() ? "'" : ", '") + pipe.name + "'";
    if (!names.empty()) {
      throw Error(ErrorCode::kForbidden,
                  "The data source '" + source->name + "' is read by the pipes " + names + ".",
                  "Change or delete them first, or delete it all the same with force=true.");
    }
  }
  if (dry_run) return;
  std::lock_guard lock(changes_);
  parts_.warehouse.drop(source->id);
}

void DatasourceCatalog::change_schema(std::string_view id_or_name, const std::string& schema,
                                      bool dry_run) {
  std::lock_guard lock(changes_);
  const DataSourcePtr source = needed(id_or_name);
  const std::vector<DataColumn> added = added_columns(source->columns, parse_schema(schema));
  if (!dry_run && !added.empty()) parts_.warehouse.add_columns(source->id, added);
}

void DatasourceCatalog::describe(std::string_view id_or_name, const std::string& description) {
  check_description(description);
  parts_.warehouse.set_description(needed(id_or_name)->id, description);
}

}  // namespace sluice
