#pragma once

#include <memory>
#include <vector>

#include "data/batch.h"
#include "data/byte_sink.h"

namespace sluice {

// One maker for each format, for `make_encoder` alone.
class Encoder;
std::unique_ptr<Encoder> make_csv_encoder(const std::vector<ColumnInfo>& columns, ByteSink& out);
std::unique_ptr<Encoder> make_ndjson_encoder(const std::vector<ColumnInfo>& columns, ByteSink& out);

}  // namespace sluice
