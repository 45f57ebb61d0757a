#pragma once

#include <memory>

#include "data/byte_sink.h"
#include "domain/format.h"

namespace sluice {

/// Bytes in, fewer bytes into `out`, which outlives the compressor. `finish` ends the stream and
/// finishes `out`, once; destroyed without it, `out` is left as it is and holds a stream without
/// end. The same input gives the same bytes, whatever the pieces it comes in. kNone passes bytes
/// on. A gzip stream holds about 260 KiB while it is open. Throws what `out` throws.
std::unique_ptr<ByteSink> make_compressor(Compression compression, ByteSink& out);

}  // namespace sluice
