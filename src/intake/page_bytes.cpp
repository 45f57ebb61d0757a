#include "intake/page_bytes.h"

#include <string>

#include "base/error.h"

namespace sluice {

void fail_damaged(std::string_view what) {
  throw Error(ErrorCode::kInvalid, "The Parquet file is damaged: " + std::string(what) + ".",
              "Write the file again, or send it again as it was written.");
}

void PageBytes::fail() { fail_damaged("a page ends in the middle of its values"); }

uint64_t PageBytes::varint() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const auto next = number<uint8_t>();
    value |= static_cast<uint64_t>(next & 0x7f) << shift;
    if ((next & 0x80) == 0) return value;
  }
  fail_damaged("a number in a page has more than 64 bits");
}

}  // namespace sluice
