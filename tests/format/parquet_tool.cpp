// Writes a made-up table as a Parquet file, and next to it what a reader must find in it:
//   parquet_tool SHAPE COMPRESSION ROWS SEED OUT.parquet [ROWS_PER_GROUP]
// OUT.parquet.ndjson begins with a line {"columns": [{"name", "kind", "precision", "scale",
// "fields"}...], "groups": N}; then one array for each row. Integers, dates (days) and timestamps
// (microseconds, or nanoseconds where the scale is 9) are numbers, decimals text, bytes hex, reals
// numbers or "NaN", "Infinity", "-Infinity", lists and structs arrays, maps arrays of key and
// value. The same arguments give the same bytes.
#include <algorithm>
#include <cmath>
#include <exception>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"
#include "data/batch.h"
#include "format/engine_values.h"
#include "format/file_formats.h"
#include "format/parquet_shapes.h"
#include "format/value_caster.h"

namespace {

using nlohmann::json;

constexpr size_t kBatchRows = 1000;

class FileSink final : public sluice::ByteSink {
 public:
  explicit FileSink(const std::string& path) : file_(path, std::ios::binary) {}
  void write(std::string_view bytes) override {
    file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  void finish() override {
    file_.close();
    if (!file_) throw sluice::Error(sluice::ErrorCode::kStorage, "The file could not be written.");
  }

 private:
  std::ofstream file_;
};

json decimal_text(const std::string& digits, int scale) {
  const size_t sign = digits.starts_with('-') ? 1 : 0;
  const auto behind = static_cast<size_t>(scale);
  std::string text = digits;
  if (text.size() - sign <= behind) text.insert(sign, behind + 1 + sign - text.size(), '0');
  if (behind > 0) text.insert(text.size() - behind, 1, '.');
  return text;
}

json expected(const sluice::ColumnType& type, const sluice::Value& value) {
  if (const auto* integer = std::get_if<int64_t>(&value)) {
    return type.kind == sluice::ColumnKind::kBoolean ? json(*integer != 0) : json(*integer);
  }
  if (const auto* real = std::get_if<double>(&value)) {
    if (std::isnan(*real)) return "NaN";
    if (std::isinf(*real)) return *real < 0 ? "-Infinity" : "Infinity";
    return *real;
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    return type.kind == sluice::ColumnKind::kText ? *text : sluice::hex_encode(*text);
  }
  if (const auto* digits = std::get_if<sluice::Digits>(&value)) {
    return decimal_text(digits->text, type.scale);
  }
  if (const auto* made = std::get_if<sluice::EngineValue>(&value)) return made->expected;
  return nullptr;
}

json description(const std::vector<sluice::MadeColumn>& columns, uint64_t groups) {
  json list = json::array();
  for (const sluice::MadeColumn& column : columns) {
    list.push_back(sluice::description_of(column.file.name, column.file.type));
  }
  return {{"columns", list}, {"groups", groups}};
}

/// For shapes with values of an engine, which have to be cast; the others are as they must be.
class EngineCaster {
 public:
  EngineCaster(const std::vector<sluice::MadeColumn>& columns, bool of_engine)
      : caster_(casts_of(columns), sluice::TypeMismatch::kError), of_engine_(of_engine) {}
  void cast(sluice::Batch& batch) {
    if (of_engine_) caster_.cast(batch);
  }

 private:
  static std::vector<sluice::CastColumn> casts_of(const std::vector<sluice::MadeColumn>& columns) {
    std::vector<sluice::CastColumn> casts;
    for (const auto& [file, value] : columns) {
      casts.push_back({file.name, file.type, sluice::TypeOrigin::kEngine});
    }
    return casts;
  }

  sluice::ValueCaster caster_;
  bool of_engine_;
};

/// Fills the batch with the next rows and writes what is in them.
void make_rows(const std::vector<sluice::MadeColumn>& columns, sluice::Chance& chance,
               uint64_t first, uint64_t rows, sluice::Batch& batch, std::ostream& list) {
  batch.clear();
  for (uint64_t row = first; row < first + rows; ++row) {
    json line = json::array();
    for (size_t i = 0; i < columns.size(); ++i) {
      const sluice::Value value = columns[i].value(chance, row);
      sluice::add_value(batch, i, columns[i].file.type, value);
      line.push_back(expected(columns[i].file.type, value));
    }
    batch.end_row();
    list << line.dump() << '\n';
  }
}

/// By turns as a whole, and as two lists of rows.
void add_rows(sluice::BlockBuilder& builder, const sluice::Batch& batch, bool whole) {
  if (whole) return builder.add(batch);
  std::vector<uint32_t> rows(batch.rows());
  std::iota(rows.begin(), rows.end(), 0U);
  const std::span<const uint32_t> all(rows);
  builder.add(batch, all.first(rows.size() / 3));
  builder.add(batch, all.subspan(rows.size() / 3));
}

void write_files(const std::vector<std::string>& arguments) {
  const uint64_t rows = std::stoull(arguments[2]);
  sluice::Chance chance(std::stoull(arguments[3]));
  const std::vector<sluice::MadeColumn> columns = sluice::made_columns(arguments[0], chance);
  const std::string& path = arguments[4];
  const uint64_t per_group = arguments.size() > 5 ? std::stoull(arguments[5]) : 100000;

  sluice::FormatSpec spec;
  spec.format = sluice::Format::kParquet;
  spec.compression = sluice::parse_compression(arguments[1]);
  for (const sluice::MadeColumn& column : columns) spec.columns.push_back(column.file);
  spec.metadata = {{"shape", arguments[0]}, {"empty", ""}};
  const auto format = sluice::make_parquet_format(spec);
  const auto builder = format->make_builder();
  FileSink file(path);
  const auto joiner = format->make_joiner(file, false);

  std::ofstream list(path + ".ndjson", std::ios::binary);
  list << description(columns, (rows + per_group - 1) / per_group).dump() << '\n';
  sluice::Chance unused;
  EngineCaster caster(columns, !sluice::engine_columns(arguments[0], unused).empty());
  sluice::Batch batch;
  batch.reset(columns.size());
  if (rows == 0) joiner->append(builder->take(true));
  for (uint64_t row = 0; row < rows;) {
    const uint64_t count = std::min({kBatchRows, rows - row, per_group - row % per_group});
    make_rows(columns, chance, row, count, batch, list);
    caster.cast(batch);
    add_rows(*builder, batch, row / kBatchRows % 2 == 0);
    row += count;
    if (row % per_group == 0 || row == rows) joiner->append(builder->take(row <= per_group));
  }
  joiner->finish();
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string> arguments(words + 1, words + count);
  try {
    if (arguments.size() < 5 || arguments.size() > 6) {
      std::cerr << "usage: parquet_tool SHAPE COMPRESSION ROWS SEED OUT.parquet [ROWS_PER_GROUP]\n";
      return 2;
    }
    write_files(arguments);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "parquet_tool: " << error.what() << '\n';
    return 1;
  }
}
