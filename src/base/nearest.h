#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// The word that was probably meant: the one that the fewest changes (insert, delete, replace a
/// byte) turn `word` into, without regard to ASCII case; nothing where a third of it would have to
/// change. For the hints of errors.
std::optional<std::string> nearest_of(std::string_view word, const std::vector<std::string>& words);

}  // namespace sluice
