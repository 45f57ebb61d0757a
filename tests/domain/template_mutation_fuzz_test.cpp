// Templates that a grammar makes, and what bytes of chance make of them: each is carried out or
// refused with a sentence, soon, and within the limits. SLUICE_FUZZ=1000000 makes so many.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <random>

#include "base/limits.h"
#include "domain/template_world.h"
#include "support/executions.h"

namespace sluice {
namespace {

using testing::AnyOf;

using Random = std::mt19937;
using Steps = std::chrono::steady_clock;

/// Far above what the step limit lets a template take, even under sanitizers on a busy machine.
constexpr std::chrono::seconds kSoon{20};

class Grammar {
 public:
  explicit Grammar(Random& random) : random_(random) {}

  std::string statement() {
    size_ = 0;
    return "%" + blocks(4);
  }

 private:
  size_t below(size_t end) { return std::uniform_int_distribution<size_t>(0, end - 1)(random_); }
  const std::string& one_of(const std::vector<std::string>& all) { return all[below(all.size())]; }

  std::string blocks(size_t depth) {
    std::string out;
    const size_t count = 1 + below(4);
    for (size_t i = 0; i < count; ++i) out += block(depth);
    return out;
  }

  std::string block(size_t depth) {
    static const std::vector<std::string> kTexts = {
        "SELECT ", "a",  " FROM t", " WHERE ", "'",   "''",  "\"",     "`", "[", "]", "--", "\n",
        "/*",      "*/", " ",       ",",       "{{!", "tb_", "secret", "é", ";", "%", "{",  "}"};
    if (++size_ > 60 || depth == 0) return one_of(kTexts);
    switch (below(9)) {
      case 0:
        return "{% if " + expression(3) + " %}" + blocks(depth - 1) + "{% elif " + expression(2) +
               " %}" + blocks(depth - 1) + "{% else %}" + blocks(depth - 1) + "{% end %}";
      case 1:
        return "{% for " + name() + " in " + expression(3) + " %}" + blocks(depth - 1) +
               "{% end %}";
      case 2:
        return "{% for i in range(" + std::to_string(below(12000)) + ") %}" + blocks(depth - 1) +
               (below(3) == 0 ? "{% break %}" : "") + "{% end %}";
      case 3:
        return "{% set " + name() + " = " + expression(4) + " %}";
      case 4:
        return "{# " + one_of(kTexts) + " #}";
      case 5:
      case 6:
        return "{{" + expression(4) + "}}";
      default:
        return one_of(kTexts);
    }
  }

  std::string name() {
    static const std::vector<std::string> kNames = {"a", "b", "c", "i", "big", "json", "missing"};
    return one_of(kNames);
  }

  std::string constant() {
    static const std::vector<std::string> kConstants = {"0",
                                                        "1",
                                                        "-1",
                                                        "9223372036854775807",
                                                        "1.5",
                                                        "1e308",
                                                        "'x'",
                                                        "'a,b,c'",
                                                        "\"it's\"",
                                                        "''",
                                                        "None",
                                                        "True",
                                                        "False",
                                                        "'\\n'",
                                                        "'%Y-%m-%d'",
                                                        "'2026-11-24'",
                                                        "'Int32'",
                                                        "'tb_secret'",
                                                        "'[1, {\"a\": []}]'",
                                                        "[]",
                                                        "{}",
                                                        "()"};
    return one_of(kConstants);
  }

  std::string expression(size_t depth) {
    static const std::vector<std::string> kOperators = {
        "+", "-",  "*",    "/",        "//",    "%",    "==",   "!=",
        "<", ">=", " in ", " not in ", " and ", " or ", " is ", " is not "};
    static const std::vector<std::string> kFunctions = {"String",
                                                        "Int8",
                                                        "Int256",
                                                        "Float64",
                                                        "Boolean",
                                                        "Date",
                                                        "DateTime64",
                                                        "UUID",
                                                        "Array",
                                                        "JSON",
                                                        "defined",
                                                        "column",
                                                        "columns",
                                                        "symbol",
                                                        "table",
                                                        "error",
                                                        "custom_error",
                                                        "split_to_array",
                                                        "enumerate_with_last",
                                                        "sql_and",
                                                        "date_diff_in_days",
                                                        "day_diff",
                                                        "len",
                                                        "range",
                                                        "max_threads",
                                                        "tb_secret",
                                                        "nothing"};
    static const std::vector<std::string> kMethods = {"split",      "upper", "strip", "replace",
                                                      "startswith", "get",   "none"};
    static const std::vector<std::string> kKeywords = {
        "default",   "required", "enum",   "defined",     "fn",
        "separator", "a__in",    "b__gte", "date_format", "none_if_error"};
    if (++size_ > 60 || depth == 0) return below(2) == 0 ? name() : constant();
    switch (below(10)) {
      case 0:
      case 1:
        return expression(depth - 1) + one_of(kOperators) + expression(depth - 1);
      case 2:
      case 3:
      case 4: {
        std::string call = one_of(kFunctions) + "(" + expression(depth - 1);
        for (size_t i = below(3); i > 0; --i) call += ", " + expression(depth - 1);
        if (below(3) == 0) call += ", " + one_of(kKeywords) + "=" + expression(depth - 1);
        return call + ")";
      }
      case 5:
        return "(" + expression(depth - 1) + ")." + one_of(kMethods) + "(" + constant() + ")";
      case 6:
        return "[" + expression(depth - 1) + ", " + expression(depth - 1) + "]";
      case 7:
        return "{" + constant() + ": " + expression(depth - 1) + "}[" + constant() + "]";
      case 8:
        return "(" + expression(depth - 1) + " if " + expression(depth - 1) + " else " +
               expression(depth - 1) + ")";
      default:
        return below(2) == 0 ? name() : constant();
    }
  }

  Random& random_;
  size_t size_ = 0;
};

/// Bytes of chance: changed, put in, taken out, or a stretch twice.
void mutate(std::string& text, Random& random) {
  const auto below = [&](size_t end) {
    return std::uniform_int_distribution<size_t>(0, end - 1)(random);
  };
  static constexpr std::string_view kSigns = "{}%#'\"()[],.:=\\ \n\t-+*/<>!_abZ09\x00\xff\xc3\xa9";
  for (size_t count = 1 + below(4); count > 0 && !text.empty(); --count) {
    const size_t at = below(text.size());
    switch (below(4)) {
      case 0:
        text[at] = kSigns[below(kSigns.size())];
        break;
      case 1:
        text.insert(at, 1, kSigns[below(kSigns.size())]);
        break;
      case 2:
        text.erase(at, 1 + below(5));
        break;
      default:
        text.insert(at, text.substr(below(text.size()), 1 + below(40)));
    }
  }
}

struct Figures {
  size_t parsed = 0;
  size_t rendered = 0;
  Steps::duration longest{};
};

void carry_out(const std::string& text, Figures& figures) {
  const RunVariables parameters = {{"a", "x"},
                                   {"b", "5"},
                                   {"big", std::string(20000, ',')},
                                   {"json", R"([{"a": [1, 2, {"b": null}]}])"}};
  const Steps::time_point begin = Steps::now();
  try {
    const SqlTemplate statement = SqlTemplate::parse(text);
    ++figures.parsed;
    (void)statement.parameters();
    (void)SqlTemplate::uses_secrets(text);
    if (const auto sample = statement.render_sample({})) {
      ASSERT_LE(sample->size(), limits::kSqlBytes);
    }
    ASSERT_LE(statement.render(parameters).size(), limits::kSqlBytes);
    ++figures.rendered;
  } catch (const Error& error) {
    ASSERT_THAT(error.code(),
                AnyOf(ErrorCode::kInvalid, ErrorCode::kForbidden, ErrorCode::kTooLarge))
        << text;
    // What `error(None)` says is the template's own.
    ASSERT_TRUE(!error.message().empty() || text.find("error") != std::string::npos) << text;
  }
  const Steps::duration took = Steps::now() - begin;
  figures.longest = std::max(figures.longest, took);
  ASSERT_LT(took, kSoon) << text;
}

TEST(TemplateMutationFuzzTest, AnyTemplateIsCarriedOutOrRefused) {
  const uint32_t seed = fuzz_seed(20261129);
  Random random(seed);
  Grammar grammar(random);
  const size_t count = executions(5000);
  Figures figures;
  for (size_t i = 0; i < count; ++i) {
    std::string text = grammar.statement();
    if (i % 2 == 1) mutate(text, random);
    carry_out(text, figures);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(figures.parsed, count / 10);
  EXPECT_GT(figures.rendered, count / 100);
  std::cout << "template fuzz, grammar and mutations: " << count << " executions, "
            << figures.parsed << " parsed, " << figures.rendered << " rendered, the longest took "
            << std::chrono::duration_cast<std::chrono::milliseconds>(figures.longest).count()
            << " ms, seed " << seed << "\n";
}

TEST(TemplateMutationFuzzTest, AnyWordsAreATemplateOrRefused) {
  static const std::vector<std::string> kPieces = {
      "{{",      "}}",      "{%",    "%}",       "{#",   "#}",   "if ",   "for ",   "in ",
      "end",     "else",    "elif ", "set ",     "a",    "b",    "=",     "==",     "(",
      ")",       "[",       "]",     "{",        "}",    ",",    ":",     ".",      "'",
      "\"",      "1",       "-",     "+",        "not ", "and ", "Int32", "String", "defined",
      "columns", "sql_and", "range", " ",        "\n",   "\\",   "\xff",  "break",  "a__in=",
      "'x'",     "split",   "None",  "tb_secret"};
  const uint32_t seed = fuzz_seed(13);
  Random random(seed);
  const auto below = [&](size_t end) {
    return std::uniform_int_distribution<size_t>(0, end - 1)(random);
  };
  const size_t count = executions(50000);
  Figures figures;
  for (size_t i = 0; i < count; ++i) {
    std::string text = "%";
    for (size_t k = 1 + below(14); k > 0; --k) text += kPieces[below(kPieces.size())];
    carry_out(text, figures);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(figures.rendered, count / 1000);
  std::cout << "template fuzz, words: " << count << " executions, " << figures.parsed << " parsed, "
            << figures.rendered << " rendered, seed " << seed << "\n";
}

}  // namespace
}  // namespace sluice
