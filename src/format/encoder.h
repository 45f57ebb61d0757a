#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "data/batch.h"
#include "data/byte_sink.h"
#include "domain/format.h"

namespace sluice {

/// Rows in, the bytes of one file out. One thread at a time. After a throw the encoder is of no
/// more use. Destroyed without `finish`, it has not finished its sink either: the file is aborted.
///
/// The rules both formats share: TEXT must be UTF-8, else kInvalid names column and row; BLOBs are
/// base64 (RFC 4648, padded); a REAL has the fewest digits that read back equal and always looks
/// like one (data/value_text.h).
///
/// CSV (RFC 4180 with LF line ends): a header row, also when no row follows. A field is quoted
/// where it holds `,`, `"`, CR or LF, or is an empty string; NULL is an empty field. In a file of a
/// single column NULL is written as `""`, because readers skip an empty line and the row would be
/// lost: there, and only there, NULL and the empty string look the same. Infinity is `Inf` or
/// `-Inf`.
///
/// NDJSON: one object a line, keys in the order of the columns. Infinity is the string "Infinity"
/// or
/// "-Infinity", because JSON has no such number. Integers are exact, also past 2^53.
class Encoder {
 public:
  virtual ~Encoder() = default;
  /// Every row of the batch, which has the columns the encoder was made for.
  virtual void add(const Batch& batch) = 0;
  /// The rows with these indexes, in this order.
  virtual void add(const Batch& batch, std::span<const uint32_t> rows) = 0;
  /// Writes what is still held back and finishes the sink. Call once.
  virtual void finish() = 0;
};

/// `out` outlives the encoder. Throws kInvalid for columns the format can't name: not UTF-8, or, in
/// NDJSON, two of the same name.
std::unique_ptr<Encoder> make_encoder(Format format, const std::vector<ColumnInfo>& columns,
                                      ByteSink& out);

}  // namespace sluice
