#pragma once

#include <string_view>

namespace sluice {

/// Names of pipes, nodes and connections: a letter or `_`, then letters, digits and `_`, at most
/// limits::kNameBytes. Connections may also hold `-`, `.` and spaces inside. Throws kInvalid that
/// quotes the name; `kind` ("pipe", "node") is used in the sentence.
void check_name(std::string_view kind, std::string_view name);
void check_connection_name(std::string_view name);

}  // namespace sluice
