#pragma once

#include <string>
#include <vector>

#include "api/api.h"
#include "catalog/pipe_catalog.h"

namespace sluice {

/// Whose call it is. Throws kForbidden, with the scope that the route needs, when the call has no
/// token, an unknown one or one that has expired.
Token who_calls(const ApiParts& parts, const Route& route, const ApiCall& call);

/// Throws kForbidden unless `call.token` has what the route's line in the table asks for.
void check_access(const ApiParts& parts, const Route& route, const ApiCall& call);

/// For what only some calls of a route need: throws kForbidden that says `what` needs ADMIN.
void require_admin(const ApiCall& call, const std::string& what);

/// Whether the token may make data sources, and so fill them all.
bool may_create_sources(const Token& token);
/// Whether the token may know of the data source.
bool may_see_source(const Token& token, const DataSource& source);
/// Throws kForbidden unless the token has `right` (DATASOURCES:APPEND) for the data source of that
/// id or name, which need not exist.
void require_source_right(const ApiParts& parts, const ApiCall& call, std::string_view right,
                          const std::string& id_or_name);

/// SQL that names secrets shows who runs it what comes of them, and SQL on a cluster reads with the
/// rights of the cluster's user. So such a node is made, and the pipe that has it is changed, by
/// ADMIN alone. Both throw kForbidden that says so.
void check_node_rights(const ApiCall& call, const NodeSpec& node);
void check_sql_rights(const ApiCall& call, const Pipe& pipe);

/// The scopes that the route asks for, as a sentence names them; `names` stand for the `{...}` of
/// its pattern.
std::string needed_scopes(const Route& route, const std::vector<std::string>& names);

}  // namespace sluice
