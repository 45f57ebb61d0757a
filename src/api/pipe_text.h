#pragma once

#include <optional>
#include <string>

#include "domain/connection.h"
#include "domain/pipe.h"

namespace sluice {

/// The pipe as the text of a `.pipe` file, which the command line client can push again.
/// `connection` is the sink's, where there is a sink. Options of a sink that such files do not know
/// are written as comments.
std::string pipe_text(const Pipe& pipe, const std::optional<Connection>& connection);

/// The connection as the text of a `.connection` file: its kind and what may be shown of it.
/// Secrets are not among that.
std::string connection_text(const Connection& connection);

}  // namespace sluice
