#include "door/form_scanner.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "door/ascii.h"

namespace sluice {
namespace {

constexpr size_t kParts = 1000;
constexpr size_t kPartHeadBytes = 8 * 1024;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Takes a quoted string (RFC 9110, section 5.6.4) from the front of `rest`, its opening quote
/// included. Only quotes and backslashes are escaped by a backslash: some clients send the paths of
/// files as they are. False if it does not end.
bool take_quoted(std::string_view& rest, std::string& value) {
  for (size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return true;
    }
    const bool escape =
        rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\');
    if (escape) ++i;
    value += rest[i];
  }
  return false;
}

/// Takes `; name=value` from the front of `rest`. False if that is not what stands there.
bool take_parameter(std::string_view& rest, std::string& name, std::string& value) {
  if (!rest.starts_with(';')) return false;
  rest = trim_blanks(rest.substr(1));
  const size_t equals = rest.find('=');
  if (equals == std::string_view::npos) return false;
  name = trim_blanks(rest.substr(0, equals));
  if (!is_token(name)) return false;
  rest = trim_blanks(rest.substr(equals + 1));
  value.clear();
  if (rest.starts_with('"')) {
    if (!take_quoted(rest, value)) return false;
  } else {
    const size_t end = std::min(rest.find(';'), rest.size());
    value = trim_blanks(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  rest = trim_blanks(rest);
  return true;
}

}  // namespace

FormScanner::FormScanner(std::string_view boundary) : delimiter_("\r\n--" + std::string(boundary)) {
  if (boundary.empty()) fail("The multipart/form-data body has no valid boundary.");
}

void FormScanner::fail(std::string_view sentence) { fault_ = Fault{400, sentence}; }

bool FormScanner::feed(std::string_view bytes) {
  while (!bytes.empty() && !fault_) {
    size_t taken = 1;
    if (step_ == Step::kContent) {
      taken = take_content(bytes);
    } else if (step_ == Step::kHead) {
      taken = take_head(bytes);
    } else {
      take_after_boundary(bytes.front());
      ++at_;
    }
    bytes.remove_prefix(taken);
  }
  return !fault_;
}

/// Up to the next byte that could begin a delimiter, or one byte of what may be one.
size_t FormScanner::take_content(std::string_view bytes) {
  if (matched_ == 0) {
    const void* found = std::memchr(bytes.data(), '\r', bytes.size());
    const size_t size =
        found ? static_cast<size_t>(static_cast<const char*>(found) - bytes.data()) : bytes.size();
    if (size > 0) {
      at_ += size;
      return size;
    }
  }
  if (bytes.front() == delimiter_[matched_]) {
    if (matched_ == 0) candidate_ = at_;
    if (++matched_ == delimiter_.size()) step_ = Step::kBoundary;
  } else {
    go_on_with_content(bytes.front());
  }
  ++at_;
  return 1;
}

/// What looked like a delimiter is none; with `c` another one may begin. No other byte of a
/// delimiter is a CR, so nothing has to be looked at twice.
void FormScanner::go_on_with_content(char c) {
  step_ = Step::kContent;
  matched_ = c == '\r' ? 1 : 0;
  candidate_ = at_;
  if (parts_.empty() && matched_ == 0) {
    fail("The multipart/form-data body does not begin with its boundary.");
  }
}

void FormScanner::take_after_boundary(char c) {
  switch (step_) {
    case Step::kBoundary:
      if (c == '-') {
        step_ = Step::kDash;
        return;
      }
      [[fallthrough]];
    case Step::kPadding:
      if (c != '\r' && !is_blank(c)) return go_on_with_content(c);
      step_ = c == '\r' ? Step::kLineEnd : Step::kPadding;
      return;
    case Step::kLineEnd:
      return c == '\n' ? begin_part() : go_on_with_content(c);
    case Step::kDash:
      if (c != '-') return go_on_with_content(c);
      step_ = Step::kClosing;
      return;
    case Step::kClosing:
      if (c != '\r' && !is_blank(c)) return go_on_with_content(c);
      step_ = c == '\r' ? Step::kClosingEnd : Step::kClosing;
      return;
    case Step::kClosingEnd:
      if (c != '\n') return go_on_with_content(c);
      end_part();
      step_ = Step::kEpilogue;
      return;
    case Step::kEpilogue:
      if (c != '\r' && c != '\n' && !is_blank(c)) {
        fail("The multipart/form-data body goes on after its last boundary.");
      }
      return;
    case Step::kContent:
    case Step::kHead:
      return;
  }
}

void FormScanner::end_part() {
  if (parts_.empty()) return;
  Part& part = parts_.back();
  // The CR LF of a delimiter right behind the head is the head's own last one.
  part.size = std::max(candidate_, part.begin) - part.begin;
}

void FormScanner::begin_part() {
  end_part();
  if (parts_.size() == kParts) return fail("The multipart/form-data body has too many parts.");
  parts_.emplace_back();
  step_ = Step::kHead;
  head_bytes_ = 0;
  named_ = false;
}

size_t FormScanner::take_head(std::string_view bytes) {
  const size_t newline = bytes.find('\n');
  const size_t size = newline == std::string_view::npos ? bytes.size() : newline + 1;
  head_bytes_ += size;
  if (head_bytes_ > kPartHeadBytes) {
    fail("The head of a multipart/form-data part is too long.");
    return size;
  }
  line_.append(bytes.substr(0, size));
  at_ += size;
  if (newline == std::string_view::npos) return size;
  end_of_head_line();
  line_.clear();
  return size;
}

void FormScanner::end_of_head_line() {
  if (!line_.ends_with("\r\n") || std::any_of(line_.begin(), line_.end() - 2, is_control)) {
    return fail("A header line of a multipart/form-data part is malformed.");
  }
  if (line_.size() > 2) return read_field(std::string_view(line_).substr(0, line_.size() - 2));
  if (!named_) return fail("A part of the multipart/form-data body has no name.");
  parts_.back().begin = candidate_ = at_;
  step_ = Step::kContent;
  matched_ = 2;
}

void FormScanner::read_field(std::string_view line) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    return fail("A header line of a multipart/form-data part is malformed.");
  }
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim_blanks(line.substr(colon + 1));
  if (equal_ignoring_case(name, "Content-Disposition")) return read_disposition(value);
  if (equal_ignoring_case(name, "Content-Type")) parts_.back().content_type = value;
  if (!equal_ignoring_case(name, "Content-Transfer-Encoding")) return;
  for (const std::string_view plain : {"7bit", "8bit", "binary"}) {
    if (equal_ignoring_case(value, plain)) return;
  }
  fail("A part of the multipart/form-data body has a transfer encoding; send it as it is.");
}

void FormScanner::read_disposition(std::string_view value) {
  constexpr std::string_view kMalformed =
      "The Content-Disposition of a multipart/form-data part is malformed.";
  Part& part = parts_.back();
  const size_t semicolon = std::min(value.find(';'), value.size());
  std::string_view rest = value.substr(semicolon);
  const bool form = equal_ignoring_case(trim_blanks(value.substr(0, semicolon)), "form-data");
  if (!form || named_) return fail(kMalformed);
  bool filed = false;
  std::string key;
  std::string text;
  while (!rest.empty() && rest != ";") {
    if (!take_parameter(rest, key, text)) return fail(kMalformed);
    const bool is_name = equal_ignoring_case(key, "name");
    const bool is_file = equal_ignoring_case(key, "filename");
    if ((is_name && named_) || (is_file && filed)) return fail(kMalformed);
    if (is_name) part.name = text;
    if (is_file) part.filename = text;
    named_ = named_ || is_name;
    filed = filed || is_file;
  }
  if (!named_) fail("A part of the multipart/form-data body has no name.");
}

std::variant<std::vector<FormScanner::Part>, Fault> FormScanner::finish() {
  if (step_ == Step::kClosing) {
    end_part();
    step_ = Step::kEpilogue;
  }
  if (!fault_ && step_ != Step::kEpilogue) {
    fail("The multipart/form-data body ends before its last boundary.");
  }
  if (fault_) return *fault_;
  return std::move(parts_);
}

}  // namespace sluice
