#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// A list, map or tuple as ClickHouse prints it (`['a','b']`, `{'k':1}`, `('a',1)`) as JSON: its
/// texts in double quotes, its tuples as arrays. Anything else becomes no JSON; whoever uses the
/// result looks.
std::string json_of_literal(std::string_view literal);

/// What a text literal of SQL stands for: `'it''s'` (or, as ClickHouse has it, `'it\'s'`). Nothing
/// for anything else.
std::optional<std::string> sql_text_value(std::string_view literal);

}  // namespace sluice
