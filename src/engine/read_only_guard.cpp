#include "engine/read_only_guard.h"

#include <array>
#include <string_view>

#include "base/encoding.h"

namespace sluice {
namespace {

struct ActionName {
  int action;
  std::string_view text;
};

/// For the sentence only; what is not listed is refused all the same.
constexpr std::array<ActionName, 17> kActionNames = {
    {{SQLITE_INSERT, "INSERT into"},
     {SQLITE_UPDATE, "UPDATE of"},
     {SQLITE_DELETE, "DELETE from"},
     {SQLITE_CREATE_TABLE, "CREATE TABLE"},
     {SQLITE_CREATE_TEMP_TABLE, "CREATE TABLE"},
     {SQLITE_CREATE_VIEW, "CREATE VIEW"},
     {SQLITE_CREATE_TEMP_VIEW, "CREATE VIEW"},
     {SQLITE_CREATE_INDEX, "CREATE INDEX"},
     {SQLITE_CREATE_VTABLE, "CREATE VIRTUAL TABLE"},
     {SQLITE_DROP_TABLE, "DROP TABLE"},
     {SQLITE_DROP_VIEW, "DROP VIEW"},
     {SQLITE_DROP_INDEX, "DROP INDEX"},
     {SQLITE_ALTER_TABLE, "ALTER TABLE"},
     {SQLITE_ATTACH, "ATTACH or VACUUM"},
     {SQLITE_DETACH, "DETACH"},
     {SQLITE_PRAGMA, "PRAGMA"},
     {SQLITE_TRANSACTION, "transaction"}}};

/// Functions that reach outside the data: code, tokenizer pointers, the library's own insides.
constexpr std::array<std::string_view, 3> kRefusedFunctions = {"load_extension", "fts3_tokenizer",
                                                               "sqlite_compileoption_get"};

/// Our own tables in the warehouse, and its schema, which lists them. Where no column of a table is
/// read (`count(*)`), SQLite tells its schema only if the statement names it.
bool is_internal(const std::string& schema, const std::string& table) {
  if (!schema.empty() && schema != "main") return false;
  return table.starts_with("sqlite_") || table == "sluice_datasources" ||
         (schema == "main" && table.starts_with("sluice_"));
}

std::string text_of(const char* text) { return text == nullptr ? std::string() : text; }

}  // namespace

void ReadOnlyGuard::attach_to(sqlite3* connection) {
  sqlite3_set_authorizer(connection, &ReadOnlyGuard::callback, this);
}

void ReadOnlyGuard::forget() {
  refused_.clear();
  reads_.clear();
}

int ReadOnlyGuard::callback(void* self, int action, const char* first, const char* second,
                            const char* schema, const char* inner) {
  return static_cast<ReadOnlyGuard*>(self)->decide(action, first, second, schema, inner);
}

int ReadOnlyGuard::decide(int action, const char* first, const char* second, const char* schema,
                          const char* inner) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_READ:
      return decide_read(first, schema, inner);
    case SQLITE_FUNCTION:
      return decide_function(second);
    default:
      break;
  }
  const std::string table = ascii_lower(text_of(first));
  if (table == "sqlite_master" || table == "sqlite_temp_master") {
    // What statements about the schema ask for first. An update is also what it looks like when a
    // virtual table is opened.
    return refuse(action == SQLITE_UPDATE ? "a change of the schema or a virtual table"
                                          : "a change of the schema (CREATE, DROP or ALTER)");
  }
  std::string what = "an operation that is not reading";
  for (const ActionName& name : kActionNames) {
    if (name.action == action) what = name.text;
  }
  return refuse(what + (first == nullptr ? "" : " " + text_of(first)));
}

int ReadOnlyGuard::decide_read(const char* table, const char* schema, const char* inner) {
  const std::string name = text_of(table);
  const std::string lower = ascii_lower(name);
  const std::string where = text_of(schema);
  // The schema of temp holds the SQL of other pipes.
  if (lower == "sqlite_temp_schema" || lower == "sqlite_temp_master" ||
      (where == "temp" && lower.starts_with("sqlite_"))) {
    return refuse("reading " + name);
  }
  if (is_internal(where, lower)) return refuse("reading " + name + " of the warehouse");
  if (lower.starts_with("pragma_")) return refuse("reading " + name);
  const bool plain = where.empty() || where == "main" || where == "temp";
  reads_.insert({plain ? name : where + "." + name, text_of(inner)});
  return SQLITE_OK;
}

int ReadOnlyGuard::decide_function(const char* name) {
  const std::string lower = ascii_lower(text_of(name));
  for (std::string_view refused : kRefusedFunctions) {
    if (lower == refused) return refuse("calling " + lower + "()");
  }
  return SQLITE_OK;
}

int ReadOnlyGuard::refuse(std::string what) {
  if (refused_.empty()) refused_ = std::move(what);
  return SQLITE_DENY;
}

}  // namespace sluice
