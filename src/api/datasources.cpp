#include <map>
#include <nlohmann/json.hpp>

#include "api/access.h"
#include "api/datasource_view.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

using nlohmann::json;

/// Rows that come with a call, and what is known of how they are written.
struct Rows {
  std::shared_ptr<const ByteRange> bytes;
  std::string name;  ///< Of the part, the file or the path: its end may tell the format.
};

bool is_format_name(const std::string& name) {
  return name == "csv" || name == "ndjson" || name == "parquet" || name == "json";
}

std::optional<Rows> rows_of_parts(const DoorRequest& request) {
  std::optional<Rows> rows;
  for (const FormPart& part : request.parts) {
    const bool long_part = part.range && part.range->size() > 0 && part.content.empty();
    const bool data = !part.filename.empty() || long_part || is_format_name(ascii_lower(part.name));
    if (!data) continue;
    if (rows) {
      throw Error(ErrorCode::kInvalid, "The form has more than one file.", "Send one a call.");
    }
    rows = Rows{body_range(part),
                is_format_name(ascii_lower(part.name)) ? "." + part.name : part.filename};
  }
  return rows;
}

std::optional<Rows> rows_of(const ApiParts& parts, const ApiCall& call) {
  std::optional<Rows> rows = rows_of_parts(call.request);
  for (const char* name : {"url", "path"}) {
    const std::string file = call.parameters.text(name).value_or("");
    if (file.empty()) continue;
    if (rows) {
      throw Error(ErrorCode::kInvalid, "The call has data in more than one place.",
                  "Send the rows, or name one file by 'url'.");
    }
    rows = Rows{parts.datasources.open_local(file), file};
  }
  if (rows || !call.request.parts.empty() || call.parameters.body_is_form()) return rows;
  const std::shared_ptr<const ByteRange> body = body_range(call.request);
  if (body->size() > 0) rows = Rows{body, ""};
  return rows;
}

/// As `format` says; else by the ending of the file's name (`.csv.gz`); else CSV.
RowFormat format_of(const Parameters& parameters, const Rows& rows) {
  const std::string said = parameters.text("format").value_or("");
  if (!said.empty()) return parse_row_format(said);
  std::string name = ascii_lower(rows.name);
  for (const char* packed : {".gz", ".zst"}) {
    if (name.ends_with(packed)) name.resize(name.rfind('.'));
  }
  const size_t dot = name.rfind('.');
  const std::string ending = dot == std::string::npos ? "" : name.substr(dot + 1);
  return is_format_name(ending) || ending == "jsonl" ? parse_row_format(ending) : RowFormat::kCsv;
}

CsvDialect dialect_of(const Parameters& parameters) {
  CsvDialect dialect;
  const std::string delimiter = parameters.text("dialect_delimiter").value_or("");
  const std::string lower = ascii_lower(delimiter);
  if (lower == "\\t" || lower == "tab") {
    dialect.delimiter = '\t';
  } else if (delimiter.size() == 1 && delimiter != "\"" && delimiter != "\n" && delimiter != "\r") {
    dialect.delimiter = delimiter.front();
  } else if (!delimiter.empty()) {
    throw Error(ErrorCode::kInvalid,
                "The parameter 'dialect_delimiter' is '" + delimiter.substr(0, 20) + "'.",
                "Use one character, for example ; or |, or tab.");
  }
  const std::string escape = parameters.text("dialect_escapechar").value_or("");
  if (!escape.empty() && escape != "\"") {
    throw Error(ErrorCode::kInvalid,
                "The parameter 'dialect_escapechar' is '" + escape.substr(0, 20) + "'.",
                "In CSV here a quote is written as two; write the file so.");
  }
  const std::string header = ascii_lower(parameters.text("dialect_header").value_or(""));
  if (!header.empty()) {
    dialect.header =
        parameters.flag("dialect_header") ? CsvDialect::Header::kYes : CsvDialect::Header::kNo;
  }
  return dialect;
}

std::optional<RowInput> input_of(const ApiParts& parts, const ApiCall& call) {
  const std::optional<Rows> rows = rows_of(parts, call);
  if (!rows) return std::nullopt;
  return RowInput{rows->bytes, format_of(call.parameters, *rows), dialect_of(call.parameters)};
}

void check_may_import(const ApiParts& parts, const ApiCall& call, const ImportWish& wish) {
  if (may_create_sources(call.token)) return;
  if (wish.mode == ImportMode::kAppend) {
    require_source_right(parts, call, "DATASOURCES:APPEND", wish.name);
    return;
  }
  throw Error(ErrorCode::kForbidden,
              "The token '" + call.token.name +
                  "' has not the right to create or replace data "
                  "sources.",
              "It needs the scope ADMIN or DATASOURCES:CREATE.");
}

/// The pipes by the names of what they read, in lower case.
std::multimap<std::string, Pipe> pipes_by_table(const ApiParts& parts) {
  std::multimap<std::string, Pipe> pipes;
  for (const Pipe& pipe : parts.pipe_store.all()) {
    std::set<std::string> tables;
    for (const Node& node : pipe.nodes) {
      for (const std::string& table : node.dependencies) tables.insert(ascii_lower(table));
    }
    for (const std::string& table : tables) pipes.emplace(table, pipe);
  }
  return pipes;
}

json view_of(const ApiParts& parts, const SourceStatus& status) {
  return datasource_view(status, parts.datasources.readers(*status.source));
}

/// The answer of what is done when it is answered, as the public API answers a job.
json done_job(const ApiParts& parts, const char* kind) {
  const std::string id = parts.random.uuid();
  const std::string now = format_timestamp(parts.clock.now());
  return {{"id", id},          {"job_id", id},      {"kind", kind},      {"status", "done"},
          {"created_at", now}, {"updated_at", now}, {"job_url", nullptr}};
}

}  // namespace

DoorResponse list_datasources(const ApiParts& parts, const ApiCall& call) {
  const std::multimap<std::string, Pipe> pipes = pipes_by_table(parts);
  json list = json::array();
  for (const SourceStatus& status : parts.datasources.all()) {
    if (!may_see_source(call.token, *status.source)) continue;
    std::vector<Pipe> readers;
    const auto [from, to] = pipes.equal_range(ascii_lower(status.source->name));
    for (auto at = from; at != to; ++at) readers.push_back(at->second);
    list.push_back(datasource_view(status, readers));
  }
  return reply({{"datasources", std::move(list)}});
}

DoorResponse import_data(const ApiParts& parts, const ApiCall& call) {
  const Parameters& parameters = call.parameters;
  ImportWish wish;
  wish.name = parameters.required("name", "Name the data source.");
  wish.mode = parse_import_mode(parameters.text("mode").value_or("create"));
  check_may_import(parts, call, wish);
  if (!parameters.text("replace_condition").value_or("").empty()) {
    throw Error(ErrorCode::kInvalid, "Rows can't be replaced by a condition here.",
                "Delete those rows first (POST .../delete) and append the new ones.");
  }
  wish.schema = parameters.text("schema");
  wish.description = parameters.text("description").value_or("");
  wish.input = input_of(parts, call);
  const ImportOutcome outcome = parts.datasources.import(wish, call.request.stop);
  return reply(import_view(outcome, parts.datasources.readers(*outcome.status.source)));
}

DoorResponse get_datasource(const ApiParts& parts, const ApiCall& call) {
  return reply(view_of(parts, parts.datasources.get(call.names[0])));
}

DoorResponse get_datasource_text(const ApiParts& parts, const ApiCall& call) {
  return reply_text(datasource_text(*parts.datasources.get(call.names[0]).source));
}

DoorResponse change_datasource(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({"description"});
  if (const auto description = call.parameters.text("description")) {
    parts.datasources.describe(call.names[0], *description);
  }
  return reply(view_of(parts, parts.datasources.get(call.names[0])));
}

DoorResponse alter_datasource(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({"schema", "description", "dry"});
  const bool dry = call.parameters.flag("dry");
  const auto description = call.parameters.text("description");
  if (const auto schema = call.parameters.text("schema")) {
    parts.datasources.change_schema(call.names[0], *schema, dry);
  }
  if (description && !dry) parts.datasources.describe(call.names[0], *description);
  json answer = view_of(parts, parts.datasources.get(call.names[0]));
  answer["operations"] = json::array();
  return reply(answer);
}

DoorResponse delete_datasource(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({"force", "dry_run"});
  parts.datasources.remove(call.names[0], call.parameters.flag("force"),
                           call.parameters.flag("dry_run"));
  return reply_nothing();
}

DoorResponse truncate_datasource(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({});
  parts.datasources.truncate(call.names[0]);
  return reply(view_of(parts, parts.datasources.get(call.names[0])));
}

DoorResponse delete_rows(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({"delete_condition", "dry_run"});
  const std::string condition = call.parameters.required(
      "delete_condition", "Give a condition in SQL, for example: id < 100.");
  const bool dry_run = call.parameters.flag("dry_run");
  const uint64_t rows =
      parts.datasources.delete_rows(call.names[0], condition, dry_run, call.request.stop);
  json answer = done_job(parts, "delete_data");
  answer["datasource"] = view_of(parts, parts.datasources.get(call.names[0]));
  answer["delete_condition"] = condition;
  answer["rows_affected"] = dry_run ? 0 : rows;
  answer["rows_to_be_deleted"] = dry_run ? rows : 0;
  return reply(answer);
}

DoorResponse analyze_data(const ApiParts& parts, const ApiCall& call) {
  const std::optional<RowInput> input = input_of(parts, call);
  if (!input) {
    throw Error(ErrorCode::kInvalid, "The call has no data.",
                "Send a file as the body or as a part of a form, or name one with 'url'.");
  }
  return reply(analysis_view(DatasourceCatalog::analyze(*input)));
}

}  // namespace sluice
