#include <algorithm>

#include "base/encoding.h"
#include "domain/template_syntax.h"
#include "domain/template_tokens.h"

namespace sluice {
namespace {

using Kind = TemplateBlock::Kind;

/// What stands between `{%` and `%}`: its first word and where the rest is.
struct Tag {
  size_t at = 0;
  std::string word;
  size_t rest = 0;
  size_t end = 0;
};

bool is_name(std::string_view text) {
  return !text.empty() && (text.front() < '0' || text.front() > '9') &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_';
         });
}

class Parser {
 public:
  Parser(std::string_view whole, size_t at) : whole_(whole), at_(at) {}

  std::vector<TemplateBlock> all() {
    std::vector<TemplateBlock> out = blocks();
    if (closing_.word.empty()) return out;
    refuse_template(whole_, closing_.at, "'" + closing_.word + "' ends nothing that has begun.",
                    "if and for begin what else, elif and end go on with.");
  }

 private:
  /// Up to the end of the template or a tag that ends or divides a block, which is in `closing_`.
  std::vector<TemplateBlock> blocks() {
    std::vector<TemplateBlock> out;
    closing_ = {};
    while (at_ < whole_.size()) {
      const size_t open = next_opening();
      if (open > at_) out.push_back(text(at_, whole_.substr(at_, open - at_)));
      at_ = open;
      if (at_ >= whole_.size()) break;
      const char kind = whole_[at_ + 1];
      if (whole_.substr(at_ + 2, 1) == "!") {
        // `{{!` is `{{` as text, as in Tornado.
        out.push_back(text(at_, whole_.substr(at_, 2)));
        at_ += 3;
      } else if (kind == '#') {
        const size_t close = whole_.find("#}", at_ + 2);
        if (close == std::string_view::npos)
          refuse_template(whole_, at_, "This comment has no end (#}).");
        at_ = close + 2;
      } else if (kind == '{') {
        out.push_back(output());
      } else {
        const Tag tag = read_tag();
        if (is_closing(tag.word)) {
          closing_ = tag;
          return out;
        }
        add_tag(out, tag);
      }
    }
    return out;
  }

  size_t next_opening() const {
    for (size_t at = whole_.find('{', at_); at != std::string_view::npos;
         at = whole_.find('{', at + 1)) {
      const std::string_view next = whole_.substr(at + 1, 1);
      if (next == "{" || next == "%" || next == "#") return at;
    }
    return whole_.size();
  }

  static TemplateBlock text(size_t at, std::string_view text) {
    TemplateBlock out;
    out.at = at;
    out.text = text;
    return out;
  }

  /// Where `close` stands behind byte `from`, outside of quotes and braces.
  size_t find_close(size_t from, std::string_view close) const {
    char quote = 0;
    size_t braces = 0;
    for (size_t at = from; at < whole_.size(); ++at) {
      const char c = whole_[at];
      if (quote != 0) {
        if (c == '\\') ++at;
        if (c == quote) quote = 0;
      } else if (braces == 0 && whole_.substr(at, 2) == close) {
        return at;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '{') {
        ++braces;
      } else if (c == '}' && braces > 0) {
        --braces;
      }
    }
    refuse_template(whole_, at_, "What begins here has no end (" + std::string(close) + ").");
  }

  TemplateBlock output() {
    TemplateBlock out;
    out.kind = Kind::kOutput;
    out.at = at_;
    const size_t close = find_close(at_ + 2, "}}");
    out.expression = expression(at_ + 2, close);
    at_ = close + 2;
    return out;
  }

  std::unique_ptr<TemplateExpression> expression(size_t at, size_t end) const {
    return std::make_unique<TemplateExpression>(parse_template_expression(whole_, at, end));
  }

  Tag read_tag() {
    Tag tag;
    tag.at = at_;
    tag.end = find_close(at_ + 2, "%}");
    size_t at = std::min(whole_.find_first_not_of(" \t\r\n", at_ + 2), tag.end);
    while (at < tag.end && whole_[at] >= 'a' && whole_[at] <= 'z') tag.word += whole_[at++];
    tag.rest = at;
    at_ = tag.end + 2;
    return tag;
  }

  static bool is_closing(std::string_view word) {
    return word == "end" || word == "else" || word == "elif";
  }

  void add_tag(std::vector<TemplateBlock>& out, const Tag& tag) {
    if (tag.word == "comment") return;
    TemplateBlock block;
    block.at = tag.at;
    if (tag.word == "if") {
      read_if(block, tag);
    } else if (tag.word == "for") {
      read_for(block, tag);
    } else if (tag.word == "set") {
      block.kind = Kind::kSet;
      const size_t equal = split(tag, '=');
      block.names = names(tag.rest, equal);
      block.expression = expression(equal + 1, tag.end);
    } else if ((tag.word == "break" || tag.word == "continue") && loops_ > 0) {
      block.kind = tag.word == "break" ? Kind::kBreak : Kind::kContinue;
    } else if (tag.word == "break" || tag.word == "continue") {
      refuse_template(whole_, tag.at, "'" + tag.word + "' stands outside of a for.");
    } else {
      refuse_template(whole_, tag.at,
                      "'" + tag.word.substr(0, 100) + "' is no block of a template.",
                      "There are if, elif, else, for, set, break, continue, comment and end.");
    }
    out.push_back(std::move(block));
  }

  size_t split(const Tag& tag, char sign) const {
    const size_t at = whole_.find(sign, tag.rest);
    if (at < tag.end) return at;
    refuse_template(whole_, tag.at, "Here a '" + std::string(1, sign) + "' is missing.",
                    "Write {% set name = value %}.");
  }

  std::vector<std::string> names(size_t at, size_t end) const {
    std::vector<std::string> out;
    for (size_t from = at; from <= end;) {
      const size_t comma = std::min(whole_.find(',', from), end);
      const std::string_view name = trim(whole_.substr(from, comma - from));
      if (!is_name(name)) {
        refuse_template(whole_, from, "'" + std::string(name.substr(0, 100)) + "' is no name.",
                        "Names are letters, digits and _.");
      }
      out.emplace_back(name);
      from = comma + 1;
    }
    return out;
  }

  void read_if(TemplateBlock& block, Tag tag) {
    block.kind = Kind::kIf;
    const size_t begin = tag.at;
    enter(begin);
    bool is_last = false;
    while (tag.word != "end") {
      TemplateBlock::Branch branch;
      if (is_last) refuse_template(whole_, tag.at, "'" + tag.word + "' stands behind the else.");
      is_last = tag.word == "else";
      if (!is_last) branch.condition = expression(tag.rest, tag.end);
      branch.blocks = blocks();
      block.branches.push_back(std::move(branch));
      tag = closing_or_refuse(begin, "if");
    }
    --depth_;
  }

  void read_for(TemplateBlock& block, const Tag& tag) {
    block.kind = Kind::kFor;
    enter(tag.at);
    const size_t in = whole_.find(" in ", tag.rest);
    if (in >= tag.end) {
      refuse_template(whole_, tag.at, "Here an 'in' is missing.", "Write {% for name in list %}.");
    }
    block.names = names(tag.rest, in);
    block.expression = expression(in + 4, tag.end);
    ++loops_;
    TemplateBlock::Branch branch;
    branch.blocks = blocks();
    --loops_;
    block.branches.push_back(std::move(branch));
    const Tag close = closing_or_refuse(tag.at, "for");
    if (close.word != "end") {
      refuse_template(whole_, close.at, "A for has no '" + close.word + "'.");
    }
    --depth_;
  }

  Tag closing_or_refuse(size_t begin, const std::string& word) {
    if (!closing_.word.empty()) return std::exchange(closing_, {});
    refuse_template(whole_, begin, "The '" + word + "' that begins here has no end.",
                    "Put {% end %} behind it.");
  }

  void enter(size_t at) {
    if (++depth_ <= kTemplateDepth) return;
    refuse_template(whole_, at,
                    "Blocks are nested more than " + std::to_string(kTemplateDepth) + " deep.");
  }

  std::string_view whole_;
  size_t at_;
  Tag closing_;
  size_t depth_ = 0;
  size_t loops_ = 0;
};

}  // namespace

std::vector<TemplateBlock> parse_template_blocks(std::string_view whole, size_t at) {
  return Parser(whole, at).all();
}

}  // namespace sluice
