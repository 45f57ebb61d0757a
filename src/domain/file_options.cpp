#include "domain/file_options.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

/// A file of less would be made of blocks too small to compress.
constexpr uint64_t kSmallestFile = 64 * 1024;
constexpr size_t kLongestNull = 32;

[[noreturn]] void refuse(std::string_view name, std::string_view text, const std::string& hint) {
  throw Error(
      ErrorCode::kInvalid,
      "The option " + std::string(name) + " can't be '" + std::string(text.substr(0, 60)) + "'.",
      hint);
}

bool read_flag(std::string_view name, std::string_view text) {
  const std::string value = ascii_lower(trim(text));
  if (value == "true" || value == "1" || value == "yes") return true;
  if (value == "false" || value == "0" || value == "no") return false;
  refuse(name, text, "Use true or false.");
}

/// One of two words: true for the first.
bool read_choice(std::string_view name, std::string_view text, std::string_view yes,
                 std::string_view no) {
  const std::string value = ascii_lower(trim(text));
  if (value == yes) return true;
  if (value == no) return false;
  refuse(name, text, "Use " + std::string(yes) + " or " + std::string(no) + ".");
}

uint64_t read_count(std::string_view name, std::string_view text, uint64_t least) {
  const std::string_view digits = trim(text);
  uint64_t value = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = failed == std::errc() && end == digits.data() + digits.size();
  if (!whole || (value != 0 && value < least) || value > INT64_MAX) {
    refuse(name, text,
           "Use a whole number of at least " + std::to_string(least) + ", or 0 for no limit.");
  }
  return value;
}

char read_delimiter(std::string_view name, std::string_view text) {
  const std::string value = ascii_lower(text);
  if (value == "tab" || value == "\\t") return '\t';
  constexpr std::string_view kAllowed = ",;\t|:^~ ";
  if (text.size() == 1 && kAllowed.find(text.front()) != std::string_view::npos) {
    return text.front();
  }
  refuse(name, text, "Use one of , ; | : ^ ~ a space, or tab.");
}

/// NULL's text must not be taken for a number, nor need quotes.
std::string read_null(std::string_view name, std::string_view text) {
  const bool plain =
      text.size() <= kLongestNull && is_utf8(text) &&
      std::none_of(text.begin(), text.end(), [](char c) {
        return c == '"' || static_cast<unsigned char>(c) < 0x20 || (c >= '0' && c <= '9');
      });
  if (!plain) {
    refuse(name, text,
           "Use up to " + std::to_string(kLongestNull) +
               " bytes without digits, quotes and control characters, for example NULL or \\N.");
  }
  return std::string(text);
}

TypeMismatch read_mismatch(std::string_view name, std::string_view text) {
  const std::string value = ascii_lower(trim(text));
  if (value == "error") return TypeMismatch::kError;
  if (value == "string") return TypeMismatch::kString;
  if (value == "null") return TypeMismatch::kNull;
  refuse(name, text, "Use error, string or null.");
}

std::string mismatch_text(TypeMismatch policy) {
  switch (policy) {
    case TypeMismatch::kError:
      return "error";
    case TypeMismatch::kString:
      return "string";
    case TypeMismatch::kNull:
      return "null";
  }
  return "error";
}

std::string level_text(const CompressionLevel& level) {
  switch (level.kind) {
    case CompressionLevel::Kind::kFast:
      return "fast";
    case CompressionLevel::Kind::kSmall:
      return "small";
    case CompressionLevel::Kind::kNumber:
      return std::to_string(level.number);
  }
  return "fast";
}

std::string flag_text(bool value) { return value ? "true" : "false"; }

/// How one option is read and written.
struct OptionRow {
  const char* name;
  void (*set)(FileOptions& options, std::string_view name, std::string_view text);
  std::string (*get)(const FileOptions& options);
};

using Name = std::string_view;
using Text = std::string_view;
using Options = FileOptions;

constexpr std::array<OptionRow, 15> kOptions = {{
    {"csv_delimiter",
     [](Options& o, Name name, Text text) { o.csv_delimiter = read_delimiter(name, text); },
     [](const Options& o) { return std::string(1, o.csv_delimiter); }},
    {"csv_header", [](Options& o, Name name, Text text) { o.csv_header = read_flag(name, text); },
     [](const Options& o) { return flag_text(o.csv_header); }},
    {"csv_null", [](Options& o, Name name, Text text) { o.csv_null = read_null(name, text); },
     [](const Options& o) { return o.csv_null; }},
    {"csv_escape_formulas",
     [](Options& o, Name name, Text text) { o.csv_escape_formulas = read_flag(name, text); },
     [](const Options& o) { return flag_text(o.csv_escape_formulas); }},
    {"csv_line_end",
     [](Options& o, Name name, Text text) { o.csv_crlf = read_choice(name, text, "crlf", "lf"); },
     [](const Options& o) { return std::string(o.csv_crlf ? "crlf" : "lf"); }},
    {"big_integers",
     [](Options& o, Name name, Text text) {
       o.big_integers_as_text = read_choice(name, text, "string", "number");
     },
     [](const Options& o) { return std::string(o.big_integers_as_text ? "string" : "number"); }},
    {"type_mismatch",
     [](Options& o, Name name, Text text) { o.type_mismatch = read_mismatch(name, text); },
     [](const Options& o) { return mismatch_text(o.type_mismatch); }},
    {"compression_level",
     [](Options& o, Name, Text text) { o.compression_level = parse_compression_level(text); },
     [](const Options& o) { return level_text(o.compression_level); }},
    {"gzip_members",
     [](Options& o, Name name, Text text) {
       o.single_gzip_member = read_choice(name, text, "one", "many");
     },
     [](const Options& o) { return std::string(o.single_gzip_member ? "one" : "many"); }},
    {"max_file_size",
     [](Options& o, Name name, Text text) {
       o.max_file_size = read_count(name, text, kSmallestFile);
     },
     [](const Options& o) { return std::to_string(o.max_file_size); }},
    {"max_rows_per_file",
     [](Options& o, Name name, Text text) { o.max_rows_per_file = read_count(name, text, 1); },
     [](const Options& o) { return std::to_string(o.max_rows_per_file); }},
    {"partition_columns",
     [](Options& o, Name name, Text text) {
       o.drop_partition_columns = read_choice(name, text, "drop", "keep");
     },
     [](const Options& o) { return std::string(o.drop_partition_columns ? "drop" : "keep"); }},
    {"manifest", [](Options& o, Name name, Text text) { o.manifest = read_flag(name, text); },
     [](const Options& o) { return flag_text(o.manifest); }},
    {"success_file",
     [](Options& o, Name name, Text text) { o.success_file = read_flag(name, text); },
     [](const Options& o) { return flag_text(o.success_file); }},
    {"execution",
     [](Options& o, Name name, Text text) {
       o.on_cluster = read_choice(name, text, "cluster", "sluice");
     },
     [](const Options& o) { return std::string(o.on_cluster ? "cluster" : "sluice"); }},
}};

}  // namespace

const std::vector<std::string>& file_option_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    all.reserve(std::size(kOptions));
    for (const OptionRow& row : kOptions) all.emplace_back(row.name);
    return all;
  }();
  return names;
}

void set_file_option(FileOptions& options, std::string_view name, std::string_view text) {
  for (const OptionRow& row : kOptions) {
    if (row.name == name) return row.set(options, name, text);
  }
  throw Error(ErrorCode::kInvalid, "There is no file option '" + std::string(name) + "'.");
}

std::map<std::string, std::string> changed_file_options(const FileOptions& options) {
  const FileOptions standard;
  std::map<std::string, std::string> changed;
  for (const OptionRow& row : kOptions) {
    const std::string text = row.get(options);
    if (text != row.get(standard)) changed.emplace(row.name, text);
  }
  return changed;
}

void check_file_options(Format format, Compression compression, const FileOptions& options) {
  check_compression(format, compression);
  check_compression_level(options.compression_level, compression);
  if (options.csv_null.find(options.csv_delimiter) != std::string::npos) {
    refuse("csv_null", options.csv_null, "It must not hold the csv_delimiter.");
  }
}

}  // namespace sluice
