#pragma once

#include <random>
#include <string>
#include <vector>

namespace sluice {

/// Whatever has ended a literal, a name or a comment somewhere.
inline const std::vector<std::string> kNastyPieces = {"'",
                                                      "''",
                                                      "\"",
                                                      "`",
                                                      "``",
                                                      "[",
                                                      "]",
                                                      "--",
                                                      "/*",
                                                      "*/",
                                                      "*",
                                                      "/",
                                                      ";",
                                                      "\n",
                                                      "\r",
                                                      "\t",
                                                      "\\",
                                                      "\\'",
                                                      ")",
                                                      "(",
                                                      ",",
                                                      ".",
                                                      " OR 1=1",
                                                      " UNION SELECT s FROM secret",
                                                      " UNION ALL ",
                                                      "secret",
                                                      "{{",
                                                      "}}",
                                                      "{%",
                                                      "%}",
                                                      "{#",
                                                      "#}",
                                                      "{{error('x')}}",
                                                      "{% end %}",
                                                      "tb_secret('k')",
                                                      "tb_secret",
                                                      "x",
                                                      "a",
                                                      "1",
                                                      "%",
                                                      "?",
                                                      ":a",
                                                      "@a",
                                                      "$a",
                                                      "#",
                                                      "\xc2\xa0",
                                                      "\xca\xbc",
                                                      "\xef\xbc\x87",
                                                      "\xe2\x80\x99",
                                                      "\xf0\x9f\x99\x82",
                                                      "\xff",
                                                      "\xc3",
                                                      "NULL",
                                                      "0x",
                                                      "e5",
                                                      "-",
                                                      "+",
                                                      " ",
                                                      "x'",
                                                      "=",
                                                      "||",
                                                      "IN",
                                                      "LIMIT 1",
                                                      "CAST",
                                                      std::string("\0", 1),
                                                      "\x01",
                                                      "\x1a"};

/// Numbers, and what some programs take for numbers.
inline const std::vector<std::string> kNastyNumbers = {"0",
                                                       "1",
                                                       "-1",
                                                       "2147483647",
                                                       "-2147483648",
                                                       "1e5",
                                                       "--1",
                                                       "1;",
                                                       "1 OR 1=1",
                                                       "(1)",
                                                       "0x1",
                                                       "",
                                                       " 7 ",
                                                       "1)",
                                                       "-",
                                                       "+5",
                                                       "9223372036854775807",
                                                       "-9223372036854775808",
                                                       "1.5",
                                                       "nan",
                                                       "inf",
                                                       "1_000",
                                                       "\xd9\xa3",
                                                       "1e999",
                                                       "00",
                                                       "-0"};

using Random = std::mt19937;

inline size_t below(Random& random, size_t end) {
  return std::uniform_int_distribution<size_t>(0, end - 1)(random);
}

/// Some of these, in any order.
inline std::string nasty_text(Random& random) {
  std::string out;
  const size_t count = below(random, 8);
  for (size_t i = 0; i < count; ++i) out += kNastyPieces[below(random, kNastyPieces.size())];
  return out;
}

inline std::string nasty_number(Random& random) {
  return below(random, 4) == 0 ? nasty_text(random)
                               : kNastyNumbers[below(random, kNastyNumbers.size())];
}

/// A list of which some items are what they should be.
inline std::string nasty_list(Random& random) {
  std::string out;
  const size_t count = below(random, 5);
  for (size_t i = 0; i < count; ++i) {
    out += (i == 0 ? "" : ",") + (below(random, 2) == 0 ? "b" : nasty_text(random));
  }
  return out;
}

}  // namespace sluice
