#include "base/random.h"

#include <sys/random.h>

#include <cerrno>

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

class SystemRandom final : public Random {
 public:
  void fill(void* bytes, size_t size) override {
    auto* out = static_cast<unsigned char*>(bytes);
    while (size > 0) {
      ssize_t got = getrandom(out, size, 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) throw Error(ErrorCode::kInternal, "The system gave no random bytes.");
      out += got;
      size -= static_cast<size_t>(got);
    }
  }
};

}  // namespace

std::string Random::bytes(size_t count) {
  std::string out(count, '\0');
  fill(out.data(), out.size());
  return out;
}

std::string Random::hex(size_t count) { return hex_encode(bytes(count)); }

std::string Random::uuid() {
  std::string raw = bytes(16);
  raw[6] = static_cast<char>((raw[6] & 0x0f) | 0x40);
  raw[8] = static_cast<char>((raw[8] & 0x3f) | 0x80);
  std::string text = hex_encode(raw);
  for (size_t dash : {8U, 13U, 18U, 23U}) text.insert(dash, 1, '-');
  return text;
}

uint64_t Random::below(uint64_t bound) {
  if (bound == 0) return 0;
  // Values past the last whole multiple of `bound` would favour small results.
  const uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  uint64_t value = 0;
  do {
    fill(&value, sizeof value);
  } while (value >= limit);
  return value % bound;
}

std::unique_ptr<Random> make_system_random() { return std::make_unique<SystemRandom>(); }

}  // namespace sluice
