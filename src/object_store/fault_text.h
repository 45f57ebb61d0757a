#pragma once

#include <string>

namespace sluice {

/// Another party's sentence as part of ours: one line, bounded, cut between characters.
std::string one_line(std::string text);

}  // namespace sluice
