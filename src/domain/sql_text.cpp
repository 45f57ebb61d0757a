#include "domain/sql_text.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/encoding.h"

namespace sluice {
namespace {

enum class Kind { kSpace, kComment, kWord, kQuotedWord, kString, kOther };

struct Token {
  Kind kind = Kind::kOther;
  std::string_view text;
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool goes_on(char c) { return starts_word(c) || (c >= '0' && c <= '9') || c == '$'; }

size_t run_of(std::string_view sql, bool (*in)(char)) {
  size_t size = 1;
  while (size < sql.size() && in(sql[size])) ++size;
  return size;
}

/// A quoted run; the quote is doubled to stand for itself.
size_t quoted_run(std::string_view sql, char close) {
  size_t at = 1;
  while (at < sql.size()) {
    if (sql[at] == close) {
      if (close == ']' || at + 1 >= sql.size() || sql[at + 1] != close) return at + 1;
      ++at;
    }
    ++at;
  }
  return sql.size();
}

size_t ends_behind(std::string_view sql, std::string_view mark, size_t from) {
  const size_t found = sql.find(mark, from);
  return found == std::string_view::npos ? sql.size() : found + mark.size();
}

/// The first token of a statement that is not empty, by SQLite's lexical rules
/// (sqlite.org/lang.html).
Token first_token(std::string_view sql) {
  const char c = sql.front();
  if (is_space(c)) return {Kind::kSpace, sql.substr(0, run_of(sql, is_space))};
  if (sql.starts_with("--")) return {Kind::kComment, sql.substr(0, ends_behind(sql, "\n", 2))};
  if (sql.starts_with("/*")) return {Kind::kComment, sql.substr(0, ends_behind(sql, "*/", 2))};
  if (c == '\'') return {Kind::kString, sql.substr(0, quoted_run(sql, '\''))};
  if (c == '"' || c == '`') return {Kind::kQuotedWord, sql.substr(0, quoted_run(sql, c))};
  if (c == '[') return {Kind::kQuotedWord, sql.substr(0, quoted_run(sql, ']'))};
  if (starts_word(c)) return {Kind::kWord, sql.substr(0, run_of(sql, goes_on))};
  return {Kind::kOther, sql.substr(0, 1)};
}

std::string unquoted(std::string_view token) {
  const char quote = token.front();
  std::string_view inside = token.substr(1, token.size() >= 2 ? token.size() - 2 : 0);
  std::string out;
  for (size_t i = 0; i < inside.size(); ++i) {
    out += inside[i];
    if (quote != '[' && inside[i] == quote) ++i;
  }
  return out;
}

bool is_name(const Token& token) {
  return token.kind == Kind::kWord || token.kind == Kind::kQuotedWord;
}

std::string as_written(const Token& token) {
  return token.kind == Kind::kWord ? std::string(token.text) : unquoted(token.text);
}

std::string name_of(const Token& token) { return ascii_lower(as_written(token)); }

/// A token and where it stands; spaces and comments are left out.
struct PlacedToken {
  Token token;
  size_t at = 0;
};

std::vector<PlacedToken> tokens_of(std::string_view sql) {
  std::vector<PlacedToken> tokens;
  for (size_t at = 0; at < sql.size();) {
    const Token token = first_token(sql.substr(at));
    if (token.kind != Kind::kSpace && token.kind != Kind::kComment) tokens.push_back({token, at});
    at += token.text.size();
  }
  return tokens;
}

/// A table behind a FROM: the bytes it takes in the statement, and whether an alias follows.
struct FromTable {
  size_t begin = 0;
  size_t end = 0;
  bool has_alias = false;
};

bool is_alias(const Token& token) {
  // What may stand behind a table's name and is no alias (sqlite.org/lang_select.html).
  constexpr std::array<std::string_view, 20> kOthers = {
      "where",  "group",     "having",  "window", "order", "limit",  "union",
      "except", "intersect", "join",    "inner",  "left",  "right",  "full",
      "cross",  "outer",     "natural", "on",     "using", "indexed"};
  if (!is_name(token)) return false;
  if (token.kind == Kind::kQuotedWord) return true;
  const std::string word = name_of(token);
  return word != "not" && std::find(kOthers.begin(), kOthers.end(), word) == kOthers.end();
}

std::vector<FromTable> find_from(std::string_view sql, std::string_view table) {
  const std::string wanted = ascii_lower(table);
  const size_t dot = wanted.find('.');
  const std::string bare = dot == std::string::npos ? wanted : wanted.substr(dot + 1);
  const std::vector<PlacedToken> tokens = tokens_of(sql);
  std::vector<FromTable> found;
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].token.kind != Kind::kWord || name_of(tokens[i].token) != "from") continue;
    size_t last = i + 1;
    if (!is_name(tokens[last].token)) continue;
    std::string name = name_of(tokens[last].token);
    const bool qualified = last + 2 < tokens.size() && tokens[last + 1].token.text == "." &&
                           is_name(tokens[last + 2].token);
    if (qualified) {
      last += 2;
      name += "." + name_of(tokens[last].token);
    }
    if (name != wanted && (qualified || name != bare) && name != "main." + wanted) continue;
    const size_t end = tokens[last].at + tokens[last].token.text.size();
    const bool alias = last + 1 < tokens.size() && is_alias(tokens[last + 1].token);
    found.push_back({tokens[i + 1].at, end, alias});
  }
  return found;
}

/// Collects the tables behind FROM, JOIN and a FROM's commas (sqlite.org/lang_select.html).
class TableFinder {
 public:
  explicit TableFinder(std::string_view sql) : tokens_(tokens_of(sql)) {}

  std::vector<TableName> find() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) step();
    std::erase_if(found_, [&](const TableName& name) {
      return name.file.empty() && with_.contains(ascii_lower(name.table));
    });
    return std::move(found_);
  }

 private:
  /// What a bracket holds: whether its FROM is open, and whether a table comes next.
  struct Level {
    bool in_from = false, expects_table = false;
  };

  std::string_view text(size_t at) const {
    return at < tokens_.size() ? tokens_[at].token.text : "";
  }
  bool is_word(size_t at, std::string_view word) const {
    return at < tokens_.size() && tokens_[at].token.kind == Kind::kWord &&
           name_of(tokens_[at].token) == word;
  }

  void step() {
    Level& level = levels_.back();
    const Token& token = tokens_[at_].token;
    if (token.text == "(") {
      // FROM (a JOIN b): what a bracket in a table's place holds is a FROM of its own.
      const bool table = std::exchange(level.expects_table, false);
      levels_.push_back({table, table});
    } else if (token.text == ")") {
      if (levels_.size() > 1) levels_.pop_back();
    } else if (token.text == "," && level.in_from) {
      level.expects_table = true;
    } else if (is_name(token)) {
      note_with();
      take_word(level);
    }
  }

  void take_word(Level& level) {
    constexpr std::array<std::string_view, 11> kEnds = {"select", "where",     "group", "having",
                                                        "window", "order",     "limit", "union",
                                                        "except", "intersect", "values"};
    const bool bare = tokens_[at_].token.kind == Kind::kWord;
    const std::string word = bare ? name_of(tokens_[at_].token) : std::string();
    const bool compares = at_ > 0 && is_word(at_ - 1, "distinct");  // IS DISTINCT FROM
    if ((word == "from" && !compares) || word == "join") {
      level = {true, true};
    } else if (std::find(kEnds.begin(), kEnds.end(), word) != kEnds.end()) {
      level = {};
    } else if (level.expects_table) {
      level.expects_table = false;
      take_table();
    }
  }

  void take_table() {
    TableName name{"", as_written(tokens_[at_].token)};
    if (text(at_ + 1) == "." && at_ + 2 < tokens_.size() && is_name(tokens_[at_ + 2].token)) {
      at_ += 2;
      name = {name.table, as_written(tokens_[at_].token)};
    }
    if (text(at_ + 1) == "(") return;
    if (std::find(found_.begin(), found_.end(), name) == found_.end()) found_.push_back(name);
  }

  /// `name [(columns)] AS [[NOT] MATERIALIZED] (`: of a WITH. (A named window looks the same.)
  void note_with() {
    size_t next = at_ + 1;
    if (text(next) == "(") {
      do ++next;  // Not past another bracket: a list of columns has none.
      while (next < tokens_.size() && text(next) != "(" && text(next) != ")");
      ++next;
    }
    if (!is_word(next, "as")) return;
    ++next;
    if (is_word(next, "not")) ++next;
    if (is_word(next, "materialized")) ++next;
    if (text(next) == "(") with_.insert(name_of(tokens_[at_].token));
  }

  std::vector<PlacedToken> tokens_;
  size_t at_ = 0;
  std::vector<Level> levels_ = {{}};
  std::vector<TableName> found_;
  std::set<std::string> with_;
};

std::string quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (char c : text) {
    out += c;
    if (c == quote) out += quote;
  }
  return out + quote;
}

}  // namespace

std::string strip_statement_end(std::string_view sql) {
  size_t begin = 0;
  size_t end = 0;
  for (size_t at = 0; at < sql.size();) {
    const Token token = first_token(sql.substr(at));
    at += token.text.size();
    const bool nothing =
        token.kind == Kind::kSpace || token.kind == Kind::kComment || token.text == ";";
    if (!nothing) end = at;
    if (end == 0 && token.text == ";") begin = at;
  }
  return end == 0 ? std::string() : std::string(sql.substr(begin, end - begin));
}

std::vector<std::string> words_in(std::string_view sql) {
  std::vector<std::string> words;
  std::set<std::string> seen;
  while (!sql.empty()) {
    const Token token = first_token(sql);
    sql.remove_prefix(token.text.size());
    if (!is_name(token)) continue;
    std::string word = as_written(token);
    if (seen.insert(word).second) words.push_back(std::move(word));
  }
  return words;
}

std::vector<std::string> calls_in(std::string_view sql) {
  const std::vector<PlacedToken> tokens = tokens_of(sql);
  std::set<std::string> names;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (!is_name(tokens[i].token)) continue;
    std::string name = name_of(tokens[i].token);
    const bool is_call = i + 1 < tokens.size() && tokens[i + 1].token.text == "(";
    if (is_call || name == "regexp" || name == "match") names.insert(std::move(name));
  }
  return {names.begin(), names.end()};
}

std::string join_parameters(std::string_view sql, bool (*joins)(std::string_view name)) {
  const std::vector<PlacedToken> tokens = tokens_of(sql);
  std::string out(sql);
  std::vector<bool> open;  // For each bracket, whether it holds what a joined name is given first.
  for (size_t i = 0; i < tokens.size(); ++i) {
    const auto is = [&](size_t at, std::string_view text) {
      return at < tokens.size() && tokens[at].token.text == text;
    };
    if (is(i, "(")) {
      open.push_back(i > 0 && is_name(tokens[i - 1].token) && joins(name_of(tokens[i - 1].token)));
    } else if (is(i, ")") && !open.empty()) {
      if (open.back() && is(i + 1, "(")) {
        out[tokens[i].at] = is(i - 1, "(") ? ' ' : ',';
        out[tokens[i + 1].at] = ' ';
        open.back() = false;  // The second bracket ends what the first one began.
        ++i;
      } else {
        open.pop_back();
      }
    }
  }
  return out;
}

std::vector<TableName> tables_in(std::string_view sql) { return TableFinder(sql).find(); }

size_t count_from(std::string_view sql, std::string_view table) {
  return find_from(sql, table).size();
}

std::string replace_from(std::string_view sql, std::string_view table, std::string_view subquery) {
  const std::vector<FromTable> found = find_from(sql, table);
  if (found.empty()) return std::string(sql);
  const FromTable& place = found.front();
  const size_t dot = table.find('.');
  std::string out(sql.substr(0, place.begin));
  out += "(" + std::string(subquery) + ")";
  if (!place.has_alias) {
    out += " AS " + quote_identifier(table.substr(dot == std::string_view::npos ? 0 : dot + 1));
  }
  return out + std::string(sql.substr(place.end));
}

std::string quote_identifier(std::string_view name) { return quoted(name, '"'); }

std::string quote_text(std::string_view text) { return quoted(text, '\''); }

}  // namespace sluice
