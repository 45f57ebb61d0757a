#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace sluice {

/// The API as an OpenAPI 3.1 document, made of the route table, `doc_of` and `openapi_schemas`.
nlohmann::json openapi(const std::string& base_url, const std::string& version);

/// `components.schemas`: every answer by the name that `RouteDoc::answer` has, `Error` among them.
const nlohmann::json& openapi_schemas();

/// The document as a page of its own, without scripts or anything from outside.
std::string docs_page(const nlohmann::json& document);

}  // namespace sluice
