#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "base/limits.h"
#include "engine/letter_case.h"
#include "engine/sql_functions.h"
#include "engine/sql_values.h"

namespace sluice {
namespace {

/// Enough for the patterns of people, and few enough instructions for kPatternWork to mean seconds.
constexpr int64_t kPatternMemory = 1 << 20;
constexpr size_t kLongestPattern = 10000;
/// RE2 counts the whole match as the first.
constexpr int kMostGroups = 10;
using Groups = std::array<re2::StringPiece, kMostGroups>;

re2::StringPiece piece_of(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view_of(const re2::StringPiece& piece) { return {piece.data(), piece.size()}; }

RE2::Options options() {
  RE2::Options chosen;
  chosen.set_log_errors(false);
  chosen.set_dot_nl(true);  // As ClickHouse; `(?-s)` in a pattern turns it off.
  chosen.set_max_mem(kPatternMemory);
  return chosen;
}

/// The pattern of an argument, compiled once where it is the same for all rows.
const RE2& pattern_argument(const SqlCall& call, size_t i) {
  const auto known = static_cast<const RE2*>(call.kept_with(i));
  if (known != nullptr) return *known;
  const std::string_view text = call.text(i);
  if (text.size() > kLongestPattern) throw call.wrong(i, "is too long for a pattern");
  auto pattern = std::make_unique<RE2>(piece_of(text), options());
  if (!pattern->ok()) {
    throw call.wrong(
        i, "is no regular expression (" + pattern->error() + "); the syntax is that of RE2");
  }
  return *static_cast<const RE2*>(call.keep_with(i, pattern.release(), [](void* kept) {
    const std::unique_ptr<RE2> ends(static_cast<RE2*>(kept));
  }));
}

/// RE2 takes time for the product of both, never more.
std::string_view text_for(const SqlCall& call, size_t i, const RE2& pattern) {
  const std::string_view text = call.text(i);
  const auto size = static_cast<uint64_t>(std::max(pattern.ProgramSize(), 1));
  if (text.size() * size > limits::kPatternWork) {
    throw call.failed(
        "a text of " + std::to_string(text.size()) + " bytes is too long for this pattern",
        ErrorCode::kTooLarge);
  }
  return text;
}

bool find(const RE2& pattern, std::string_view text, size_t from, Groups& groups, int count) {
  return pattern.Match(piece_of(text), from, text.size(), RE2::UNANCHORED, groups.data(), count);
}

/// Calls `take` with the groups of each match, of which the first is all of it. What is empty is no
/// match; `take` says whether to go on.
template <typename Take>
void for_each_match(const SqlCall& call, const RE2& pattern, std::string_view text,
                    int groups_wanted, const Take& take) {
  Groups groups;
  for (size_t at = 0; at < text.size();) {
    // One match may take a look at all of the text.
    call.check_going_on();
    if (!find(pattern, text, at, groups, groups_wanted)) return;
    const auto begin = static_cast<size_t>(groups[0].data() - text.data());
    if (groups[0].empty()) {
      at = begin + 1;
      continue;
    }
    if (!take(groups)) return;
    at = begin + groups[0].size();
  }
}

void give_match(const SqlCall& call, size_t text, size_t pattern) {
  const RE2& compiled = pattern_argument(call, pattern);
  Groups none;
  call.give_truth(find(compiled, text_for(call, text, compiled), 0, none, 0));
}

void match(const SqlCall& call) { give_match(call, 0, 1); }
/// What SQLite makes of `text REGEXP pattern`.
void regexp(const SqlCall& call) { give_match(call, 1, 0); }

/// The first group, or all of it where there is none.
int group_of(const RE2& pattern) { return pattern.NumberOfCapturingGroups() > 0 ? 1 : 0; }

void extract(const SqlCall& call) {
  const RE2& pattern = pattern_argument(call, 1);
  const std::string_view text = text_for(call, 0, pattern);
  Groups groups;
  const int group = group_of(pattern);
  const bool found = find(pattern, text, 0, groups, group + 1);
  call.give_text(found ? view_of(groups[static_cast<size_t>(group)]) : std::string_view());
}

void extract_all(const SqlCall& call) {
  const RE2& pattern = pattern_argument(call, 1);
  const auto group = static_cast<size_t>(group_of(pattern));
  std::string out = "[";
  for_each_match(call, pattern, text_for(call, 0, pattern), static_cast<int>(group) + 1,
                 [&](const Groups& groups) {
                   if (out.size() > 1) out += ',';
                   append_repaired_json_string(out, view_of(groups[group]));
                   call.check_size(out.size());
                   return true;
                 });
  call.give_json(out + "]");
}

void count_matches(const SqlCall& call) {
  const RE2& pattern = pattern_argument(call, 1);
  int64_t count = 0;
  for_each_match(call, pattern, text_for(call, 0, pattern), 1,
                 [&](const Groups&) { return ++count > 0; });
  call.give(count);
}

/// `\0` is the match, `\1` to `\9` its groups, `\\` a backslash.
void append_replacement(const SqlCall& call, std::string& out, const Groups& groups, int count) {
  const std::string_view with = call.text(2);
  for (size_t i = 0; i < with.size(); ++i) {
    if (with[i] != '\\' || i + 1 == with.size()) {
      out += with[i];
      continue;
    }
    const char code = with[++i];
    if (code >= '0' && code <= '9') {
      if (code - '0' >= count) throw call.wrong(2, "names a group that the pattern lacks");
      out += view_of(groups[static_cast<size_t>(code - '0')]);
    } else {
      out += code;
    }
  }
  call.check_size(out.size());
}

/// Here what is empty is a match, too: `^` and `$` are, and `a*` between other letters. The pattern
/// that is empty itself is none.
template <bool kAll>
void replace_regexp(const SqlCall& call) {
  const RE2& pattern = pattern_argument(call, 1);
  const std::string_view text = text_for(call, 0, pattern);
  const int count = std::min(pattern.NumberOfCapturingGroups() + 1, kMostGroups);
  Groups groups;
  std::string out;
  size_t copied = 0;
  for (size_t at = 0; at <= text.size() && !pattern.pattern().empty();) {
    call.check_going_on();
    if (!find(pattern, text, at, groups, count)) break;
    const auto begin = static_cast<size_t>(groups[0].data() - text.data());
    out += text.substr(copied, begin - copied);
    append_replacement(call, out, groups, count);
    copied = begin + groups[0].size();
    at = groups[0].empty() ? copied + 1 : copied;
    if (!kAll || copied == text.size()) break;
  }
  out += text.substr(copied);
  call.give_text(out);
}

void split_characters(const SqlCall& call, std::string_view text) {
  std::string out = "[";
  while (!text.empty()) {
    const size_t size = character_end(text);
    if (out.size() > 1) out += ',';
    append_repaired_json_string(out, text.substr(0, size));
    text.remove_prefix(size);
    call.check_size(out.size());
  }
  call.give_json(out + "]");
}

void split_by_regexp(const SqlCall& call) {
  const RE2& pattern = pattern_argument(call, 0);
  const std::string_view text = text_for(call, 1, pattern);
  if (pattern.pattern().empty()) return split_characters(call, text);
  std::string out = "[";
  size_t at = 0;
  const auto add = [&](std::string_view part) {
    if (out.size() > 1) out += ',';
    append_repaired_json_string(out, part);
    call.check_size(out.size());
  };
  for_each_match(call, pattern, text, 1, [&](const Groups& groups) {
    const auto begin = static_cast<size_t>(groups[0].data() - text.data());
    add(text.substr(at, begin - at));
    at = begin + groups[0].size();
    return true;
  });
  add(text.substr(at));
  call.give_json(out + "]");
}

constexpr auto kTable = std::to_array<SqlFunction>({
    {"match(text, pattern)", 2, 2, match},
    {"regexp(pattern, text)", 2, 2, regexp},
    {"extract(text, pattern)", 2, 2, extract},
    {"extractAll(text, pattern)", 2, 2, extract_all},
    {"countMatches(text, pattern)", 2, 2, count_matches},
    {"replaceRegexpAll(text, pattern, to)", 3, 3, replace_regexp<true>},
    {"replaceRegexpOne(text, pattern, to)", 3, 3, replace_regexp<false>},
    {"splitByRegexp(pattern, text)", 2, 2, split_by_regexp},
});

}  // namespace

std::span<const SqlFunction> pattern_functions() { return kTable; }

}  // namespace sluice
