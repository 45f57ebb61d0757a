#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/template_value.h"

namespace sluice {

struct TemplateKeyword;

/// An expression of a SQL template, as it is written.
struct TemplateExpression {
  enum class Kind {
    kConstant,  ///< `constant`
    kName,      ///< `text`
    kList,      ///< `children`
    kMap,       ///< `children`: key, value, key, value, ...
    kCall,      ///< `text`(children, keywords)
    kMethod,    ///< children[0].`text`(the other children)
    kIndex,     ///< children[0][children[1]]
    kNot,       ///< of children[0]
    kMinus,     ///< of children[0]
    kOperator,  ///< children[0] `text` children[1]; `text` also `and`, `or`, `in`, `not in`, ==,
                ///< ...
    kChoice,    ///< children[0] if children[1] else children[2]
  };
  Kind kind = Kind::kConstant;
  size_t at = 0;  ///< Where it begins, in bytes of the template.
  std::string text;
  TemplateValue constant;
  std::vector<TemplateExpression> children;
  std::vector<TemplateKeyword> keywords;
  size_t height = 1;  ///< Of the tree; at most kTemplateDepth.
};

/// `name=value` in a call.
struct TemplateKeyword {
  std::string name;
  TemplateExpression value;
};

/// How deep expressions and blocks may stand in each other.
inline constexpr size_t kTemplateDepth = 60;

/// A stretch of a template. `kText` has `text`; `kOutput` has `expression`; `kIf` has branches, the
/// last without `condition` if it is the else; `kFor` has names, `expression` (of the list) and one
/// branch; `kSet` has names and `expression`.
struct TemplateBlock {
  enum class Kind { kText, kOutput, kIf, kFor, kSet, kBreak, kContinue };
  struct Branch {
    std::unique_ptr<TemplateExpression> condition;
    std::vector<TemplateBlock> blocks;
  };
  Kind kind = Kind::kText;
  size_t at = 0;
  std::string text;
  std::unique_ptr<TemplateExpression> expression;
  std::vector<std::string> names;
  std::vector<Branch> branches;
};

/// "Line 2, column 7": counted from 1, columns in characters.
std::string place_in(std::string_view text, size_t at);

/// Reads a whole expression, which begins at byte `at` of the template. Throws kInvalid that begins
/// with the place.
TemplateExpression parse_template_expression(std::string_view whole, size_t at, size_t end);
/// Reads all blocks of a template, from byte `at` on. Throws likewise.
std::vector<TemplateBlock> parse_template_blocks(std::string_view whole, size_t at);

}  // namespace sluice
