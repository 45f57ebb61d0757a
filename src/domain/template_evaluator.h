#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "domain/file_template.h"
#include "domain/sql_output.h"
#include "domain/template_syntax.h"

namespace sluice {

/// Thrown by `error` and `custom_error`: the template itself refuses its parameters.
class TemplateRefusal : public Error {
 public:
  using Error::Error;
};

/// Carries a template out once. Everything it is given outlives it.
class TemplateEvaluator {
 public:
  /// `is_sample`: where a parameter is missing a sample of its type takes its place.
  TemplateEvaluator(std::string_view whole, const RunVariables& parameters, bool is_sample,
                    SqlDialect dialect)
      : whole_(whole), parameters_(parameters), is_sample_(is_sample), output_(dialect) {}

  /// The statement. Throws kInvalid and kTooLarge, with line and column in front.
  std::string run(const std::vector<TemplateBlock>& blocks);

  // For the functions of templates (template_functions.cpp).
  TemplateValue value(const TemplateExpression& expression);
  /// The value of a name: one that was set, or a parameter. Nothing where there is neither. Throws
  /// kTooLarge for a parameter over limits::kSqlBytes, as a statement could not hold it.
  std::optional<TemplateValue> find(const std::string& name);
  /// Whether `find` would find something.
  bool knows(const std::string& name) const;
  bool is_sample() const { return is_sample_; }

 private:
  enum class Flow { kOn, kBreak, kContinue };

  Flow run_blocks(const std::vector<TemplateBlock>& blocks);
  Flow run_block(const TemplateBlock& block);
  Flow run_if(const TemplateBlock& block);
  Flow run_for(const TemplateBlock& block);
  void set(const std::vector<std::string>& names, const TemplateValue& value);
  TemplateValue compute(const TemplateExpression& expression);
  TemplateValue operate(const TemplateExpression& expression);
  TemplateValue operate(const std::string& op, const TemplateValue& a,
                        const TemplateValue& b) const;
  TemplateValue name_value(const std::string& name);
  void count_step(size_t steps);

  std::string_view whole_;
  const RunVariables& parameters_;
  const bool is_sample_;
  SqlOutput output_;
  std::map<std::string, TemplateValue> set_;
  size_t at_ = 0;  ///< Of what is being carried out.
  size_t steps_ = 0;
};

}  // namespace sluice
