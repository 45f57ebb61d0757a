#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "data/cell_text.h"
#include "data/value_text.h"
#include "engine/sqlite_engine.h"
#include "support/fake_clock.h"
#include "support/sqlite_file.h"
#include "support/temp_folder.h"

namespace sluice {

/// A clock on which every look takes a second, so that a time limit passes without waiting.
class HastyClock final : public Clock {
 public:
  Timestamp now() const override { return {}; }
  std::chrono::nanoseconds ticks() const override {
    ticks_ += std::chrono::seconds(1);
    return ticks_;
  }
  bool sleep(std::chrono::nanoseconds, std::stop_token) override { return false; }

 private:
  mutable std::chrono::nanoseconds ticks_{0};
};

inline constexpr std::chrono::seconds kLongRun{3600};

/// A value as a test writes it: null, 1, 1.0, 'text', x'00', true, 2024-02-29, 12.50.
inline std::string shown(const Batch& batch, const Cell& cell) {
  switch (cell.type) {
    case ValueType::kNull:
      return "null";
    case ValueType::kText:
      return "'" + std::string(batch.text(cell)) + "'";
    case ValueType::kBlob:
      return "x'" + std::string(batch.text(cell)) + "'";
    case ValueType::kNumber:
      return std::string(batch.text(cell));
    case ValueType::kNested:
      return "nested";
    default:
      break;
  }
  std::array<char, kNumberBytes> text{};
  return {text.data(), write_cell(text.data(), cell)};
}

/// What is left to read, each row with commas between the values.
inline std::vector<std::string> rest_of(RowReader& reader) {
  std::vector<std::string> rows;
  Batch batch;
  while (reader.next(batch)) {
    for (size_t row = 0; row < batch.rows(); ++row) {
      std::string& line = rows.emplace_back();
      for (size_t column = 0; column < batch.columns(); ++column) {
        line += (column == 0 ? "" : ",") + shown(batch, batch.at(column, row));
      }
    }
  }
  return rows;
}

/// An engine over the file `shop` in a folder of its own.
struct EngineWorld {
  EngineWorld() : EngineWorld("CREATE TABLE orders (id INTEGER, total REAL)") {}
  explicit EngineWorld(const std::string& sql) : shop(folder / "shop.db", sql) {
    options.warehouse_path = folder / "warehouse.db";
    options.files = {{"shop", shop.path()}};
  }

  Engine& engine() {
    if (!engine_) engine_ = make_sqlite_engine(options, clock);
    return *engine_;
  }
  std::unique_ptr<RowReader> open(const std::string& sql, std::stop_token stop = {}) {
    return engine().open({{}, sql}, kLongRun, std::move(stop));
  }
  std::vector<std::string> rows(const std::string& sql) { return rest_of(*open(sql)); }
  std::vector<std::string> tables(const std::string& sql,
                                  const std::vector<NamedQuery>& views = {}) {
    return engine().describe({views, sql}).tables;
  }

  TestFolder folder;
  FakeClock clock;
  SqliteFile shop;
  SqliteEngineOptions options;

 private:
  std::unique_ptr<Engine> engine_;
};

}  // namespace sluice
