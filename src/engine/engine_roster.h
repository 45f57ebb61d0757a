#pragma once

#include <map>
#include <memory>
#include <string>

#include "engine/engine.h"

namespace sluice {

/// All engines of the house as one: each query goes to the one that it names (Query::engine), by
/// its exact name; that without a name is the embedded one. Throws kInvalid for a name that is not
/// there.
std::unique_ptr<Engine> make_engine_roster(std::map<std::string, std::unique_ptr<Engine>> engines);

}  // namespace sluice
