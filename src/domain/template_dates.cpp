#include "domain/template_dates.h"

#include <cstdlib>
#include <string>

#include "base/encoding.h"
#include "base/error.h"
#include "domain/date_format.h"

namespace sluice {
namespace {

/// A text that is read from its front, against a format.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool is_at_end() const { return rest_.empty(); }

  bool read_sign(char sign) {
    if (rest_.empty() || ascii_lower(rest_.substr(0, 1)) != ascii_lower({&sign, 1})) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool read_code(char code) {
    switch (code) {
      case 'Y':
        return read_digits(year_, 4, 4);
      case 'm':
        return read_digits(month_, 1, 2);
      case 'd':
        return read_digits(day_, 1, 2);
      case 'H':
        return read_digits(hour_, 1, 2);
      case 'M':
        return read_digits(minute_, 1, 2);
      case 'S':
        return read_digits(second_, 1, 2);
      case 'f':
        return read_digits(fraction_, 1, 6);
      case 'z':
        return read_offset();
      case '%':
        return read_sign('%');
      default:
        throw Error(ErrorCode::kInvalid,
                    std::string("The date format has the code '%") + code + "'.",
                    "There are %Y %m %d %H %M %S %f %z and %%.");
    }
  }

  std::optional<Timestamp> time() const {
    const auto padded = [](const std::string& digits, size_t width) {
      return std::string(width - digits.size(), '0') + digits;
    };
    std::string text = year_ + "-" + padded(month_, 2) + "-" + padded(day_, 2) + " " +
                       padded(hour_, 2) + ":" + padded(minute_, 2) + ":" + padded(second_, 2);
    text += "." + fraction_ + std::string(6 - fraction_.size(), '0') + offset_;
    return read_date_text(text);
  }

 private:
  bool read_digits(std::string& out, size_t least, size_t most) {
    size_t count = 0;
    while (count < std::min(most, rest_.size()) && rest_[count] >= '0' && rest_[count] <= '9') {
      ++count;
    }
    if (count < least) return false;
    out = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return true;
  }

  bool read_offset() {
    if (read_sign('Z')) return true;
    const size_t size = rest_.substr(0, 6).find(':') == 3 ? 6 : 5;
    if (rest_.size() < size || (rest_[0] != '+' && rest_[0] != '-')) return false;
    offset_ = rest_.substr(0, size);
    if (size == 5) offset_.insert(3, ":");
    rest_.remove_prefix(size);
    return true;
  }

  std::string_view rest_;
  std::string year_ = "1900";
  std::string month_ = "01";
  std::string day_ = "01";
  std::string hour_ = "00";
  std::string minute_ = "00";
  std::string second_ = "00";
  std::string fraction_ = "0";
  std::string offset_;
};

std::optional<Timestamp> read_date(TemplateCall& call, const std::string& text) {
  const std::optional<std::string> format = call.find_text(2, "date_format");
  const std::optional<std::string> backup = call.find_text(3, "backup_date_format");
  if (!format && !backup) return read_date_text(text);
  std::optional<Timestamp> time;
  if (format) time = read_date_as(text, *format);
  if (!time && backup) time = read_date_as(text, *backup);
  return time;
}

TemplateValue difference(TemplateCall& call, int64_t unit) {
  call.check(5, {"date_format", "backup_date_format", "none_if_error"});
  Timestamp times[2];
  for (size_t i = 0; i < 2; ++i) {
    const std::string text = plain_text(call.get(i, "a date"));
    const std::optional<Timestamp> time = read_date(call, text);
    if (!time) {
      const std::optional<TemplateValue> none = call.find(4, "none_if_error");
      if (call.is_sample()) return {int64_t{0}};
      if (none && is_true(*none)) return {};
      throw Error(ErrorCode::kInvalid,
                  "'" + text.substr(0, 100) + "' is no date of the form that is wanted.",
                  "Write dates like 2026-11-24 or 2026-11-24 08:30:00, or as date_format says.");
    }
    times[i] = *time;
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(times[1] - times[0]);
  return {std::abs(int64_t{seconds.count()}) / unit};
}

}  // namespace

std::optional<Timestamp> read_date_as(std::string_view text, std::string_view format) {
  Reader reader(text);
  for (size_t at = 0; at < format.size(); ++at) {
    const bool is_code = format[at] == '%' && at + 1 < format.size();
    if (!(is_code ? reader.read_code(format[++at]) : reader.read_sign(format[at]))) {
      return std::nullopt;
    }
  }
  return reader.is_at_end() ? reader.time() : std::nullopt;
}

TemplateValue seconds_between(TemplateCall& call) { return difference(call, 1); }
TemplateValue minutes_between(TemplateCall& call) { return difference(call, 60); }
TemplateValue hours_between(TemplateCall& call) { return difference(call, 3600); }
TemplateValue days_between(TemplateCall& call) { return difference(call, 86400); }

}  // namespace sluice
