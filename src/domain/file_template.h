#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/date_format.h"

namespace sluice {

/// One part of a file template.
struct TemplatePiece {
  enum class Kind {
    kText,    ///< `text` as it is.
    kName,    ///< `{name}`: the value of a column or a variable of the run.
    kDate,    ///< `{name, 'format'}`: the same as a formatted date.
    kSpread,  ///< `{8}`: rows dealt over that many files.
  };
  Kind kind = Kind::kText;
  std::string text;  ///< The literal text, or the name.
  std::optional<DateFormat> date;
  unsigned parts = 0;
};

using RunVariables = std::map<std::string, std::string>;

/// How the rows of a result are spread over files, and what the files are called: literal text and
/// placeholders in braces. Rows whose names come out equal share a file. Immutable.
class FileTemplate {
 public:
  /// Throws kInvalid for what could leave its folder or name nothing: `.` and `..` segments, empty
  /// segments, slashes at the ends, `\`, control characters, invalid UTF-8; and for braces that
  /// are not a placeholder.
  static FileTemplate parse(std::string_view text);

  const std::string& text() const { return text_; }
  const std::vector<TemplatePiece>& pieces() const { return pieces_; }
  /// The names used, without repeats, in order.
  std::vector<std::string> placeholders() const;
  /// Whether every row goes to one file, whatever the result: only text and variables.
  bool is_single_file(const std::vector<std::string>& columns) const;
  /// Whether it has `{N}`: then the file of a row depends on how many came before it.
  bool deals_rows() const;

  /// Throws kInvalid when a name is neither a column (which wins) nor a variable, when it stands
  /// for two columns, or when a variable is no date though one is formatted.
  void check_names(const std::vector<std::string>& columns, const RunVariables& variables) const;

  /// What has to be put behind the expanded template: `extension` (".csv.gz") less what the
  /// template already ends in ("x.csv" needs ".gz", "x.csv.gz" nothing).
  std::string missing_extension(std::string_view extension) const;

 private:
  std::string text_;
  std::vector<TemplatePiece> pieces_;
};

/// What stands in a name for NULL and for the empty string.
inline constexpr std::string_view kNullInName = "__HIVE_DEFAULT_PARTITION__";
inline constexpr std::string_view kEmptyInName = "__EMPTY__";

/// Adds a value to an object name so that it stays inside its folder and no two values look the
/// same: `/`, `\`, `{`, `}`, `%`, control characters, the whole of `.` and `..`, and the first
/// byte of a value that reads like one of the two words above are percent-encoded. Percent-decoding
/// gives the value back. `value` must be UTF-8.
void append_name_value(std::string& out, std::string_view value);

/// The text a variable gives to a piece of kind kName or kDate. Throws kInvalid when it is not
/// UTF-8 or, for kDate, not a date.
std::string variable_in_name(const TemplatePiece& piece, const std::string& value);

/// The name to try when `key` is taken: "a/x.csv.gz", 2 -> "a/x.2.csv.gz". `extension` is that of
/// format and compression; a key that does not end in it gets the number at its end. Throws
/// kInvalid when the result is over limits::kKeyBytes.
std::string numbered_key(std::string_view key, unsigned number, std::string_view extension);

}  // namespace sluice
