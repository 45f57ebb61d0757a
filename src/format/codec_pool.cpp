#include "format/codec_pool.h"

#include <utility>

namespace sluice {

void CodecPool::compress(std::string_view in, std::string& out) {
  std::unique_ptr<Codec> codec;
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      codec = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!codec) codec = make_block_codec(compression_, level_);
  codec->compress(in, out);
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(codec));
}

}  // namespace sluice
