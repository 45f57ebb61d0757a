#include "door/gunzip.h"

#include <zlib.h>

#include <array>
#include <memory>
#include <new>

namespace sluice {
namespace {

constexpr int kGzipOnly = 15 + 16;  // window bits as zlib's inflateInit2 wants them

struct EndInflate {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

}  // namespace

std::variant<std::string, Fault> gunzip(std::string_view bytes, size_t limit) {
  z_stream state = {};
  if (inflateInit2(&state, kGzipOnly) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, EndInflate> end(&state);
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  state.avail_in = static_cast<uInt>(bytes.size());
  std::string result;
  std::array<char, 32 * 1024> block;
  while (true) {
    state.next_out = reinterpret_cast<Bytef*>(block.data());
    state.avail_out = static_cast<uInt>(block.size());
    const int status = inflate(&state, Z_NO_FLUSH);
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    const size_t size = block.size() - state.avail_out;
    if (size > limit - result.size()) {
      return Fault{413, "The request body is too large for this route once unpacked."};
    }
    result.append(block.data(), size);
    if (status == Z_STREAM_END) {
      if (state.avail_in == 0) return result;
      inflateReset(&state);
    } else if (status != Z_OK) {
      return Fault{400, "The request body is not complete, valid gzip."};
    }
  }
}

}  // namespace sluice
