#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// One numbered step of the schema: `0007_what.sql` brings version 6 to 7.
struct Migration {
  std::string_view name;
  std::string_view sql;
};

/// All of them in order, embedded at build time from `migrations/`.
const std::vector<Migration>& migrations();

}  // namespace sluice
