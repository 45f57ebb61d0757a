// Prints what is read of a Parquet file, so that it can be compared with what others read:
//   parquet_rows_tool FILE [SCHEMA]
// prints the columns, those of SCHEMA or the file's own, as [[name, type]...], then a line for each
// row: integers and real numbers as numbers ("r:NaN" and the like where JSON has none), text as
// "t:...", bytes as "b:<hex>". An error is {"error", "code"} as the last line.
//   parquet_rows_tool --time FILE [SCHEMA]
// prints {"rows", "seconds", "bytes"} in place of the rows.
#include <fcntl.h>
#include <sys/stat.h>

#include <chrono>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"
#include "intake/parquet_records.h"

namespace {

using nlohmann::json;

json shown(const sluice::Batch& batch, const sluice::Cell& cell) {
  switch (cell.type) {
    case sluice::ValueType::kNull:
      return nullptr;
    case sluice::ValueType::kInteger:
      return cell.integer;
    case sluice::ValueType::kReal:
      if (std::isfinite(cell.real)) return cell.real;
      return "r:" + (std::isnan(cell.real) ? std::string("nan") : cell.real < 0 ? "-inf" : "inf");
    case sluice::ValueType::kText:
      return "t:" + std::string(batch.text(cell));
    case sluice::ValueType::kBlob:
      return "b:" + sluice::hex_encode(batch.text(cell));
    default:
      sluice::fail_not_stored(cell.type);
  }
}

std::shared_ptr<const sluice::ByteRange> open_file(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat about {};
  if (file < 0 || fstat(file, &about) != 0) {
    throw sluice::Error(sluice::ErrorCode::kStorage, "The file can't be opened.");
  }
  return sluice::range_of_file(file, static_cast<uint64_t>(about.st_size));
}

void print_rows(const std::string& path, const std::string& schema) {
  const auto bytes = open_file(path);
  const std::vector<sluice::DataColumn> columns =
      schema.empty() ? sluice::parquet_columns(*bytes) : sluice::parse_schema(schema);
  json list = json::array();
  for (const sluice::DataColumn& column : columns) list.push_back({column.name, column.type});
  std::cout << list.dump() << '\n';
  const auto records = sluice::make_parquet_records(bytes, columns);
  sluice::Batch batch;
  std::vector<sluice::RejectedRow> rejected;
  uint64_t line = 1;
  while (records->next(batch, rejected)) {
    for (size_t row = 0; row < batch.rows(); ++row) {
      if (records->line_of(row) != line++) throw std::logic_error("a row has another number");
      json cells = json::array();
      for (size_t i = 0; i < batch.columns(); ++i) cells.push_back(shown(batch, batch.at(i, row)));
      std::cout << cells.dump() << '\n';
    }
  }
}

void time_rows(const std::string& path, const std::string& schema) {
  const auto bytes = open_file(path);
  const auto columns =
      schema.empty() ? sluice::parquet_columns(*bytes) : sluice::parse_schema(schema);
  const auto begin = std::chrono::steady_clock::now();
  const auto records = sluice::make_parquet_records(bytes, columns);
  sluice::Batch batch;
  std::vector<sluice::RejectedRow> rejected;
  uint64_t rows = 0;
  while (records->next(batch, rejected)) rows += batch.rows();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::cout << json{{"rows", rows}, {"seconds", took.count()}, {"bytes", bytes->size()}} << '\n';
}

}  // namespace

int main(int count, char** words) {
  std::vector<std::string> arguments(words + 1, words + count);
  const bool timed = !arguments.empty() && arguments[0] == "--time";
  if (timed) arguments.erase(arguments.begin());
  if (arguments.empty() || arguments.size() > 2) {
    std::cerr << "usage: parquet_rows_tool [--time] FILE [SCHEMA]\n";
    return 2;
  }
  arguments.resize(2);
  try {
    (timed ? time_rows : print_rows)(arguments[0], arguments[1]);
    return 0;
  } catch (const sluice::Error& error) {
    std::cout << json{{"error", error.what()}, {"code", sluice::error_code_name(error.code())}}
              << '\n';
    return 1;
  } catch (const std::exception& error) {
    std::cerr << "parquet_rows_tool: " << error.what() << '\n';
    return 3;
  }
}
