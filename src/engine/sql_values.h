#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/sql_call.h"

namespace sluice {

/// SQLite's order of values: numbers, then texts, then BLOBs, both byte by byte. Less than, equal
/// to or greater than 0. Neither is NULL.
int compare_values(sqlite3_value* a, sqlite3_value* b);

struct ValueFree {
  void operator()(sqlite3_value* value) const { sqlite3_value_free(value); }
};
/// A value that lives longer than the call it came with.
using KeptValue = std::unique_ptr<sqlite3_value, ValueFree>;
KeptValue keep_value(sqlite3_value* value);
/// About how much memory a kept value takes.
size_t kept_bytes(sqlite3_value* value);

/// A number as ClickHouse writes it: `1`, `0.1`, `1e21`, `1e-7`; `inf`, `-inf`.
void append_plain_real(std::string& out, double number);

/// Adds the argument to a JSON array or object that is being written: numbers as they are, JSON of
/// other functions as it is, text as a string, NULL as null. Throws kInvalid for a BLOB.
void append_json_value(std::string& out, const SqlCall& call, size_t i);
/// The text in quotes; what is not UTF-8 becomes U+FFFD.
void append_repaired_json_string(std::string& out, std::string_view text);

}  // namespace sluice
