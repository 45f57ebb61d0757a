#include "domain/template_tokens.h"

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "domain/template_syntax.h"

namespace sluice {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// What a backslash and this letter stand for; 0 for others, where both stay.
char escaped(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case '\\':
    case '\'':
    case '"':
      return c;
    default:
      return 0;
  }
}

}  // namespace

std::string place_in(std::string_view text, size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const size_t line_break = before.rfind('\n');
  const std::string_view row =
      line_break == std::string_view::npos ? before : before.substr(line_break + 1);
  const auto column = 1 + std::count_if(row.begin(), row.end(), [](char c) {
                        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
                      });
  return "Line " + std::to_string(line) + ", column " + std::to_string(column);
}

void refuse_template(std::string_view whole, size_t at, const std::string& message,
                     const std::string& hint) {
  throw Error(ErrorCode::kInvalid, message, hint).within(place_in(whole, at));
}

TemplateToken TemplateTokens::next() {
  while (at_ < end_ && is_space(whole_[at_])) ++at_;
  TemplateToken token;
  token.at = at_;
  if (at_ >= end_) return token;
  const char c = whole_[at_];
  if (c == '\'' || c == '"') return read_text(c);
  const bool point = c == '.' && at_ + 1 < end_ && is_digit(whole_[at_ + 1]);
  if (is_digit(c) || point) return read_number();
  if (starts_name(c)) {
    token.kind = TemplateToken::Kind::kName;
    while (at_ < end_ && (starts_name(whole_[at_]) || is_digit(whole_[at_]))) {
      token.text += whole_[at_++];
    }
    return token;
  }
  static constexpr std::string_view kSigns[] = {"==", "!=", "<=", ">=", "//", "(", ")", "[",
                                                "]",  "{",  "}",  ",",  ":",  ".", "=", "<",
                                                ">",  "+",  "-",  "*",  "/",  "%"};
  for (const std::string_view sign : kSigns) {
    if (whole_.substr(at_, std::min(sign.size(), end_ - at_)) != sign) continue;
    token.kind = TemplateToken::Kind::kSign;
    token.text = sign;
    at_ += sign.size();
    return token;
  }
  refuse_template(whole_, at_, "'" + std::string(1, c) + "' has no meaning in an expression.",
                  "Texts stand in quotes; names are letters, digits and _.");
}

TemplateToken TemplateTokens::read_text(char quote) {
  TemplateToken token;
  token.kind = TemplateToken::Kind::kConstant;
  token.at = at_;
  const std::string three(3, quote);
  const std::string close =
      whole_.substr(at_, std::min<size_t>(3, end_ - at_)) == three ? three : std::string(1, quote);
  at_ += close.size();
  std::string text;
  while (at_ < end_ && whole_.substr(at_, std::min(close.size(), end_ - at_)) != close) {
    const char mark = whole_[at_] == '\\' && at_ + 1 < end_ ? escaped(whole_[at_ + 1]) : '\0';
    text += mark == 0 ? whole_[at_] : mark;
    at_ += mark == 0 ? 1 : 2;
  }
  if (at_ >= end_) refuse_template(whole_, token.at, "The text that begins here has no end.");
  at_ += close.size();
  token.constant.data = std::move(text);
  return token;
}

TemplateToken TemplateTokens::read_number() {
  TemplateToken token;
  token.kind = TemplateToken::Kind::kConstant;
  token.at = at_;
  const char* const begin = whole_.data() + at_;
  const char* const end = whole_.data() + end_;
  int64_t whole = 0;
  const auto as_whole = std::from_chars(begin, end, whole);
  double real = 0;
  const auto as_real = std::from_chars(begin, end, real);
  const bool is_whole = as_whole.ec == std::errc() && as_whole.ptr == as_real.ptr;
  const char* const behind = is_whole ? as_whole.ptr : as_real.ptr;
  const bool ends = behind == end || (!starts_name(*behind) && !is_digit(*behind));
  if ((!is_whole && as_real.ec != std::errc()) || !ends) {
    refuse_template(whole_, at_, "This is no number.", "A name can't begin with a digit.");
  }
  if (is_whole) {
    token.constant.data = whole;
  } else {
    token.constant.data = real;
  }
  at_ += static_cast<size_t>(behind - begin);
  return token;
}

}  // namespace sluice
