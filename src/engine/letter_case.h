#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

/// Where the UTF-8 character at the beginning of a text ends; 1 where the bytes are none.
size_t character_end(std::string_view text);
/// How many characters the text has; bytes that are of none count as one each.
size_t count_characters(std::string_view text);
/// The byte at which character `index` (from 0) begins; the size where there are fewer.
size_t byte_of_character(std::string_view text, size_t index);

/// Letters of Latin (up to Latin Extended-A), Greek and Cyrillic in lower or upper case; what else
/// there is stays. One character becomes one character.
std::string lower_letters(std::string_view text);
std::string upper_letters(std::string_view text);

}  // namespace sluice
