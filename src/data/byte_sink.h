#pragma once

#include <string_view>

namespace sluice {

/// Where bytes go: an encoder writes into a compressor, a compressor into a staged object.
/// Used by one thread at a time. After `finish` nothing more may be written. An object destroyed
/// without `finish` has aborted: nothing of it can become visible. Both throw `Error`.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual void write(std::string_view bytes) = 0;
  /// Everything written so far is handed on completely.
  virtual void finish() = 0;
};

}  // namespace sluice
