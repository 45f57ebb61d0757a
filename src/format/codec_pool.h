#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "domain/format.h"
#include "format/codec.h"

namespace sluice {

/// Block codecs of one kind, made when needed and used again: as many as threads compress at the
/// same time, however many files there are. Thread-safe.
class CodecPool {
 public:
  CodecPool(Compression compression, CompressionLevel level)
      : compression_(compression), level_(level) {}

  /// Adds the compressed form of `in` to `out`.
  void compress(std::string_view in, std::string& out);

 private:
  Compression compression_;
  CompressionLevel level_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Codec>> idle_;
};

}  // namespace sluice
