#pragma once

#include <cmath>
#include <string_view>

#include "data/batch.h"
#include "format/text_writer.h"

namespace sluice {

/// Which integers are written as text: beyond 2^53 a double, and with it JavaScript, no longer
/// knows every integer (RFC 8259, section 6). Decimal numbers of any length are text, too, where
/// they are whole and kText says so, or where a double does not know them.
enum class JsonIntegers { kNumbers, kBigAsText, kText };

/// Writes values as JSON, one behind the other. One thread.
class JsonValues {
 public:
  explicit JsonValues(JsonIntegers integers) : integers_(integers) {}

  TextWriter& writer() { return writer_; }
  const TextWriter& writer() const { return writer_; }

  void put_integer(int64_t value) {
    constexpr int64_t kExactInDouble = int64_t{1} << 53;
    const bool big = value > kExactInDouble || value < -kExactInDouble;
    const bool quoted =
        integers_ == JsonIntegers::kText || (big && integers_ == JsonIntegers::kBigAsText);
    if (quoted) writer_.put('"');
    writer_.put_integer(value);
    if (quoted) writer_.put('"');
  }

  void put_real(double value) {
    if (std::isfinite(value)) return writer_.put_real(value);
    if (std::isnan(value)) return writer_.put("\"NaN\"");
    writer_.put(value < 0 ? "\"-Infinity\"" : "\"Infinity\"");
  }

  void put_blob(std::string_view bytes) {
    writer_.put('"');
    writer_.put_base64(bytes);
    writer_.put('"');
  }

  /// A value that is in the cell itself.
  void put_cell(const Cell& cell);
  /// A decimal number of any length.
  void put_number(std::string_view number);

  /// A string behind `lead`; CharBuffer::kSlack bytes behind both may be read. False if it is not
  /// UTF-8: what was written is of no use then.
  bool put_text(std::string_view lead, std::string_view text) {
    // Room once for the lead, the text and two quotes: most text needs no more.
    char* out = copy_padded(writer_.room(lead.size() + text.size() + 2), lead);
    *out++ = '"';
    const TextScan found = copy_and_scan(text, out, [](Bytes16 bytes) {
      return (bytes == uint8_t{'"'}) | (bytes == uint8_t{'\\'}) | (bytes < uint8_t{0x20});
    });
    if (found.non_ascii && !is_text(text)) return false;
    if (found.special) {
      writer_.wrote(out);
      put_escaped(text);
      writer_.put('"');
      return true;
    }
    out += text.size();
    *out++ = '"';
    writer_.wrote(out);
    return true;
  }

 private:
  static bool is_text(std::string_view text);
  void put_escaped(std::string_view text);

  TextWriter writer_;
  JsonIntegers integers_;
};

}  // namespace sluice
