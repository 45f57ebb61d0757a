#pragma once

#include <optional>
#include <string>

#include "domain/file_template.h"
#include "domain/job.h"
#include "domain/pipe.h"
#include "state/pipe_store.h"

namespace sluice {

/// The node's SQL with all the views it needs: the nodes before it by their names, other pipes by
/// theirs (a pipe's result is its last node; its other nodes can't be seen from outside), and what
/// those read in turn. A pipe that would read itself through others is left out. SQL that is a
/// template is filled in with `parameters`. Throws kInvalid when a template can't be, when pipes
/// read each other too deeply, and when another pipe's SQL has a word that is the name of a node it
/// would be mixed up with; kForbidden where SQL asks for a secret other than by a template's mark;
/// kTooLarge. `node` belongs to `pipe`, which need not be stored yet.
Query resolve_query(const Pipe& pipe, const Node& node, PipeStore& pipes,
                    const RunVariables& parameters);

/// The same to be checked, not run: samples stand for the parameters of templates. Nothing where a
/// template refuses to be run without parameters.
std::optional<Query> resolve_sample(const Pipe& pipe, const Node& node, PipeStore& pipes);

/// A statement of no pipe (a template where it begins with `%`), with the pipes that it reads.
Query resolve_statement(const std::string& sql, PipeStore& pipes, const RunVariables& parameters);

/// The same over `_`, which stands for the pipe's result: that of its endpoint or, without one, its
/// last node. Throws kInvalid for a pipe without nodes.
Query resolve_over(const Pipe& pipe, const std::string& sql, PipeStore& pipes,
                   const RunVariables& parameters);
/// The name of that view.
inline constexpr const char* kResultView = "_";

/// The node that is the pipe's result; null for a pipe without nodes.
const Node* result_node(const Pipe& pipe);

}  // namespace sluice
