#include "engine/reach_check.h"

#include <chrono>
#include <optional>

#include "base/encoding.h"
#include "base/error.h"
#include "domain/sql_text.h"
#include "engine/sqlite_session.h"

namespace sluice {
namespace {

constexpr std::chrono::seconds kCompileTime{10};
constexpr const char* kNothing = "SELECT 1";

/// What a view becomes that has these columns and no rows of anything.
std::string stand_in(const std::vector<ColumnInfo>& columns) {
  std::string list;
  for (const ColumnInfo& column : columns) {
    list += (list.empty() ? "NULL AS " : ", NULL AS ") + quote_identifier(column.name);
  }
  return "SELECT " + list;
}

Error out_of_reach(const std::string& said) {
  return {ErrorCode::kForbidden,
          "The token may not read all that the statement names. With what it may read, " + said,
          "It needs PIPES:READ of each pipe and DATASOURCES:READ of each data source in the "
          "statement; attached files and logs need ADMIN."};
}

}  // namespace

void check_within_reach(const SqliteEngineOptions& options, Clock& clock, const Query& query,
                        const Reach& reach) {
  SqliteSession real(options, clock);
  real.limit(kCompileTime, {});
  Query over = query;  // Its views and what they may have.
  over.sql = kNothing;
  real.prepare(over);
  SqliteSession stage(SqliteEngineOptions(), clock);
  stage.limit(kCompileTime, {});
  std::vector<NamedQuery> views;
  for (const NamedQuery& view : query.views) {
    std::string sql = SqliteSession::broken_view();
    if (reach.views.contains(view.name)) {
      // With all views, so that one which is broken says why.
      over.sql = "SELECT * FROM temp." + quote_identifier(view.name);
      real.prepare(over);
      sql = stand_in(real.columns());
    }
    views.push_back({view.name, std::move(sql)});
  }
  for (const std::string& table : reach.tables) {
    if (!real.has_table(table)) continue;
    real.prepare_again(nullptr, "SELECT * FROM main." + quote_identifier(table));
    stage.put_table(table, real.columns());
  }
  try {
    stage.prepare({views, query.sql});
  } catch (const Error& error) {
    const std::string said = error.message();
    const bool missing = said.find("no such table") != std::string::npos;
    if (error.code() == ErrorCode::kInvalid && missing) throw out_of_reach(said);
    throw;
  }
}

}  // namespace sluice
