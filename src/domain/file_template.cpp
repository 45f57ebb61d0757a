#include "domain/file_template.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"

namespace sluice {
namespace {

constexpr unsigned kMostParts = 1000;

Error bad_template(const std::string& what, const std::string& hint) {
  return {ErrorCode::kInvalid, "The file template " + what + ".", hint};
}

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

void check_bytes(std::string_view text) {
  if (text.empty()) throw bad_template("is empty", "Give a name such as 'orders_{country}'.");
  if (text.size() > limits::kKeyBytes) {
    throw bad_template("is over " + std::to_string(limits::kKeyBytes) + " bytes long",
                       "Object names can't be longer than that; shorten it.");
  }
  if (!is_utf8(text)) throw bad_template("is not valid UTF-8", "Send it as UTF-8.");
  if (std::any_of(text.begin(), text.end(), is_control)) {
    throw bad_template("holds a control character", "Remove line ends, tabs and NUL bytes.");
  }
}

TemplatePiece spread_piece(std::string_view digits) {
  TemplatePiece piece;
  piece.kind = TemplatePiece::Kind::kSpread;
  piece.parts = digits.size() > 4 ? 0 : static_cast<unsigned>(std::stoul(std::string(digits)));
  if (piece.parts == 0 || piece.parts > kMostParts) {
    throw bad_template("asks for {" + std::string(digits) + "} files",
                       "{N} takes a number from 1 to " + std::to_string(kMostParts) + ".");
  }
  return piece;
}

/// What stands between two braces.
TemplatePiece read_placeholder(std::string_view inside) {
  const std::string_view body = trim(inside);
  if (is_number(body)) return spread_piece(body);
  TemplatePiece piece;
  piece.kind = TemplatePiece::Kind::kName;
  const size_t comma = body.find(',');
  piece.text = trim(body.substr(0, comma));
  const std::string shown = "{" + std::string(inside) + "}";
  if (piece.text.empty() || piece.text.find_first_of("'\"") != std::string::npos) {
    throw bad_template("has a placeholder without a name: " + quoted(shown),
                       "Write {column}, {column, '%Y-%m-%d'} or {8}.");
  }
  if (comma == std::string_view::npos) return piece;
  const std::string_view format = trim(body.substr(comma + 1));
  const bool in_quotes = format.size() > 2 && format.front() == format.back() &&
                         (format.front() == '\'' || format.front() == '"');
  if (!in_quotes) {
    throw bad_template("has a placeholder whose date format is not in quotes: " + quoted(shown),
                       "Write it as {" + piece.text + ", '%Y-%m-%d'}.");
  }
  piece.kind = TemplatePiece::Kind::kDate;
  piece.date = DateFormat::parse(format.substr(1, format.size() - 2));
  return piece;
}

std::vector<TemplatePiece> read_pieces(std::string_view text) {
  std::vector<TemplatePiece> pieces;
  for (size_t at = 0; at < text.size();) {
    const size_t brace = std::min(text.find_first_of("{}", at), text.size());
    if (brace > at) {
      TemplatePiece literal;
      literal.text = text.substr(at, brace - at);
      pieces.push_back(std::move(literal));
      at = brace;
      continue;
    }
    const size_t end = text.find_first_of("{}", at + 1);
    if (text[at] == '}' || end == std::string_view::npos || text[end] == '{') {
      throw bad_template("has a brace without its partner: " + quoted(text),
                         "Write placeholders as {column}; a literal brace can't be in a name.");
    }
    pieces.push_back(read_placeholder(text.substr(at + 1, end - at - 1)));
    at = end + 1;
  }
  return pieces;
}

/// What a name looks like, as far as folders go: a placeholder never expands to nothing, to `.` or
/// to `..`, so that it counts as a letter; the text of a date format counts as written.
std::string outline_of(const std::vector<TemplatePiece>& pieces) {
  std::string outline;
  for (const TemplatePiece& piece : pieces) {
    if (piece.kind == TemplatePiece::Kind::kText) {
      outline += piece.text;
    } else {
      outline += piece.date ? piece.date->outline() : "x";
    }
  }
  return outline;
}

void check_segments(const std::vector<TemplatePiece>& pieces, std::string_view text) {
  const std::string outline = outline_of(pieces);
  if (outline.find('\\') != std::string::npos) {
    throw bad_template("holds a backslash: " + quoted(text), "Folders are separated by '/'.");
  }
  for (size_t start = 0; start <= outline.size();) {
    const size_t slash = std::min(outline.find('/', start), outline.size());
    const std::string_view segment = std::string_view(outline).substr(start, slash - start);
    if (segment.empty()) {
      throw bad_template("has an empty folder or file name: " + quoted(text),
                         "Remove slashes at its ends and double slashes.");
    }
    if (segment == "." || segment == "..") {
      throw bad_template("has the folder " + quoted(segment) + ", which would leave its place",
                         "Name folders from the sink's path downwards.");
    }
    start = slash + 1;
  }
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out.empty() ? "none" : out;
}

bool needs_encoding(char c) {
  return is_control(c) || c == '/' || c == '\\' || c == '{' || c == '}' || c == '%';
}

void append_percent(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

}  // namespace

FileTemplate FileTemplate::parse(std::string_view text) {
  check_bytes(text);
  FileTemplate result;
  result.text_ = text;
  result.pieces_ = read_pieces(text);
  check_segments(result.pieces_, text);
  const auto spreads = std::count_if(
      result.pieces_.begin(), result.pieces_.end(),
      [](const TemplatePiece& piece) { return piece.kind == TemplatePiece::Kind::kSpread; });
  if (spreads > 1) throw bad_template("has {N} more than once", "Spread rows with one {N}.");
  return result;
}

std::vector<std::string> FileTemplate::placeholders() const {
  std::vector<std::string> names;
  for (const TemplatePiece& piece : pieces_) {
    const bool named =
        piece.kind == TemplatePiece::Kind::kName || piece.kind == TemplatePiece::Kind::kDate;
    if (named && std::find(names.begin(), names.end(), piece.text) == names.end()) {
      names.push_back(piece.text);
    }
  }
  return names;
}

bool FileTemplate::is_single_file(const std::vector<std::string>& columns) const {
  return std::none_of(pieces_.begin(), pieces_.end(), [&](const TemplatePiece& piece) {
    if (piece.kind == TemplatePiece::Kind::kSpread) return piece.parts > 1;
    return piece.kind != TemplatePiece::Kind::kText &&
           std::find(columns.begin(), columns.end(), piece.text) != columns.end();
  });
}

bool FileTemplate::deals_rows() const {
  return std::any_of(pieces_.begin(), pieces_.end(), [](const TemplatePiece& piece) {
    return piece.kind == TemplatePiece::Kind::kSpread && piece.parts > 1;
  });
}

void FileTemplate::check_names(const std::vector<std::string>& columns,
                               const RunVariables& variables) const {
  for (const std::string& name : placeholders()) {
    const auto same = std::count(columns.begin(), columns.end(), name);
    if (same > 1) {
      throw bad_template("uses {" + name + "}, but the query has " + std::to_string(same) +
                             " columns of that name",
                         "Give each column its own name with AS.");
    }
    if (same == 0 && !variables.contains(name)) {
      throw bad_template(
          "uses {" + name +
              "}, which is no column of the query and no variable of "
              "the run",
          "Columns: " + listed(columns) + ". Add " + name +
              " to the query, or give it with the run, under a name that no parameter of "
              "the call has.");
    }
  }
  for (const TemplatePiece& piece : pieces_) {
    if (piece.kind != TemplatePiece::Kind::kDate) continue;
    if (std::find(columns.begin(), columns.end(), piece.text) != columns.end()) continue;
    variable_in_name(piece, variables.at(piece.text));
  }
}

std::string FileTemplate::missing_extension(std::string_view extension) const {
  if (pieces_.back().kind != TemplatePiece::Kind::kText) return std::string(extension);
  const std::string_view tail = pieces_.back().text;
  if (tail.ends_with(extension)) return {};
  const size_t second = std::min(extension.find('.', 1), extension.size());
  if (tail.ends_with(extension.substr(0, second))) return std::string(extension.substr(second));
  return std::string(extension);
}

void append_name_value(std::string& out, std::string_view value) {
  if (value.empty()) {
    out += kEmptyInName;
    return;
  }
  if (value == "." || value == "..") {
    for (char c : value) append_percent(out, c);
    return;
  }
  if (value == kNullInName || value == kEmptyInName) {
    append_percent(out, value.front());
    value.remove_prefix(1);
  }
  for (char c : value) {
    if (needs_encoding(c)) {
      append_percent(out, c);
    } else {
      out += c;
    }
  }
}

std::string variable_in_name(const TemplatePiece& piece, const std::string& value) {
  if (!is_utf8(value)) {
    throw bad_template("uses {" + piece.text + "}, a variable that is not valid UTF-8",
                       "Send it as UTF-8.");
  }
  std::string out;
  if (!piece.date) {
    append_name_value(out, value);
    return out;
  }
  const std::optional<Timestamp> time = read_date_text(value);
  if (!time) {
    throw bad_template("formats {" + piece.text + "} as a date, but its value is " + quoted(value),
                       "Give it as 2026-11-23 or 2026-11-23 08:30:00.");
  }
  piece.date->append(out, *time);
  return out;
}

std::string numbered_key(std::string_view key, unsigned number, std::string_view extension) {
  std::string_view stem = key;
  if (key.ends_with(extension)) stem.remove_suffix(extension.size());
  const std::string_view rest = key.substr(stem.size());
  std::string out = std::string(stem) + "." + std::to_string(number) + std::string(rest);
  if (out.size() > limits::kKeyBytes) {
    throw Error(ErrorCode::kInvalid,
                "The name " + quoted(key) + " is taken, and a numbered one would be over " +
                    std::to_string(limits::kKeyBytes) + " bytes.",
                "Shorten the file template, or use write_strategy=truncate.");
  }
  return out;
}

}  // namespace sluice
