#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "domain/format.h"

namespace sluice {

/// The names of the file options, as calls and the state database spell them: csv_delimiter,
/// csv_header, csv_null, csv_escape_formulas, csv_line_end, big_integers, type_mismatch,
/// compression_level, gzip_members, max_file_size, max_rows_per_file, partition_columns, manifest,
/// success_file. In the order of the table in the README.
const std::vector<std::string>& file_option_names();

/// Sets one of them from text. Throws kInvalid that says what can be.
void set_file_option(FileOptions& options, std::string_view name, std::string_view text);

/// Those that are not as they are by default, as `set_file_option` reads them.
std::map<std::string, std::string> changed_file_options(const FileOptions& options);

/// Throws kInvalid for what does not go together: codec and format, level and codec, a delimiter
/// that NULL's text holds.
void check_file_options(Format format, Compression compression, const FileOptions& options);

}  // namespace sluice
