#include <array>
#include <span>

#include "domain/template_syntax.h"
#include "domain/template_tokens.h"

namespace sluice {
namespace {

using Expression = TemplateExpression;
using Kind = Expression::Kind;

/// A recursive descent with Python's precedence: choice, or, and, not, comparison, sum, product,
/// sign, then what follows a value.
class Parser {
 public:
  Parser(std::string_view whole, size_t at, size_t end) : whole_(whole), tokens_(whole, at, end) {
    advance();
  }

  Expression all() {
    Expression out = choice();
    if (token_.kind != TemplateToken::Kind::kEnd) refuse_token();
    return out;
  }

 private:
  void advance() { token_ = tokens_.next(); }
  bool is_sign(std::string_view text) const {
    return token_.kind == TemplateToken::Kind::kSign && token_.text == text;
  }
  bool is_word(std::string_view text) const {
    return token_.kind == TemplateToken::Kind::kName && token_.text == text;
  }
  bool take_sign(std::string_view text) {
    if (!is_sign(text)) return false;
    advance();
    return true;
  }
  bool take_word(std::string_view text) {
    if (!is_word(text)) return false;
    advance();
    return true;
  }
  void expect(std::string_view sign) {
    if (take_sign(sign)) return;
    refuse_template(whole_, token_.at, "Here a '" + std::string(sign) + "' is missing.");
  }
  [[noreturn]] void refuse_token() {
    if (token_.kind == TemplateToken::Kind::kEnd) {
      refuse_template(whole_, token_.at, "The expression ends too early.");
    }
    const std::string word =
        token_.kind == TemplateToken::Kind::kConstant ? plain_text(token_.constant) : token_.text;
    refuse_template(whole_, token_.at, "'" + word.substr(0, 100) + "' can't stand here.",
                    "Expressions are written as in Python, for example Int32(limit, 10).");
  }
  [[noreturn]] void refuse_depth(size_t at) {
    refuse_template(
        whole_, at,
        "The expression is nested more than " + std::to_string(kTemplateDepth) + " deep.",
        "Split it with {% set name = ... %}.");
  }

  Expression made(Kind kind, size_t at, std::string text, std::vector<Expression> children) {
    Expression out;
    out.kind = kind;
    out.at = at;
    out.text = std::move(text);
    for (const Expression& child : children) out.height = std::max(out.height, child.height + 1);
    if (out.height > kTemplateDepth) refuse_depth(at);
    out.children = std::move(children);
    return out;
  }
  /// `vector{a, b}` would copy.
  static std::vector<Expression> both(Expression a, Expression b) {
    std::vector<Expression> out;
    out.push_back(std::move(a));
    out.push_back(std::move(b));
    return out;
  }
  static std::vector<Expression> one(Expression a) {
    std::vector<Expression> out;
    out.push_back(std::move(a));
    return out;
  }

  Expression choice() {
    if (++depth_ > kTemplateDepth) refuse_depth(token_.at);
    Expression out = any_of();
    if (is_word("if")) {
      const size_t at = token_.at;
      advance();
      std::vector<Expression> children = both(std::move(out), any_of());
      if (!take_word("else")) {
        refuse_template(whole_, token_.at, "Here an 'else' is missing.",
                        "A choice is written: a if condition else b.");
      }
      children.push_back(choice());
      out = made(Kind::kChoice, at, "", std::move(children));
    }
    --depth_;
    return out;
  }

  using Rule = Expression (Parser::*)();
  Expression from_left(std::span<const std::string_view> operators, Rule operand) {
    Expression out = (this->*operand)();
    for (;;) {
      std::string found;
      const size_t at = token_.at;
      for (const std::string_view op : operators) {
        if (is_sign(op) || is_word(op)) found = op;
      }
      if (found.empty()) return out;
      advance();
      out = made(Kind::kOperator, at, found, both(std::move(out), (this->*operand)()));
    }
  }
  Expression any_of() {
    static constexpr std::array<std::string_view, 1> kOr = {"or"};
    return from_left(kOr, &Parser::all_of);
  }
  Expression all_of() {
    static constexpr std::array<std::string_view, 1> kAnd = {"and"};
    return from_left(kAnd, &Parser::negation);
  }
  Expression negation() {
    const size_t at = token_.at;
    if (!take_word("not")) return comparison();
    if (++depth_ > kTemplateDepth) refuse_depth(at);
    Expression out = made(Kind::kNot, at, "", one(negation()));
    --depth_;
    return out;
  }
  Expression comparison() {
    Expression out = sum();
    const size_t at = token_.at;
    std::string op;
    for (const std::string_view sign : {"==", "!=", "<=", ">=", "<", ">"}) {
      if (is_sign(sign)) op = sign;
    }
    if (is_word("in")) op = "in";
    if (is_word("not")) op = "not in";
    if (is_word("is")) op = "==";
    if (op.empty()) return out;
    const bool is = is_word("is");
    advance();
    if (op == "not in" && !take_word("in")) refuse_token();
    if (is && take_word("not")) op = "!=";
    return made(Kind::kOperator, at, op, both(std::move(out), sum()));
  }
  Expression sum() {
    static constexpr std::array<std::string_view, 2> kSums = {"+", "-"};
    return from_left(kSums, &Parser::product);
  }
  Expression product() {
    static constexpr std::array<std::string_view, 4> kProducts = {"*", "//", "/", "%"};
    return from_left(kProducts, &Parser::sign);
  }
  Expression sign() {
    const size_t at = token_.at;
    if (!take_sign("-")) return followed();
    if (++depth_ > kTemplateDepth) refuse_depth(at);
    Expression out = made(Kind::kMinus, at, "", one(sign()));
    --depth_;
    return out;
  }

  Expression followed() {
    Expression out = value();
    for (;;) {
      const size_t at = token_.at;
      if (take_sign("[")) {
        out = made(Kind::kIndex, at, "", both(std::move(out), choice()));
        expect("]");
      } else if (take_sign(".")) {
        if (token_.kind != TemplateToken::Kind::kName) refuse_token();
        const std::string name = token_.text;
        advance();
        expect("(");
        out = with_arguments(made(Kind::kMethod, at, name, one(std::move(out))));
      } else {
        return out;
      }
    }
  }

  Expression value() {
    const TemplateToken token = token_;
    if (token.kind == TemplateToken::Kind::kConstant) {
      advance();
      return constant(token.at, token.constant);
    }
    if (token.kind == TemplateToken::Kind::kName) return named(token);
    if (take_sign("(")) return in_brackets(token.at);
    if (take_sign("[")) return made(Kind::kList, token.at, "", items("]", false));
    if (take_sign("{")) return made(Kind::kMap, token.at, "", items("}", true));
    refuse_token();
  }

  /// A value in brackets, or a list: `(1, 2)`, `(1,)`, `()`.
  Expression in_brackets(size_t at) {
    if (take_sign(")")) return made(Kind::kList, at, "", {});
    Expression first = choice();
    if (!take_sign(",")) {
      expect(")");
      return first;
    }
    std::vector<Expression> all = items(")", false);
    all.insert(all.begin(), std::move(first));
    return made(Kind::kList, at, "", std::move(all));
  }

  static Expression constant(size_t at, TemplateValue value) {
    Expression out;
    out.at = at;
    out.constant = std::move(value);
    return out;
  }

  Expression named(const TemplateToken& token) {
    static constexpr std::array<std::string_view, 7> kReserved = {"and", "or",   "not", "in",
                                                                  "if",  "else", "is"};
    for (const std::string_view word : kReserved) {
      if (token.text == word) refuse_token();
    }
    advance();
    if (token.text == "None") return constant(token.at, {});
    if (token.text == "True" || token.text == "true") return constant(token.at, {true});
    if (token.text == "False" || token.text == "false") return constant(token.at, {false});
    if (take_sign("(")) return with_arguments(made(Kind::kCall, token.at, token.text, {}));
    return made(Kind::kName, token.at, token.text, {});
  }

  /// Up to `close`, which is taken; in a map each key is followed by its value.
  std::vector<Expression> items(std::string_view close, bool is_map) {
    std::vector<Expression> out;
    while (!take_sign(close)) {
      out.push_back(choice());
      if (is_map) {
        expect(":");
        out.push_back(choice());
      }
      if (!is_sign(close)) expect(",");
    }
    return out;
  }

  Expression with_arguments(Expression call) {
    while (!take_sign(")")) {
      Expression argument = choice();
      if (argument.kind == Kind::kName && take_sign("=")) {
        const std::string name = argument.text;
        argument = choice();
        call.height = std::max(call.height, argument.height + 1);
        call.keywords.push_back({name, std::move(argument)});
      } else {
        if (!call.keywords.empty()) {
          refuse_template(whole_, argument.at, "A value without a name follows one with a name.",
                          "Put it before the first name=value.");
        }
        call.height = std::max(call.height, argument.height + 1);
        call.children.push_back(std::move(argument));
      }
      if (!is_sign(")")) expect(",");
    }
    if (call.height > kTemplateDepth) refuse_depth(call.at);
    return call;
  }

  std::string_view whole_;
  TemplateTokens tokens_;
  TemplateToken token_;
  size_t depth_ = 0;
};

}  // namespace

TemplateExpression parse_template_expression(std::string_view whole, size_t at, size_t end) {
  return Parser(whole, at, end).all();
}

}  // namespace sluice
