#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/error.h"

namespace sluice {

// How values of ours stand in a row of the state database.

inline Timestamp time_of(const SQLite::Column& column) {
  const std::string text = column.getString();
  std::optional<Timestamp> time = parse_timestamp(text);
  if (!time) throw Error(ErrorCode::kCorrupt, "The state database holds the time '" + text + "'.");
  return *time;
}

inline std::optional<Timestamp> optional_time_of(const SQLite::Column& column) {
  if (column.isNull()) return std::nullopt;
  return time_of(column);
}

inline std::optional<std::string> optional_text_of(const SQLite::Column& column) {
  if (column.isNull()) return std::nullopt;
  return column.getString();
}

inline void bind_optional(SQLite::Statement& statement, int index,
                          const std::optional<std::string>& value) {
  if (value) {
    statement.bind(index, *value);
  } else {
    statement.bind(index);
  }
}

inline void bind_optional(SQLite::Statement& statement, int index,
                          const std::optional<Timestamp>& value) {
  if (value) {
    statement.bind(index, format_timestamp(*value));
  } else {
    statement.bind(index);
  }
}

}  // namespace sluice
