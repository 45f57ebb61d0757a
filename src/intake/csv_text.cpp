#include "intake/csv_text.h"

#include <algorithm>

namespace sluice {

std::string_view CsvText::Field::value(std::string& scratch) const {
  if (!doubled) return text;
  scratch.clear();
  for (size_t i = 0; i < text.size(); ++i) {
    scratch += text[i];
    if (text[i] == '"') ++i;
  }
  return scratch;
}

CsvText::Outcome CsvText::read(std::string_view text, bool last) {
  fields_.clear();
  fault_.clear();
  lines_ = 1;
  size_t at = 0;
  while (true) {
    const size_t begin = at;
    if (at < text.size() && text[at] == '"') {
      at = read_quoted(text, at);
      if (at == std::string_view::npos) return last ? Outcome::kOpenQuote : Outcome::kCutOff;
    } else {
      fields_.emplace_back();
    }
    const size_t rest = at;
    while (at < text.size() && text[at] != delimiter_ && text[at] != '\n') ++at;
    const bool ends = at == text.size() || text[at] == '\n';
    if (at == text.size() && !last) return Outcome::kCutOff;
    size_t end = at;
    if (ends && end > rest && text[end - 1] == '\r') --end;
    Field& field = fields_.back();
    if (!field.quoted) {
      field.text = text.substr(begin, end - begin);
    } else if (end != rest && fault_.empty()) {
      fault_ = "has something behind the quote that ends field " + std::to_string(fields_.size());
    }
    if (ends) {
      size_ = std::min(at + 1, text.size());
      return Outcome::kRow;
    }
    if (fields_.size() == kMostCsvFields) {
      if (fault_.empty()) fault_ = "has more than " + std::to_string(kMostCsvFields) + " fields";
      fields_.pop_back();
    }
    ++at;
  }
}

/// From the opening quote to behind the closing one; npos where there is none.
size_t CsvText::read_quoted(std::string_view text, size_t at) {
  Field field;
  field.quoted = true;
  const size_t begin = ++at;
  size_t lines = lines_;
  while (true) {
    while (at < text.size() && text[at] != '"') lines += text[at++] == '\n' ? 1 : 0;
    if (at >= text.size()) return std::string_view::npos;
    if (at + 1 < text.size() && text[at + 1] == '"') {
      field.doubled = true;
      at += 2;
      continue;
    }
    break;
  }
  lines_ = lines;
  field.text = text.substr(begin, at - begin);
  fields_.push_back(field);
  return at + 1;
}

}  // namespace sluice
