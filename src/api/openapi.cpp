#include "api/openapi.h"

#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/route_docs.h"

namespace sluice {
namespace {

using nlohmann::json;

json ref(std::string_view schema) {
  return {{"$ref", "#/components/schemas/" + std::string(schema)}};
}

/// What a value of that kind is as text.
json text_schema_of(std::string_view kind) {
  if (kind == "texts") return {{"type", "array"}, {"items", {{"type", "string"}}}};
  if (kind == "flag") {
    return {{"enum", {true, false, "true", "false", "yes", "no", "1", "0", ""}}};
  }
  if (kind == "number") return {{"type", "integer"}, {"minimum", 0}};
  return {{"type", "string"}};
}

/// The same in JSON, where it may also be absent as null, and be written as text or without quotes.
json json_schema_of(std::string_view kind) {
  if (kind == "nodes") return {{"type", "array"}, {"items", ref("NewNode")}};
  if (kind == "texts") return ref("Scopes");
  if (kind == "flag") {
    return {{"enum", {true, false, nullptr, "true", "false", "yes", "no", "1", "0", "", 1, 0}}};
  }
  if (kind == "number") {
    return {{"type", {"integer", "string", "null"}}, {"minimum", 0}, {"pattern", "^[0-9]*$"}};
  }
  return {{"type", {"string", "number", "boolean", "null"}}};
}

std::string place_of(std::string_view pattern, size_t open) {
  return std::string(pattern.substr(open + 1, pattern.find('}', open) - open - 1));
}

json parameters_of(const Route& route, const RouteDoc& doc) {
  json list = json::array();
  for (size_t at = route.pattern.find('{'); at != std::string_view::npos;
       at = route.pattern.find('{', at + 1)) {
    const bool is_format = place_of(route.pattern, at) == "format";
    list.push_back({{"name", place_of(route.pattern, at)},
                    {"in", "path"},
                    {"required", true},
                    {"description", is_format ? "of the answer" : "name or id"},
                    {"schema", is_format ? json{{"enum", {"json", "csv", "ndjson", "parquet"}}}
                                         : json{{"type", "string"}, {"minLength", 1}}}});
  }
  for (const ParameterDoc& parameter : doc.parameters) {
    if (parameter.kind == "nodes") continue;  // In JSON alone.
    // Where there is a body, it may come in that instead.
    list.push_back({{"name", parameter.name},
                    {"in", "query"},
                    {"required", parameter.required && route.body_limit.most == 0},
                    {"description", parameter.about},
                    {"schema", text_schema_of(parameter.kind)}});
  }
  return list;
}

json body_schema(const RouteDoc& doc, bool in_json) {
  json properties = json::object();
  for (const ParameterDoc& parameter : doc.parameters) {
    if (parameter.kind == "nodes" && !in_json) continue;
    json schema = in_json ? json_schema_of(parameter.kind) : text_schema_of(parameter.kind);
    schema["description"] = parameter.about;
    properties[std::string(parameter.name)] = std::move(schema);
  }
  json others = doc.takes_more;
  if (doc.takes_more && !in_json) others = {{"type", "string"}};
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"additionalProperties", std::move(others)}};
}

/// Rows as they are or, where the call takes one, as the file of a form.
json data_body_of(const Route& route, const RouteDoc& doc) {
  json content = {{"application/octet-stream", {{"schema", {{"type", "string"}}}}}};
  if (!route.raw_fields.empty()) {
    json form = body_schema(doc, false);
    content["application/x-www-form-urlencoded"] = {{"schema", form}};
    form["properties"]["file"] = {{"type", "string"},
                                  {"contentMediaType", "application/octet-stream"}};
    content["multipart/form-data"] = {{"schema", form}};
  }
  return {{"required", false}, {"content", std::move(content)}};
}

/// Every parameter may travel as a form or JSON as well; the query string wins.
json body_of(const Route& route, const RouteDoc& doc) {
  if (route.body_limit.as_it_came) return data_body_of(route, doc);
  json content = {{"application/json", {{"schema", body_schema(doc, true)}}},
                  {"application/x-www-form-urlencoded", {{"schema", body_schema(doc, false)}}},
                  {"multipart/form-data", {{"schema", body_schema(doc, false)}}}};
  if (!route.raw_fields.empty()) content["text/plain"] = {{"schema", {{"type", "string"}}}};
  return {{"required", false}, {"content", std::move(content)}};
}

json answer_of(std::string_view description, std::string_view type, const json& schema) {
  return {{"description", description},
          {"headers", {{"X-Request-Id", {{"schema", {{"type", "string"}}}}}}},
          {"content", {{std::string(type), {{"schema", schema}}}}}};
}

/// Media type of an answer that is text; empty where it is JSON.
std::string_view text_type_of(std::string_view answer) {
  if (answer == "Html") return "text/html";
  if (answer == "Text") return "text/plain";
  return answer == "Events" ? "text/event-stream" : "";
}

/// Rows in other forms than JSON, and why there may be none.
void add_row_answers(json& answers) {
  for (const char* type : {"text/csv", "text/tab-separated-values", "application/x-ndjson",
                           "application/vnd.apache.parquet"}) {
    answers["200"]["content"][type] = {{"schema", {{"type", "string"}}}};
  }
  answers["408"] =
      answer_of("The query took longer than --query-timeout.", "application/json", ref("Error"));
  answers["413"] =
      answer_of("The statement or the answer is too large.", "application/json", ref("Error"));
}

json answers_of(const Route& route, const RouteDoc& doc) {
  const json error = answer_of("The sentence says what to do.", "application/json", ref("Error"));
  json answers = {{"default", error}};
  if (doc.answer.empty()) {
    answers["204"] = {{"description", "Done; there is nothing to show."}};
  } else if (const std::string_view type = text_type_of(doc.answer); !type.empty()) {
    // A stream is described by what each of its events is.
    const bool events = doc.answer == "Events";
    answers["200"] =
        answer_of(route.summary, type, events ? ref("Events") : json{{"type", "string"}});
    if (events) {
      answers["204"] = {{"description", "The client has seen the end (Last-Event-ID)."}};
    }
  } else {
    answers["200"] = answer_of(route.summary, "application/json", ref(doc.answer));
    if (doc.answer == "EventsTaken") {
      answers["202"] = answer_of("committed, and not synced to the disk yet", "application/json",
                                 ref(doc.answer));
    }
    if (doc.answer == "Rows") add_row_answers(answers);
  }
  if (route.scope == Scope::kOpen) return answers;
  answers["400"] = answer_of("A parameter is wrong or missing.", "application/json", ref("Error"));
  answers["403"] =
      answer_of("The scope, a limit or a restriction.", "application/json", ref("Error"));
  answers["404"] = answer_of("Something named does not exist.", "application/json", ref("Error"));
  answers["429"] =
      answer_of("Too many requests or jobs; see Retry-After.", "application/json", ref("Error"));
  return answers;
}

json operation_of(const Route& route) {
  const RouteDoc& doc = doc_of(route);
  json operation = {{"operationId", operation_id(route)},
                    {"summary", route.summary},
                    {"parameters", parameters_of(route, doc)},
                    {"responses", answers_of(route, doc)}};
  const bool takes_body = route.body_limit.most > 0 && (doc.takes_more || !doc.parameters.empty());
  if (takes_body) operation["requestBody"] = body_of(route, doc);
  if (route.scope == Scope::kOpen) {
    operation["security"] = json::array();
  } else {
    std::vector<std::string> names;
    for (size_t at = 0; (at = route.pattern.find('{', at)) != std::string_view::npos; ++at) {
      names.push_back("{" + place_of(route.pattern, at) + "}");
    }
    operation["description"] = "Needs the scope " + needed_scopes(route, names) + ".";
  }
  return operation;
}

}  // namespace

json openapi(const std::string& base_url, const std::string& version) {
  json paths = json::object();
  for (const Route& route : route_table()) {
    std::string method(route.method);
    for (char& c : method) c = static_cast<char>(c - 'A' + 'a');
    paths[std::string(route.pattern)][method] = operation_of(route);
  }
  return {{"openapi", "3.1.0"},
          {"info", {{"title", "Sluice"}, {"version", version}}},
          {"servers", json::array({{{"url", base_url}}})},
          {"security", json::array({{{"token", json::array()}}})},
          {"paths", std::move(paths)},
          {"components",
           {{"schemas", openapi_schemas()},
            {"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}}}}};
}

DoorResponse get_openapi(const ApiParts& parts, const ApiCall& call) {
  return reply(openapi(call.base_url, parts.version));
}

DoorResponse get_docs(const ApiParts& parts, const ApiCall& call) {
  DoorResponse response;
  response.content_type = "text/html; charset=utf-8";
  response.headers.push_back(
      {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"});
  response.body = docs_page(openapi(call.base_url, parts.version));
  return response;
}

}  // namespace sluice
