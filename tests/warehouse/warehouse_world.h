#pragma once

#include <string>
#include <vector>

#include "support/caught.h"
#include "support/fake_clock.h"
#include "support/sqlite_file.h"
#include "support/temp_folder.h"
#include "warehouse/warehouse.h"

namespace sluice {

/// Rows of `n` (an integer) and `text`: from `first` on, `count` of them.
inline Batch rows_of(int64_t first, int64_t count, const std::string& text = "x") {
  Batch batch;
  batch.reset(2);
  for (int64_t n = first; n < first + count; ++n) {
    batch.add_integer(0, n);
    batch.add_text(1, text);
    batch.end_row();
  }
  return batch;
}

inline RejectedRow rejected_row(uint64_t line) {
  return {line, "{\"n\": \"a\"}", {"n"}, {"'a' is no whole number."}};
}

/// A warehouse with a data source `events`, and what another program sees of its file.
struct WarehouseWorld {
  static DataSource source(const std::string& name,
                           const std::string& schema = "n Int64, text Nullable(String)") {
    DataSource made;
    made.id = "t_" + name;
    made.name = name;
    made.columns = parse_schema(schema);
    return made;
  }
  WarehouseWorld() { warehouse.create(source("events")); }

  StagedRows staged(int64_t first, int64_t count, const std::vector<RejectedRow>& rejected = {}) {
    StagedRows rows = warehouse.stage(warehouse.find("events")->columns, "import-1");
    rows.add(rows_of(first, count), rejected);
    rows.finish();
    return rows;
  }
  SourceCounts counts(const std::string& name = "events") { return warehouse.status(name)->counts; }
  std::string value(const std::string& sql) { return SqliteFile(path).value(sql); }
  size_t spooled() const {
    size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      files += entry.path().filename().string().starts_with("warehouse-") ? 1 : 0;
    }
    return files;
  }

  TestFolder folder;
  std::string path = folder / "warehouse.db";
  FakeClock clock;
  Warehouse warehouse{path, folder.path(), clock};
};

}  // namespace sluice
