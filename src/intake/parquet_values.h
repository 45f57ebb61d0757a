#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "intake/parquet_pages.h"
#include "intake/parquet_schema.h"

namespace sluice {

/// A value as its physical type has it: `integer` for BOOLEAN, INT32 and INT64, `real` for FLOAT
/// and DOUBLE, else `size` bytes.
struct ParquetValue {
  union {
    int64_t integer;
    double real;
    const char* bytes;
  };
  size_t size = 0;
  ParquetValue() : integer(0) {}

  std::string_view view() const { return {bytes, size}; }
};

/// The values of one page, NULLs left out. One thread at a time.
class ParquetValues {
 public:
  virtual ~ParquetValues() = default;
  /// Writes up to `count` of the next values, at least one where `count` is not 0, and returns how
  /// many. Their bytes stay valid until the next call, as long as the page does. Throws kInvalid
  /// where there are none left.
  virtual size_t read(ParquetValue* out, size_t count) = 0;
};

/// `dictionary` and the page outlive the result. `bytes` is the page without its levels. Throws
/// kInvalid for an encoding that is not known, or not for that type, and for values that are
/// damaged.
std::unique_ptr<ParquetValues> make_parquet_values(const ParquetNode& leaf, const ParquetPage& page,
                                                   std::string_view bytes,
                                                   const std::vector<ParquetValue>* dictionary);

}  // namespace sluice
