#include "domain/template_evaluator.h"

#include <algorithm>

#include "base/error.h"
#include "base/limits.h"
#include "domain/template_functions.h"

namespace sluice {
namespace {

using Expression = TemplateExpression;

/// Blocks and expressions that one run may carry out: a template always ends soon.
constexpr size_t kSteps = 200000;
/// Bytes of a text that count as a step.
constexpr size_t kBytesPerStep = 256;

/// What copying the value costs, in steps: lists hold lists, so a small one can be large.
size_t weight(const TemplateValue& value) {
  if (const auto* text = std::get_if<std::string>(&value.data)) return text->size() / kBytesPerStep;
  size_t sum = 0;
  const auto add = [&](const TemplateList& list) {
    for (const TemplateValue& item : list) sum += 1 + weight(item);
  };
  if (const auto* list = std::get_if<TemplateList>(&value.data)) add(*list);
  if (const auto* map = std::get_if<TemplateMap>(&value.data)) {
    add(map->keys);
    add(map->values);
  }
  return sum;
}

bool contains(const TemplateValue& all, const TemplateValue& one) {
  if (const auto* list = std::get_if<TemplateList>(&all.data)) {
    return std::any_of(list->begin(), list->end(),
                       [&](const TemplateValue& item) { return equals(item, one); });
  }
  const auto* text = std::get_if<std::string>(&all.data);
  const auto* part = std::get_if<std::string>(&one.data);
  if (text != nullptr && part != nullptr) return text->find(*part) != std::string::npos;
  throw Error(ErrorCode::kInvalid, "'in' can't look for " + std::string(kind_of(one)) + " in " +
                                       std::string(kind_of(all)) + ".");
}

TemplateValue item_at(const TemplateValue& all, const TemplateValue& index) {
  if (const auto* map = std::get_if<TemplateMap>(&all.data)) {
    for (size_t i = 0; i < map->keys.size(); ++i) {
      if (equals(map->keys[i], index)) return map->values[i];
    }
    throw Error(ErrorCode::kInvalid, "The map has no such key.");
  }
  const auto* list = std::get_if<TemplateList>(&all.data);
  const auto* number = std::get_if<int64_t>(&index.data);
  if (list == nullptr || number == nullptr) {
    throw Error(ErrorCode::kInvalid,
                "Only lists and maps have items; this is " + std::string(kind_of(all)) + ".");
  }
  const auto size = static_cast<int64_t>(list->size());
  const int64_t place = *number < 0 ? size + *number : *number;
  if (place >= 0 && place < size) return (*list)[static_cast<size_t>(place)];
  throw Error(ErrorCode::kInvalid, "The list has " + std::to_string(size) + " items, none at " +
                                       std::to_string(*number) + ".");
}

}  // namespace

std::string TemplateEvaluator::run(const std::vector<TemplateBlock>& blocks) {
  try {
    run_blocks(blocks);
  } catch (const TemplateRefusal&) {
    throw;  // What the template's author says needs no place.
  } catch (const Error& error) {
    throw error.within(place_in(whole_, at_));
  }
  return output_.sql();
}

TemplateEvaluator::Flow TemplateEvaluator::run_blocks(const std::vector<TemplateBlock>& blocks) {
  for (const TemplateBlock& block : blocks) {
    const Flow flow = run_block(block);
    if (flow != Flow::kOn) return flow;
  }
  return Flow::kOn;
}

TemplateEvaluator::Flow TemplateEvaluator::run_block(const TemplateBlock& block) {
  at_ = block.at;
  count_step(1);
  switch (block.kind) {
    case TemplateBlock::Kind::kText:
      output_.add_text(block.text);
      return Flow::kOn;
    case TemplateBlock::Kind::kOutput: {
      const TemplateValue out = value(*block.expression);
      at_ = block.at;
      output_.add_value(sql_literal(out));
      return Flow::kOn;
    }
    case TemplateBlock::Kind::kSet: {
      const TemplateValue out = value(*block.expression);
      at_ = block.at;
      set(block.names, out);
      return Flow::kOn;
    }
    case TemplateBlock::Kind::kIf:
      return run_if(block);
    case TemplateBlock::Kind::kFor:
      return run_for(block);
    case TemplateBlock::Kind::kBreak:
      return Flow::kBreak;
    case TemplateBlock::Kind::kContinue:
      return Flow::kContinue;
  }
  return Flow::kOn;
}

TemplateEvaluator::Flow TemplateEvaluator::run_if(const TemplateBlock& block) {
  for (const TemplateBlock::Branch& branch : block.branches) {
    if (!branch.condition || is_true(value(*branch.condition))) return run_blocks(branch.blocks);
  }
  return Flow::kOn;
}

TemplateEvaluator::Flow TemplateEvaluator::run_for(const TemplateBlock& block) {
  const TemplateValue all = value(*block.expression);
  const auto* list = std::get_if<TemplateList>(&all.data);
  if (list == nullptr) {
    throw Error(ErrorCode::kInvalid,
                "A for goes through a list; this is " + std::string(kind_of(all)) + ".",
                "Make a list of a text with split_to_array(name).");
  }
  for (const TemplateValue& item : *list) {
    at_ = block.at;
    set(block.names, item);
    if (run_blocks(block.branches.front().blocks) == Flow::kBreak) break;
  }
  return Flow::kOn;
}

void TemplateEvaluator::set(const std::vector<std::string>& names, const TemplateValue& value) {
  if (names.size() == 1) {
    set_[names.front()] = value;
    return;
  }
  const auto* list = std::get_if<TemplateList>(&value.data);
  if (list == nullptr || list->size() != names.size()) {
    throw Error(ErrorCode::kInvalid,
                "There are " + std::to_string(names.size()) + " names, but not as many values.");
  }
  for (size_t i = 0; i < names.size(); ++i) set_[names[i]] = (*list)[i];
}

bool TemplateEvaluator::knows(const std::string& name) const {
  return set_.contains(name) || parameters_.contains(name);
}

std::optional<TemplateValue> TemplateEvaluator::find(const std::string& name) {
  if (const auto found = set_.find(name); found != set_.end()) {
    count_step(weight(found->second));
    return found->second;
  }
  const auto found = parameters_.find(name);
  if (found == parameters_.end()) return std::nullopt;
  if (found->second.size() > limits::kSqlBytes) {
    throw Error(ErrorCode::kTooLarge,
                "The parameter '" + name + "' has " + std::to_string(found->second.size()) +
                    " bytes; at most " + std::to_string(limits::kSqlBytes) + " are allowed.",
                "Give a shorter value.");
  }
  count_step(found->second.size() / kBytesPerStep);
  return TemplateValue{found->second};
}

TemplateValue TemplateEvaluator::name_value(const std::string& name) {
  if (auto found = find(name)) return *std::move(found);
  if (is_sample_) return {std::string()};
  throw missing_parameter(name);
}

TemplateValue TemplateEvaluator::value(const Expression& expression) {
  count_step(1);
  const size_t outer = at_;
  TemplateValue out = compute(expression);
  at_ = outer;  // What goes wrong from here on is not of this expression.
  count_step(weight(out));
  return out;
}

TemplateValue TemplateEvaluator::compute(const Expression& expression) {
  const auto& children = expression.children;
  at_ = expression.at;
  switch (expression.kind) {
    case Expression::Kind::kConstant:
      return expression.constant;
    case Expression::Kind::kName:
      return name_value(expression.text);
    case Expression::Kind::kList: {
      TemplateList list;
      for (const Expression& child : children) list.push_back(value(child));
      return {std::move(list)};
    }
    case Expression::Kind::kMap: {
      TemplateMap map;
      for (size_t i = 0; i + 1 < children.size(); i += 2) {
        map.keys.push_back(value(children[i]));
        map.values.push_back(value(children[i + 1]));
      }
      return {std::move(map)};
    }
    case Expression::Kind::kCall:
      return call_template_function(*this, expression);
    case Expression::Kind::kMethod: {
      TemplateList arguments;
      for (const Expression& child : children) arguments.push_back(value(child));
      at_ = expression.at;
      return call_template_method(expression.text, arguments);
    }
    case Expression::Kind::kChoice:
      return value(is_true(value(children[1])) ? children[0] : children[2]);
    case Expression::Kind::kNot:
      return {!is_true(value(children[0]))};
    case Expression::Kind::kMinus:
      return arithmetic("-", {int64_t{0}}, value(children[0]));
    case Expression::Kind::kIndex:
    case Expression::Kind::kOperator:
      return operate(expression);
  }
  return {};
}

TemplateValue TemplateEvaluator::operate(const Expression& expression) {
  const std::string& op = expression.text;
  TemplateValue a = value(expression.children[0]);
  if (op == "and" && !is_true(a)) return a;
  if (op == "or" && is_true(a)) return a;
  TemplateValue b = value(expression.children[1]);
  at_ = expression.at;
  if (op == "and" || op == "or") return b;
  if (expression.kind != Expression::Kind::kIndex) return operate(op, a, b);
  try {
    return item_at(a, b);
  } catch (const Error& error) {
    // A key that is not there may be for the want of a parameter.
    if (is_sample_) throw TemplateRefusal(error.code(), error.message());
    throw;
  }
}

TemplateValue TemplateEvaluator::operate(const std::string& op, const TemplateValue& a,
                                         const TemplateValue& b) const {
  if (op == "==") return {equals(a, b)};
  if (op == "!=") return {!equals(a, b)};
  if (op == "in") return {contains(b, a)};
  if (op == "not in") return {!contains(b, a)};
  if (op == "<") return {compare(a, b) < 0};
  if (op == "<=") return {compare(a, b) <= 0};
  if (op == ">") return {compare(a, b) > 0};
  if (op == ">=") return {compare(a, b) >= 0};
  // Samples of numbers are 0.
  const bool divides = op == "/" || op == "//" || op == "%";
  if (is_sample_ && divides && !is_true(b)) {
    throw TemplateRefusal(ErrorCode::kInvalid, "Division by zero.");
  }
  return arithmetic(op, a, b);
}

void TemplateEvaluator::count_step(size_t steps) {
  steps_ += steps;
  if (steps_ <= kSteps) return;
  throw Error(ErrorCode::kInvalid,
              "The template takes more than " + std::to_string(kSteps) + " steps.",
              "Loop over less.");
}

}  // namespace sluice
