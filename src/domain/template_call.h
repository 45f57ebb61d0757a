#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "domain/template_evaluator.h"

namespace sluice {

/// A call of a template's function, with its arguments found by place or name. Lives while it runs.
class TemplateCall {
 public:
  TemplateCall(TemplateEvaluator& evaluator, const TemplateExpression& call)
      : evaluator_(evaluator), call_(call) {}

  const std::string& function() const { return call_.text; }
  bool is_sample() const { return evaluator_.is_sample(); }
  size_t count() const { return call_.children.size(); }
  const std::vector<TemplateKeyword>& keywords() const { return call_.keywords; }

  /// The value at a place, or behind `keyword=`; nothing where neither is given.
  std::optional<TemplateValue> find(size_t place, std::string_view keyword = {});
  /// The same as a text. Throws kInvalid where it is none.
  std::optional<std::string> find_text(size_t place, std::string_view keyword = {});
  /// Throws kInvalid where it is missing.
  TemplateValue get(size_t place, std::string_view what);
  std::string get_text(size_t place, std::string_view what);
  TemplateValue value(const TemplateExpression& expression) { return evaluator_.value(expression); }

  /// The first argument, which names a parameter: its value, nothing where it was not given. A text
  /// in quotes is a name, too, where a parameter of that name was given, and else a value; another
  /// expression is a value.
  std::optional<TemplateValue> parameter();
  /// Whether there is a value for the name that the first argument is.
  bool is_given() const;
  /// Whether an expression is a parameter that was not given: a name, or a typed name without a
  /// default. Where samples take their place nothing is missing.
  bool is_missing(const TemplateExpression& expression) const;
  /// Its name for messages.
  std::string parameter_name() const;

  /// Throws kInvalid for more arguments than `places`, or names that are not among `keywords`.
  void check(size_t places, std::initializer_list<std::string_view> keywords) const;

 private:
  TemplateEvaluator& evaluator_;
  const TemplateExpression& call_;
};

}  // namespace sluice
