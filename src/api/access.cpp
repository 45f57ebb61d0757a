#include "api/access.h"

#include "base/encoding.h"
#include "base/error.h"
#include "domain/sql_template.h"

namespace sluice {
namespace {

constexpr std::string_view kBearer = "bearer ";

std::string token_value(const ApiCall& call) {
  const std::string header = call.request.header("Authorization");
  if (ascii_lower(header.substr(0, kBearer.size())) == kBearer) {
    return std::string(trim(std::string_view(header).substr(kBearer.size())));
  }
  return call.parameters.text("token").value_or("");
}

/// By the pipe's id or name, whichever of them the path and the scope have.
bool has_for_pipe(const ApiParts& parts, const Token& token, std::string_view right,
                  const std::string& id_or_name) {
  if (!token.has_any(right)) return false;
  const std::optional<Pipe> pipe = parts.pipe_store.find(id_or_name);
  return pipe ? token.has_for(right, pipe->id, pipe->name)
              : token.has_for(right, id_or_name, id_or_name);
}

bool has_for_job(const ApiParts& parts, const Token& token, const std::string& id) {
  if (!token.has_any("PIPES:READ")) return false;
  const std::optional<Job> job = parts.jobs.find(id);
  return job && token.has_for("PIPES:READ", job->pipe_id, job->pipe_name);
}

/// The same for a data source.
bool has_for_source(const ApiParts& parts, const Token& token, std::string_view right,
                    const std::string& id_or_name) {
  if (!token.has_any(right)) return false;
  const DataSourcePtr source = parts.datasources.find(id_or_name);
  return source ? token.has_for(right, source->id, source->name)
                : token.has_for(right, id_or_name, id_or_name);
}

bool is_allowed(const ApiParts& parts, const Route& route, const ApiCall& call) {
  const Token& token = call.token;
  if (token.is_admin()) return true;
  switch (route.scope) {
    case Scope::kOpen:
    case Scope::kAnyToken:
      return true;
    case Scope::kAdmin:
      return false;
    case Scope::kTokens:
      return token.has("TOKENS");
    case Scope::kAnyPipe:
      return token.has("PIPES:CREATE") || token.has_any("PIPES:READ");
    case Scope::kCreatePipes:
      return token.has("PIPES:CREATE");
    case Scope::kReadPipe:
      return token.has("PIPES:CREATE") ||
             has_for_pipe(parts, token, "PIPES:READ", call.names.front());
    case Scope::kRunPipe:
      return has_for_pipe(parts, token, "PIPES:READ", call.names.front());
    case Scope::kDropPipe:
      return has_for_pipe(parts, token, "PIPES:DROP", call.names.front());
    case Scope::kReadJob:
      return has_for_job(parts, token, call.names.front());
    case Scope::kReadSource:
      return may_create_sources(token) ||
             has_for_source(parts, token, "DATASOURCES:READ", call.names.front()) ||
             has_for_source(parts, token, "DATASOURCES:APPEND", call.names.front());
    case Scope::kFillSource:
      return may_create_sources(token) || token.has_any("DATASOURCES:APPEND");
    case Scope::kCreateSources:
      return may_create_sources(token);
    case Scope::kDropSource:
      return has_for_source(parts, token, "DATASOURCES:DROP", call.names.front());
  }
  return false;
}

}  // namespace

std::string needed_scopes(const Route& route, const std::vector<std::string>& names) {
  switch (route.scope) {
    case Scope::kOpen:
      return "none";
    case Scope::kAnyToken:
      return "of any kind";
    case Scope::kAdmin:
      return "ADMIN";
    case Scope::kTokens:
      return "ADMIN or TOKENS";
    case Scope::kAnyPipe:
      return "ADMIN, PIPES:CREATE or PIPES:READ of a pipe";
    case Scope::kCreatePipes:
      return "ADMIN or PIPES:CREATE";
    case Scope::kReadPipe:
      return "ADMIN, PIPES:CREATE or PIPES:READ:" + names.front().substr(0, 200);
    case Scope::kRunPipe:
      return "ADMIN or PIPES:READ:" + names.front().substr(0, 200);
    case Scope::kDropPipe:
      return "ADMIN or PIPES:DROP:" + names.front().substr(0, 200);
    case Scope::kReadJob:
      return "ADMIN or PIPES:READ of the job's pipe";
    case Scope::kReadSource:
      return "ADMIN, DATASOURCES:CREATE or DATASOURCES:READ:" + names.front().substr(0, 200);
    case Scope::kFillSource:
      return "ADMIN, DATASOURCES:CREATE or DATASOURCES:APPEND of the data source";
    case Scope::kCreateSources:
      return "ADMIN or DATASOURCES:CREATE";
    case Scope::kDropSource:
      return "ADMIN or DATASOURCES:DROP:" + names.front().substr(0, 200);
  }
  return "ADMIN";
}

Token who_calls(const ApiParts& parts, const Route& route, const ApiCall& call) {
  const std::string needs = needed_scopes(route, call.names);
  const std::string value = token_value(call);
  if (value.empty()) {
    throw Error(
        ErrorCode::kForbidden, "The call has no token.",
        "It needs one with the scope " + needs + ": send it as 'Authorization: Bearer <token>'.");
  }
  std::optional<Token> token = parts.tokens.find(Secret(value));
  if (!token) {
    throw Error(ErrorCode::kForbidden, "The token is not known.",
                "Use one with the scope " + needs +
                    "; the admin token stands in the data folder's admin.token.");
  }
  return std::move(*token);
}

void check_access(const ApiParts& parts, const Route& route, const ApiCall& call) {
  if (is_allowed(parts, route, call)) return;
  throw Error(ErrorCode::kForbidden,
              "The token '" + call.token.name + "' has not the right to do this.",
              "It needs the scope " + needed_scopes(route, call.names) + ".");
}

bool may_create_sources(const Token& token) {
  return token.is_admin() || token.has("DATASOURCES:CREATE");
}

bool may_see_source(const Token& token, const DataSource& source) {
  return may_create_sources(token) || token.has_for("DATASOURCES:READ", source.id, source.name) ||
         token.has_for("DATASOURCES:APPEND", source.id, source.name);
}

void require_source_right(const ApiParts& parts, const ApiCall& call, std::string_view right,
                          const std::string& id_or_name) {
  if (call.token.is_admin() || has_for_source(parts, call.token, right, id_or_name)) return;
  throw Error(ErrorCode::kForbidden,
              "The token '" + call.token.name + "' has not the right to do this.",
              "It needs the scope ADMIN, DATASOURCES:CREATE or " + std::string(right) + ":" +
                  id_or_name.substr(0, 200) + ".");
}

void require_admin(const ApiCall& call, const std::string& what) {
  if (call.token.is_admin()) return;
  throw Error(ErrorCode::kForbidden,
              "The token '" + call.token.name + "' has not the right to " + what + ".",
              "It needs the scope ADMIN.");
}

void check_node_rights(const ApiCall& call, const NodeSpec& node) {
  if (SqlTemplate::uses_secrets(node.sql)) require_admin(call, "use a secret (tb_secret) in SQL");
  if (node.engine && ascii_lower(*node.engine) != kEmbedded) {
    require_admin(call, "run SQL on a cluster, as the user that Sluice is there");
  }
}

void check_sql_rights(const ApiCall& call, const Pipe& pipe) {
  for (const Node& node : pipe.nodes) {
    if (SqlTemplate::uses_secrets(node.sql)) {
      require_admin(call, "change the pipe '" + pipe.name + "', whose SQL uses secrets");
    }
    if (!node.engine.empty()) {
      require_admin(call, "change the pipe '" + pipe.name + "', which runs on a cluster");
    }
  }
}

}  // namespace sluice
