#pragma once

#include <memory>

#include "base/byte_range.h"
#include "intake/record_source.h"

namespace sluice {

/// The rows of NDJSON: an object a line, blank lines between them left out. Where a key is there
/// twice the last one counts. For columns of text and decimals numbers come as they are written,
/// `true` and `false` as words, objects and arrays as JSON; for columns of JSON every value comes
/// as JSON. Memory: a batch, or the longest row. Throws kInvalid for what `open_byte_stream`
/// refuses.
std::unique_ptr<RecordSource> make_ndjson_records(std::shared_ptr<const ByteRange> bytes,
                                                  const std::vector<DataColumn>& columns);

}  // namespace sluice
