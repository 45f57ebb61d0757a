#include "api/openapi.h"

namespace sluice {
namespace {

using nlohmann::json;

constexpr const char* kHead =
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>Sluice API</title>\n<style>\n"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1b1f24;background:#fff}\n"
    "h2{font:600 1rem ui-monospace,monospace;margin:2.5rem 0 .2rem;padding-top:.6rem;"
    "border-top:1px solid #d0d7de}\n"
    "b{color:#0a5f4d}\ntable{border-collapse:collapse;width:100%}\n"
    "td{padding:.15rem .8rem .15rem 0;vertical-align:top}\n"
    "td:first-child,code,pre{font-family:ui-monospace,monospace;font-size:.9em}\n"
    "pre{background:#f6f8fa;padding:.8rem;overflow:auto}\n"
    "@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}b{color:#4cc2a5}"
    "pre{background:#161b22}h2{border-color:#30363d}}\n"
    "</style></head><body>\n<h1>Sluice API</h1>\n"
    "<p>Every call but those marked open needs <code>Authorization: Bearer TOKEN</code>. "
    "Parameters "
    "travel as query string, form fields or JSON, mixed; the query string wins. The same as a "
    "document for programs: <a href=\"/openapi.json\">/openapi.json</a>.</p>\n";

std::string escaped(const std::string& text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string text_of(const json& object, const char* name) {
  auto found = object.find(name);
  return found == object.end() ? std::string() : escaped(found->get<std::string>());
}

std::string answers(const json& operation) {
  std::string out;
  for (const auto& [status, answer] : operation.at("responses").items()) {
    out += "<tr><td>" + escaped(status) + "</td><td>" + text_of(answer, "description");
    const json contents = answer.value("content", json::object());
    for (const auto& [type, content] : contents.items()) {
      const std::string name = content.at("schema").value("$ref", "");
      if (name.empty()) continue;
      const std::string schema = escaped(name.substr(name.rfind('/') + 1));
      out += " <a href=\"#" + schema + "\">" + schema + "</a>";
    }
    out += "</td></tr>\n";
  }
  return "<table>\n" + out + "</table>\n";
}

std::string operation_text(const std::string& method, const std::string& path,
                           const json& operation) {
  std::string out = "<h2 id=\"" + text_of(operation, "operationId") + "\"><b>" + escaped(method) +
                    "</b> " + escaped(path) + "</h2>\n<p>" + text_of(operation, "summary") + ". ";
  out += operation.contains("security") ? "Open." : text_of(operation, "description");
  out += "</p>\n";
  std::string rows;
  for (const json& parameter : operation.at("parameters")) {
    rows += "<tr><td>" + text_of(parameter, "name") + "</td><td>" +
            text_of(parameter, "description") + "</td></tr>\n";
  }
  if (!rows.empty()) out += "<table>\n" + rows + "</table>\n";
  return out + answers(operation);
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return text;
}

}  // namespace

std::string docs_page(const json& document) {
  std::string page = kHead;
  for (const auto& [path, methods] : document.at("paths").items()) {
    for (const auto& [method, operation] : methods.items()) {
      page += operation_text(upper(method), path, operation);
    }
  }
  page += "<h1>Answers</h1>\n";
  for (const auto& [name, schema] : document.at("components").at("schemas").items()) {
    page += "<h2 id=\"" + escaped(name) + "\">" + escaped(name) + "</h2>\n<pre>" +
            escaped(schema.dump(1)) + "</pre>\n";
  }
  return page + "</body></html>\n";
}

}  // namespace sluice
