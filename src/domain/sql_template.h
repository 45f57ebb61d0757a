#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/file_template.h"
#include "domain/sql_dialect.h"
#include "domain/template_value.h"
#include "domain/variable.h"

namespace sluice {

/// A parameter that a template names.
struct TemplateParameter {
  std::string name;
  std::string type;  ///< `Int32`, ..., `Array(Int32)`, `Column`, `Columns`; `String` without one.
  std::optional<TemplateValue> fallback;
  std::string description;
  bool is_required = false;
  TemplateList choices;  ///< Empty: any.
};

/// SQL with Tornado's marks in it ({{ }}, {% %}, {# #}; docs/sql-templates.md): the statement
/// depends on parameters. A value comes into it as a literal, a name as a quoted name, so whatever
/// a caller gives, the statement keeps the shape that the template has. Immutable, cheap to copy.
class SqlTemplate {
 public:
  /// Whether the SQL is a template: its first sign is `%`.
  static bool is_template(std::string_view sql);
  /// Throws kInvalid that begins with line and column, and kTooLarge over limits::kSqlBytes.
  static SqlTemplate parse(std::string_view sql);

  /// Whether the SQL is a template that names secrets. What is none, or can't be parsed, names
  /// none.
  static bool uses_secrets(std::string_view sql);

  /// The secrets that it names anywhere.
  const SecretNames& secrets() const;
  /// In the order in which they first stand, without repeats.
  std::vector<TemplateParameter> parameters() const;
  /// The statement for these parameters. Throws kInvalid with line and column: a parameter is
  /// missing or of another type, the template refuses (`error`), a value stands inside of quotes,
  /// or it takes too many steps; kTooLarge over limits::kSqlBytes.
  std::string render(const RunVariables& parameters,
                     SqlDialect dialect = SqlDialect::kSqlite) const;
  /// The statement with a sample in place of each parameter that is missing, to be checked; nothing
  /// where the template refuses to be run without them. Throws as `render` does.
  std::optional<std::string> render_sample(const RunVariables& parameters,
                                           SqlDialect dialect = SqlDialect::kSqlite) const;

 private:
  struct Parsed;
  explicit SqlTemplate(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}

  std::shared_ptr<const Parsed> parsed_;
};

}  // namespace sluice
