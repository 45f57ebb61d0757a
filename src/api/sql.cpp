#include <algorithm>
#include <utility>

#include "api/access.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "base/encoding.h"
#include "base/error.h"
#include "catalog/query_resolver.h"
#include "domain/sql_text.h"

namespace sluice {
namespace {

/// What a call says about its answer; everything else is a parameter of templates.
const std::set<std::string> kOwnParameters = {"q", "pipeline", "release_replacements"};
/// Settings of formats, of which clients send more than there are here.
constexpr std::string_view kSettings = "output_format_";
constexpr std::string_view kQuarantine = "_quarantine";

RunVariables variables_of(const ApiCall& call) {
  RunVariables variables;
  for (const std::string& name : call.parameters.names()) {
    if (kOwnParameters.contains(name) || name.starts_with(kSettings)) continue;
    if (std::optional<std::string> value = call.parameters.text(name)) variables[name] = *value;
  }
  return variables;
}

/// Whether the client takes gzip (RFC 9110, section 12.5.3; `gzip;q=0` says that it does not).
bool takes_gzip(const DoorRequest& request) {
  const std::string accepted = ascii_lower(request.header("Accept-Encoding"));
  for (size_t at = 0; at < accepted.size();) {
    const size_t end = std::min(accepted.find(',', at), accepted.size());
    const std::string_view item = trim(std::string_view(accepted).substr(at, end - at));
    at = end + 1;
    const size_t parameters = item.find(';');
    if (trim(item.substr(0, parameters)) != "gzip") continue;
    const size_t weight = item.find("q=");
    return weight == std::string_view::npos ||
           item.substr(weight + 2).find_first_of("123456789") != std::string_view::npos;
  }
  return false;
}

DoorResponse answer(const ApiParts& parts, const ApiCall& call, QueryCall query) {
  query.integers_as_text = call.parameters.flag("output_format_json_quote_64bit_integers");
  query.gzip = takes_gzip(call.request);
  try {
    QueryAnswer answered = parts.queries.answer(query, call.request.stop);
    DoorResponse response;
    response.content_type = answer_content_type(answered.format);
    response.headers.push_back({"Vary", "Accept-Encoding"});
    if (answered.gzipped) response.headers.push_back({"Content-Encoding", "gzip"});
    response.body = std::move(answered.body);
    return response;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kTimeout) throw;
    // The public API's status for a query that takes too long.
    DoorResponse response = error_response(error, call.base_url + "/docs");
    response.status = 408;
    return response;
  }
}

bool may_read_pipe(const ApiParts& parts, const Token& token, const std::string& name) {
  if (!token.has_any("PIPES:READ")) return false;
  const std::optional<Pipe> pipe = parts.pipe_store.find(name);
  return pipe && token.has_for("PIPES:READ", pipe->id, pipe->name);
}

/// A data source, or the rows that did not fit it.
bool may_read_table(const ApiParts& parts, const Token& token, std::string name) {
  if (!token.has_any("DATASOURCES:READ")) return false;
  DataSourcePtr source = parts.datasources.find(name);
  if (!source && name.ends_with(kQuarantine)) {
    name.resize(name.size() - kQuarantine.size());
    source = parts.datasources.find(name);
  }
  return source && token.has_for("DATASOURCES:READ", source->id, source->name);
}

/// What the caller may read of what the statement could mean.
Reach reach_of(const ApiParts& parts, const ApiCall& call, const Query& query, bool over_pipe) {
  Reach reach;
  for (const NamedQuery& view : query.views) {
    if (may_read_pipe(parts, call.token, view.name)) reach.views.insert(view.name);
  }
  if (over_pipe) reach.views.insert(kResultView);
  for (const std::string& word : words_in(query.sql)) {
    if (may_read_table(parts, call.token, word)) reach.tables.insert(word);
  }
  return reach;
}

Pipe pipe_of(const ApiParts& parts, const ApiCall& call, const std::string& name) {
  if (!call.token.is_admin() && !may_read_pipe(parts, call.token, name)) {
    throw Error(ErrorCode::kForbidden,
                "The token '" + call.token.name + "' has not the right to read this pipe.",
                "It needs the scope PIPES:READ:" + name.substr(0, 200) + ".");
  }
  return parts.pipes.get(name);
}

const Node& endpoint_of(const Pipe& pipe) {
  for (const Node& node : pipe.nodes) {
    if (node.type == NodeType::kEndpoint) return node;
  }
  throw Error(ErrorCode::kNotFound, "The pipe '" + pipe.name + "' is no endpoint.",
              "Make one of its nodes its endpoint first: POST /v0/pipes/" + pipe.name +
                  "/nodes/{node}/endpoint.");
}

AnswerFormat endpoint_format(const ApiCall& call) {
  const std::optional<AnswerFormat> format = answer_format_of(call.names[1]);
  if (format) return *format;
  throw Error(ErrorCode::kNotFound,
              "Endpoints have no format '" + call.names[1].substr(0, 100) + "'.",
              "Use .json, .csv, .ndjson or .parquet.");
}

}  // namespace

DoorResponse run_sql(const ApiParts& parts, const ApiCall& call) {
  const std::string sql = call.parameters.text("q").value_or(call.parameters.body());
  if (trim(sql).empty()) {
    throw Error(ErrorCode::kInvalid, "The call has no SQL.",
                "Give one SELECT as q=..., or as the body of a POST.");
  }
  const std::string pipeline = call.parameters.text("pipeline").value_or("");
  const RunVariables variables = variables_of(call);
  QueryCall query;
  query.query = pipeline.empty() ? resolve_statement(sql, parts.pipe_store, variables)
                                 : resolve_over(pipe_of(parts, call, pipeline), sql,
                                                parts.pipe_store, variables);
  FormattedStatement statement = split_format(query.query.sql);
  query.query.sql = std::move(statement.sql);
  query.format = statement.format.value_or(AnswerFormat::kJson);
  if (!call.token.is_admin()) {
    parts.queries.check_reach(query.query, reach_of(parts, call, query.query, !pipeline.empty()));
  }
  return answer(parts, call, std::move(query));
}

DoorResponse call_endpoint(const ApiParts& parts, const ApiCall& call) {
  QueryCall query;
  query.format = endpoint_format(call);
  const Pipe pipe = parts.pipes.get(call.names[0]);
  const Node& endpoint = endpoint_of(pipe);
  const RunVariables variables = variables_of(call);
  const std::string sql = call.parameters.text("q").value_or("");
  if (sql.empty()) {
    query.query = resolve_query(pipe, endpoint, parts.pipe_store, variables);
  } else {
    query.query = resolve_over(pipe, sql, parts.pipe_store, variables);
    FormattedStatement statement = split_format(query.query.sql);
    if (statement.format) {
      throw Error(ErrorCode::kInvalid, "The statement in q asks for a format at its end.",
                  "Leave it out: the format of an endpoint stands behind its name.");
    }
    // Whoever calls an endpoint may read its result, and nothing beside it.
    parts.queries.check_reach(query.query, {{kResultView}, {}});
  }
  return answer(parts, call, std::move(query));
}

}  // namespace sluice
