#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.h"

namespace sluice {

/// A parameter of a route, wherever it travels.
struct ParameterDoc {
  std::string_view name;
  /// Its kind: text, flag, number, time, texts (a list, or given several times), nodes.
  std::string_view kind;
  std::string_view about;
  bool required = false;
};

/// What can't be read off a route's line in the table.
struct RouteDoc {
  std::vector<ParameterDoc> parameters;
  /// Name of the answer's schema (openapi_schemas.cpp); empty: 204 without a body.
  std::string_view answer;
  /// Whether other parameters are taken, too.
  bool takes_more = false;
};

/// Fields by which a form is told from rows in the calls that take rows. The command line client
/// begins with others than ours.
const std::set<std::string>& import_fields();

/// Throws kInternal for a route without one; a test sees to it that there is none.
const RouteDoc& doc_of(const Route& route);

/// `post-v0-pipes-pipe-sink`: names the route in /openapi.json and is its place in /docs.
std::string operation_id(const Route& route);

}  // namespace sluice
