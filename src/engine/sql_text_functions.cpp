#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "base/encoding.h"
#include "base/limits.h"
#include "engine/letter_case.h"
#include "engine/sql_functions.h"
#include "engine/sql_values.h"

namespace sluice {
namespace {

constexpr size_t kNone = std::string_view::npos;

/// memmem takes time for the sum of both sizes, and string_view::find for their product.
size_t find(std::string_view text, std::string_view part, size_t from = 0) {
  if (from > text.size()) return kNone;
  if (part.empty()) return from;
  const void* const found =
      memmem(text.data() + from, text.size() - from, part.data(), part.size());
  if (found == nullptr) return kNone;
  return static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

void give_place(const SqlCall& call, std::string_view text, std::string_view part) {
  const int64_t start = call.size() > 2 ? call.integer(2) : 1;
  const size_t from = byte_of_character(text, start > 0 ? static_cast<size_t>(start) - 1 : 0);
  const size_t at = find(text, part, from);
  call.give(at == kNone ? 0 : static_cast<int64_t>(count_characters(text.substr(0, at))) + 1);
}

void position(const SqlCall& call) { give_place(call, call.text(0), call.text(1)); }
void locate(const SqlCall& call) { give_place(call, call.text(1), call.text(0)); }
void position_any_case(const SqlCall& call) {
  give_place(call, lower_letters(call.text(0)), lower_letters(call.text(1)));
}

void starts_with(const SqlCall& call) { call.give_truth(call.text(0).starts_with(call.text(1))); }
void ends_with(const SqlCall& call) { call.give_truth(call.text(0).ends_with(call.text(1))); }

/// An array that another function made is empty without elements.
bool is_nothing(const SqlCall& call) {
  const std::string_view text = call.text(0);
  return text.empty() || (call.is_json(0) && text == "[]");
}
void empty(const SqlCall& call) { call.give_truth(is_nothing(call)); }
void not_empty(const SqlCall& call) { call.give_truth(!is_nothing(call)); }

void length_utf8(const SqlCall& call) {
  call.give(static_cast<int64_t>(count_characters(call.text(0))));
}
void octet_length(const SqlCall& call) { call.give(static_cast<int64_t>(call.text(0).size())); }
void lower_utf8(const SqlCall& call) { call.give_text(lower_letters(call.text(0))); }
void upper_utf8(const SqlCall& call) { call.give_text(upper_letters(call.text(0))); }

/// Only ASCII letters and digits make words.
void initcap(const SqlCall& call) {
  std::string text = ascii_lower(call.text(0));
  bool inside = false;
  for (char& c : text) {
    const bool is_letter = c >= 'a' && c <= 'z';
    if (is_letter && !inside) c = static_cast<char>(c - 'a' + 'A');
    inside = is_letter || (c >= '0' && c <= '9');
  }
  call.give_text(text);
}

void append_text(const SqlCall& call, std::string& out, size_t i) {
  if (call.type(i) == SQLITE_FLOAT) return append_plain_real(out, call.real(i));
  out += call.text(i);
  call.check_size(out.size());
}

void concat(const SqlCall& call) {
  std::string out;
  for (size_t i = 0; i < call.size(); ++i) append_text(call, out, i);
  call.give_text(out);
}

void concat_with_separator(const SqlCall& call) {
  std::string out;
  for (size_t i = 1; i < call.size(); ++i) {
    if (i > 1) append_text(call, out, 0);
    append_text(call, out, i);
  }
  call.give_text(out);
}

template <bool kLeft, bool kRight>
void trim_sides(const SqlCall& call) {
  std::string_view text = call.text(0);
  std::array<bool, 256> goes{};
  for (const char c : call.size() > 1 ? call.text(1) : std::string_view(" ")) {
    goes[static_cast<unsigned char>(c)] = true;
  }
  const auto leaves = [&](char c) { return goes[static_cast<unsigned char>(c)]; };
  while (kLeft && !text.empty() && leaves(text.front())) text.remove_prefix(1);
  while (kRight && !text.empty() && leaves(text.back())) text.remove_suffix(1);
  call.give_text(text);
}

/// Cuts the text where it is longer than the length.
template <bool kLeft>
void pad(const SqlCall& call) {
  const std::string_view text = call.text(0);
  const auto wanted = static_cast<size_t>(call.integer(1, 0, limits::kValueBytes));
  const std::string_view filler = call.size() > 2 ? call.text(2) : std::string_view(" ");
  const size_t length = count_characters(text);
  if (wanted <= length || filler.empty()) {
    return call.give_text(text.substr(0, byte_of_character(text, wanted)));
  }
  const size_t missing = wanted - length;
  const size_t filler_length = count_characters(filler);
  const size_t times = missing / filler_length;
  call.check_size(text.size() + (times + 1) * filler.size());
  std::string padding;
  for (size_t i = 0; i < times; ++i) padding += filler;
  padding += filler.substr(0, byte_of_character(filler, missing % filler_length));
  call.give_text(kLeft ? padding.append(text) : std::string(text) + padding);
}

void repeat(const SqlCall& call) {
  const std::string_view text = call.text(0);
  const int64_t times = text.empty() ? 0 : std::max<int64_t>(call.integer(1), 0);
  if (times > limits::kValueBytes) call.check_size(UINT64_MAX);
  call.check_size(static_cast<uint64_t>(times) * text.size());
  std::string out;
  for (int64_t i = 0; i < times; ++i) out += text;
  call.give_text(out);
}

/// By characters, so that the result is text again.
void reverse(const SqlCall& call) {
  std::string_view text = call.text(0);
  std::string out(text.size(), '\0');
  for (size_t end = out.size(); !text.empty();) {
    const size_t size = character_end(text);
    end -= size;
    std::copy_n(text.begin(), size, out.begin() + static_cast<std::ptrdiff_t>(end));
    text.remove_prefix(size);
  }
  call.give_text(out);
}

template <bool kAll>
void replace_text(const SqlCall& call) {
  const std::string_view text = call.text(0);
  const std::string_view from = call.text(1);
  const std::string_view to = call.text(2);
  if (from.empty()) return call.give_text(text);
  std::string out;
  size_t at = 0;
  for (size_t found = find(text, from); found != kNone; found = find(text, from, at)) {
    out += text.substr(at, found - at);
    out += to;
    call.check_size(out.size());
    at = found + from.size();
    if (!kAll) break;
  }
  out += text.substr(at);
  call.give_text(out);
}

void count_substrings(const SqlCall& call) {
  const std::string_view text = call.text(0);
  const std::string_view part = call.text(1);
  int64_t count = 0;
  for (size_t at = find(text, part); !part.empty() && at != kNone; ++count) {
    at = find(text, part, at + part.size());
  }
  call.give(count);
}

template <bool kLeft>
void side(const SqlCall& call) {
  const std::string_view text = call.text(0);
  const auto length = static_cast<int64_t>(count_characters(text));
  const int64_t wanted = call.integer(1);
  // A negative count leaves out so many on the other side.
  int64_t kept = wanted >= 0 ? std::min(wanted, length) : wanted <= -length ? 0 : length + wanted;
  if (!kLeft) kept = length - kept;
  const size_t cut = byte_of_character(text, static_cast<size_t>(kept));
  call.give_text(kLeft ? text.substr(0, cut) : text.substr(cut));
}

void ascii(const SqlCall& call) {
  const std::string_view text = call.text(0);
  call.give(text.empty() ? int64_t{0} : static_cast<int64_t>(static_cast<unsigned char>(text[0])));
}

constexpr auto kTable = std::to_array<SqlFunction>({
    {"position(text, part[, start])", 2, 3, position},
    {"positionUTF8(text, part[, start])", 2, 3, position},
    {"positionCaseInsensitive(text, part[, start])", 2, 3, position_any_case},
    {"positionCaseInsensitiveUTF8(text, part[, start])", 2, 3, position_any_case},
    {"locate(part, text[, start])", 2, 3, locate},
    {"startsWith(text, part)", 2, 2, starts_with},
    {"endsWith(text, part)", 2, 2, ends_with},
    {"empty(text)", 1, 1, empty},
    {"notEmpty(text)", 1, 1, not_empty},
    {"lengthUTF8(text)", 1, 1, length_utf8},
    {"char_length(text)", 1, 1, length_utf8},
    {"octet_length(text)", 1, 1, octet_length},
    {"lowerUTF8(text)", 1, 1, lower_utf8},
    {"upperUTF8(text)", 1, 1, upper_utf8},
    {"initcap(text)", 1, 1, initcap},
    {"concat(value[, value...])", 1, kAnyNumber, concat},
    {"concatWithSeparator(separator, value[, value...])", 1, kAnyNumber, concat_with_separator},
    {"concat_ws(separator, value[, value...])", 1, kAnyNumber, concat_with_separator},
    {"trimBoth(text[, characters])", 1, 2, trim_sides<true, true>},
    {"trimLeft(text[, characters])", 1, 2, trim_sides<true, false>},
    {"trimRight(text[, characters])", 1, 2, trim_sides<false, true>},
    {"leftPad(text, length[, filler])", 2, 3, pad<true>},
    {"lpad(text, length[, filler])", 2, 3, pad<true>},
    {"rightPad(text, length[, filler])", 2, 3, pad<false>},
    {"rpad(text, length[, filler])", 2, 3, pad<false>},
    {"repeat(text, times)", 2, 2, repeat},
    {"reverse(text)", 1, 1, reverse},
    {"reverseUTF8(text)", 1, 1, reverse},
    {"replaceAll(text, from, to)", 3, 3, replace_text<true>},
    {"replaceOne(text, from, to)", 3, 3, replace_text<false>},
    {"countSubstrings(text, part)", 2, 2, count_substrings},
    {"leftUTF8(text, count)", 2, 2, side<true>},
    {"rightUTF8(text, count)", 2, 2, side<false>},
    {"ascii(text)", 1, 1, ascii},
});

}  // namespace

std::span<const SqlFunction> text_functions() { return kTable; }

}  // namespace sluice
