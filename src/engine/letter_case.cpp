#include "engine/letter_case.h"

#include "base/encoding.h"

namespace sluice {
namespace {

/// Pairs of letters that follow each other, the upper-case one first and even (or odd).
bool is_pair_block(uint32_t code, bool& upper_is_odd) {
  upper_is_odd = (code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17E);
  const bool is_latin = code >= 0x100 && code <= 0x17E && code != 0x130 && code != 0x131 &&
                        code != 0x138 && code != 0x149 && code != 0x178;
  const bool is_cyrillic = code >= 0x460 && code <= 0x481;
  return is_latin || is_cyrillic;
}

uint32_t lower_of(uint32_t code) {
  if (code < 0x80) return code >= 'A' && code <= 'Z' ? code + 32 : code;
  if (code >= 0xC0 && code <= 0xDE && code != 0xD7) return code + 32;
  if (code == 0x178) return 0xFF;
  bool upper_is_odd = false;
  if (is_pair_block(code, upper_is_odd)) return (code % 2 == 1) == upper_is_odd ? code + 1 : code;
  if (code >= 0x391 && code <= 0x3AB && code != 0x3A2) return code + 32;
  if (code >= 0x388 && code <= 0x38A) return code + 37;
  if (code == 0x386) return 0x3AC;
  if (code == 0x38C) return 0x3CC;
  if (code == 0x38E || code == 0x38F) return code + 63;
  if (code >= 0x400 && code <= 0x40F) return code + 80;
  if (code >= 0x410 && code <= 0x42F) return code + 32;
  return code;
}

uint32_t upper_of(uint32_t code) {
  if (code < 0x80) return code >= 'a' && code <= 'z' ? code - 32 : code;
  if (code == 0xFF) return 0x178;
  if (code >= 0xE0 && code <= 0xFE && code != 0xF7) return code - 32;
  bool upper_is_odd = false;
  if (is_pair_block(code, upper_is_odd)) return (code % 2 == 1) == upper_is_odd ? code : code - 1;
  if (code == 0x3C2) return 0x3A3;
  if (code >= 0x3B1 && code <= 0x3CB) return code - 32;
  if (code >= 0x3AD && code <= 0x3AF) return code - 37;
  if (code == 0x3AC) return 0x386;
  if (code == 0x3CC) return 0x38C;
  if (code == 0x3CD || code == 0x3CE) return code - 63;
  if (code >= 0x450 && code <= 0x45F) return code - 80;
  if (code >= 0x430 && code <= 0x44F) return code - 32;
  return code;
}

/// Of a character of one or two bytes: no letter above has more.
uint32_t code_of(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 1) return first;
  return (first & 0x1FU) << 6U | (static_cast<unsigned char>(character[1]) & 0x3FU);
}

void append(std::string& out, uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  out += static_cast<char>(0xC0U | code >> 6U);
  out += static_cast<char>(0x80U | (code & 0x3FU));
}

std::string changed(std::string_view text, uint32_t (*change)(uint32_t)) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const size_t size = character_end(text);
    const bool is_letter =
        size == 2 || (size == 1 && static_cast<unsigned char>(text.front()) < 0x80);
    is_letter ? append(out, change(code_of(text.substr(0, size))))
              : void(out += text.substr(0, size));
    text.remove_prefix(size);
  }
  return out;
}

}  // namespace

size_t character_end(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const size_t size = first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (size == 1) return 1;
  return size <= text.size() && is_utf8(text.substr(0, size)) ? size : 1;
}

size_t count_characters(std::string_view text) {
  size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(character_end(text));
  return count;
}

size_t byte_of_character(std::string_view text, size_t index) {
  size_t at = 0;
  for (; index > 0 && at < text.size(); --index) at += character_end(text.substr(at));
  return at;
}

std::string lower_letters(std::string_view text) { return changed(text, lower_of); }
std::string upper_letters(std::string_view text) { return changed(text, upper_of); }

}  // namespace sluice
