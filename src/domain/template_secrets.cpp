#include "domain/template_secrets.h"

#include <string>

#include "domain/template_tokens.h"

namespace sluice {
namespace {

class Collector {
 public:
  explicit Collector(std::string_view whole) : whole_(whole) {}

  void look_at(const std::vector<TemplateBlock>& blocks) {
    for (const TemplateBlock& block : blocks) {
      if (block.expression) look_at(*block.expression);
      for (const TemplateBlock::Branch& branch : block.branches) {
        if (branch.condition) look_at(*branch.condition);
        look_at(branch.blocks);
      }
    }
  }

  SecretNames take() { return std::move(found_); }

 private:
  void look_at(const TemplateExpression& expression) {
    const bool is_call = expression.kind == TemplateExpression::Kind::kCall;
    if (is_call && expression.text == kSecretFunction) add(expression);
    for (const TemplateExpression& child : expression.children) look_at(child);
    for (const TemplateKeyword& keyword : expression.keywords) look_at(keyword.value);
  }

  void add(const TemplateExpression& call) {
    const auto text = [&](const TemplateExpression& expression) {
      const auto* out = std::get_if<std::string>(&expression.constant.data);
      if (expression.kind == TemplateExpression::Kind::kConstant && out != nullptr) return *out;
      refuse_template(whole_, expression.at, "tb_secret takes texts in quotes alone.",
                      "Write for example {{tb_secret('db_password')}}.");
    };
    if (call.children.empty()) {
      refuse_template(whole_, call.at, "tb_secret lacks the name of a secret.",
                      "Write for example {{tb_secret('db_password')}}.");
    }
    bool is_needed = call.children.size() == 1;
    for (size_t i = 1; i < call.children.size(); ++i) (void)text(call.children[i]);
    for (const TemplateKeyword& keyword : call.keywords) {
      (void)text(keyword.value);
      is_needed &= keyword.name != "default";
    }
    found_[text(call.children.front())] |= is_needed;
  }

  std::string_view whole_;
  SecretNames found_;
};

}  // namespace

SecretNames secrets_in(std::string_view whole, const std::vector<TemplateBlock>& blocks) {
  Collector collector(whole);
  collector.look_at(blocks);
  return collector.take();
}

}  // namespace sluice
