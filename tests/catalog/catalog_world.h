#pragma once

#include <memory>
#include <string>
#include <vector>

#include "catalog/connection_catalog.h"
#include "catalog/pipe_catalog.h"
#include "catalog/query_resolver.h"
#include "catalog/sink_catalog.h"
#include "data/value_text.h"
#include "engine/sqlite_engine.h"
#include "state/variable_store.h"
#include "support/fake_clock.h"
#include "support/fake_random.h"
#include "support/fake_store.h"
#include "support/samples.h"
#include "support/sqlite_file.h"
#include "support/temp_folder.h"

namespace sluice {

/// Catalogs over a real state database, a real engine that reads the file `shop`, and a store in
/// memory.
struct CatalogWorld {
  /// Makes a pipe of the nodes `<name>_0`, `<name>_1`...
  Pipe pipe(const std::string& name, const std::vector<std::string>& sqls) {
    std::vector<NodeSpec> nodes;
    for (const std::string& sql : sqls) {
      nodes.push_back({name + "_" + std::to_string(nodes.size()), sql, std::nullopt});
    }
    return pipe_catalog.create(name, std::nullopt, nodes);
  }
  Connection disk(const std::string& name = "disk") {
    return connection_catalog.create("local", name, {}, false);
  }
  /// What the statement gives, rows apart by `;`, values by `,`; integers and text only.
  std::string result(const Query& query) {
    std::string out;
    auto reader = engine->open(query, std::chrono::seconds(60), {});
    Batch batch;
    while (reader->next(batch)) {
      for (size_t row = 0; row < batch.rows(); ++row) {
        if (!out.empty()) out += ';';
        for (size_t column = 0; column < batch.columns(); ++column) {
          if (column > 0) out += ',';
          const Cell& cell = batch.at(column, row);
          if (cell.type == ValueType::kInteger) append_integer(out, cell.integer);
          if (cell.type == ValueType::kText) out += batch.text(cell);
        }
      }
    }
    return out;
  }

  SqliteEngineOptions engine_options() {
    SqliteEngineOptions options{folder / "warehouse.db", {{"shop", shop.path()}}};
    options.secrets = [this](const std::string& name) { return variable_store.value(name); };
    return options;
  }

  TestFolder folder;
  FakeClock clock;
  FakeRandom random;
  SqliteFile shop{folder / "shop.db",
                  "CREATE TABLE orders (id INTEGER, region TEXT);"
                  "INSERT INTO orders VALUES (1, 'eu'), (2, 'us'), (3, 'eu')"};
  Warehouse warehouse{folder / "warehouse.db", folder.path(), clock};
  StateDatabase database{folder / "state.db"};
  VariableStore variable_store{database, Secret(std::string(32, 'k')), random};
  std::unique_ptr<Engine> engine = make_sqlite_engine(engine_options(), clock);
  FakeBucket bucket;
  FakeStoreOpener stores{bucket};
  PipeStore pipes{database};
  ConnectionStore connections{database, Secret(std::string(32, 'k')), random};
  PipeCatalog pipe_catalog{pipes, warehouse, *engine, clock, random};
  WorkspaceStore workspace{database, clock, random};
  ConnectionCatalog connection_catalog{{connections, pipes, workspace, stores, clock, random}};
  JobStore jobs{database};
  SinkCatalog sink_catalog{{pipes, connections, *engine, stores, jobs, clock, 3}};
};

}  // namespace sluice
