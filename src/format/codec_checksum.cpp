#include "format/codec_checksum.h"

#include <libdeflate.h>

namespace sluice {

uint32_t crc32_of(std::string_view bytes) {
  return libdeflate_crc32(0, bytes.data(), bytes.size());
}

}  // namespace sluice
