#include "domain/sql_template.h"

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "domain/template_evaluator.h"
#include "domain/template_secrets.h"
#include "domain/template_syntax.h"
#include "domain/template_types.h"

namespace sluice {
namespace {

using Expression = TemplateExpression;

/// Collects the parameters that a template names. Names that it sets itself are none.
class Collector {
 public:
  void look_at(const std::vector<TemplateBlock>& blocks) {
    for (const TemplateBlock& block : blocks) {
      if (block.expression) look_at(*block.expression);
      own_.insert(block.names.begin(), block.names.end());
      for (const TemplateBlock::Branch& branch : block.branches) {
        if (branch.condition) look_at(*branch.condition);
        look_at(branch.blocks);
      }
    }
  }

  std::vector<TemplateParameter> take() { return std::move(found_); }

 private:
  void look_at(const Expression& expression) {
    if (expression.kind == Expression::Kind::kName) add({expression.text, "", {}, "", false, {}});
    if (expression.kind == Expression::Kind::kCall) look_at_call(expression);
    const bool has_name = expression.kind == Expression::Kind::kCall &&
                          !expression.children.empty() &&
                          expression.children.front().kind == Expression::Kind::kName;
    for (size_t i = has_name ? 1 : 0; i < expression.children.size(); ++i) {
      look_at(expression.children[i]);
    }
    for (const auto& keyword : expression.keywords) look_at(keyword.value);
  }

  void look_at_call(const Expression& call) {
    if (call.children.empty() || call.children.front().kind != Expression::Kind::kName) return;
    TemplateParameter parameter;
    parameter.name = call.children.front().text;
    size_t fallback_place = 1;
    if (is_template_type(call.text)) {
      parameter.type = call.text;
    } else if (call.text == "Array") {
      const std::string second =
          call.children.size() > 1 ? plain_text(call.children[1].constant) : std::string();
      const bool is_typed = is_template_type(second);
      fallback_place = is_typed ? 2 : 1;
      parameter.type = "Array(" + (is_typed ? second : "String") + ")";
    } else if (call.text == "column" || call.text == "columns") {
      parameter.type = call.text == "column" ? "Column" : "Columns";
    } else if (call.text == "JSON") {
      parameter.type = "JSON";
    } else if (call.text == "split_to_array") {
      parameter.type = "Array(String)";
    } else {
      fallback_place = SIZE_MAX;
    }
    if (fallback_place < call.children.size())
      take_fallback(parameter, call.children[fallback_place]);
    for (const auto& [name, value] : call.keywords) {
      if (name == "default") take_fallback(parameter, value);
      if (name == "description") parameter.description = plain_text(value.constant);
      if (name == "required") parameter.is_required = is_true(value.constant);
      if (name != "enum") continue;
      for (const Expression& choice : value.children) parameter.choices.push_back(choice.constant);
    }
    add(std::move(parameter));
  }

  /// Only what is plain to see: `5`, `-1`, `['a', 'b']`.
  static void take_fallback(TemplateParameter& parameter, const Expression& value) {
    if (value.kind == Expression::Kind::kConstant) parameter.fallback = value.constant;
    if (value.kind == Expression::Kind::kMinus) {
      const TemplateValue& number = value.children.front().constant;
      if (const auto* whole = std::get_if<int64_t>(&number.data)) parameter.fallback = -*whole;
      if (const auto* real = std::get_if<double>(&number.data)) parameter.fallback = -*real;
    }
    if (value.kind == Expression::Kind::kList) {
      TemplateList items;
      for (const Expression& item : value.children) items.push_back(item.constant);
      parameter.fallback = TemplateValue{std::move(items)};
    }
  }

  /// The first mention with a type says what the parameter is.
  void add(TemplateParameter parameter) {
    if (own_.contains(parameter.name)) return;
    const auto known =
        std::find_if(found_.begin(), found_.end(),
                     [&](const TemplateParameter& one) { return one.name == parameter.name; });
    if (known == found_.end()) {
      found_.push_back(std::move(parameter));
    } else if (known->type.empty()) {
      *known = std::move(parameter);
    }
  }

  std::set<std::string> own_;
  std::vector<TemplateParameter> found_;
};

}  // namespace

struct SqlTemplate::Parsed {
  std::string text;
  std::vector<TemplateBlock> blocks;
  SecretNames secrets;
};

bool SqlTemplate::is_template(std::string_view sql) { return trim(sql).starts_with('%'); }

SqlTemplate SqlTemplate::parse(std::string_view sql) {
  if (sql.size() > limits::kSqlBytes) {
    throw Error(ErrorCode::kTooLarge,
                "The template has more than " + std::to_string(limits::kSqlBytes) + " bytes.");
  }
  auto parsed = std::make_shared<Parsed>();
  parsed->text = sql;
  parsed->blocks = parse_template_blocks(parsed->text, parsed->text.find('%') + 1);
  parsed->secrets = secrets_in(parsed->text, parsed->blocks);
  return SqlTemplate(std::move(parsed));
}

bool SqlTemplate::uses_secrets(std::string_view sql) {
  if (!is_template(sql)) return false;
  try {
    return !parse(sql).secrets().empty();
  } catch (const Error&) {
    return false;  // It is refused where it is to be stored.
  }
}

const SecretNames& SqlTemplate::secrets() const { return parsed_->secrets; }

std::vector<TemplateParameter> SqlTemplate::parameters() const {
  Collector collector;
  collector.look_at(parsed_->blocks);
  std::vector<TemplateParameter> out = collector.take();
  for (TemplateParameter& parameter : out) {
    if (parameter.type.empty()) parameter.type = "String";
  }
  return out;
}

std::string SqlTemplate::render(const RunVariables& parameters, SqlDialect dialect) const {
  return TemplateEvaluator(parsed_->text, parameters, false, dialect).run(parsed_->blocks);
}

std::optional<std::string> SqlTemplate::render_sample(const RunVariables& parameters,
                                                      SqlDialect dialect) const {
  try {
    return TemplateEvaluator(parsed_->text, parameters, true, dialect).run(parsed_->blocks);
  } catch (const TemplateRefusal&) {
    return std::nullopt;
  }
}

}  // namespace sluice
