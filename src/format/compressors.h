#pragma once

#include <memory>

#include "data/byte_sink.h"

namespace sluice {

// One maker for each compression, for `make_compressor` alone.
std::unique_ptr<ByteSink> make_gzip_compressor(ByteSink& out);

}  // namespace sluice
