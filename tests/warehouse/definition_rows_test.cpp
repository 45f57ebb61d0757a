#include "warehouse/definition_rows.h"

#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

struct Memory {
  Memory() { create_definitions(database); }
  SQLite::Database database{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
};

DataSource source(const std::string& name) {
  DataSource made;
  made.id = "t_" + name;
  made.name = name;
  made.description = "What it is";
  made.columns =
      parse_schema("a Int32 `json:$.x.a`, b Nullable(String), at DateTime DEFAULT now()");
  made.created_at = made.updated_at = *parse_timestamp("2026-11-23 08:30:00.000001");
  return made;
}

TEST(DefinitionRows, ComeBackAsTheyWere) {
  Memory memory;
  create_definitions(memory.database);  // Again: nothing happens.
  insert_definition(memory.database, source("second"));
  insert_definition(memory.database, source("First"));
  const std::vector<Definition> all = read_definitions(memory.database);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].source.name, "First");
  EXPECT_EQ(all[1].source.id, "t_second");
  EXPECT_EQ(all[1].source.description, "What it is");
  EXPECT_EQ(schema_text(all[1].source.columns), schema_text(source("second").columns));
  EXPECT_EQ(all[1].source.created_at, source("second").created_at);
  EXPECT_EQ(all[1].counts.rows, 0U);
}

TEST(DefinitionRows, NamesDifferInMoreThanCase) {
  Memory memory;
  insert_definition(memory.database, source("events"));
  EXPECT_THROW(insert_definition(memory.database, source("Events")), SQLite::Exception);
}

TEST(DefinitionRows, CountsGoUpAndDown) {
  Memory memory;
  insert_definition(memory.database, source("events"));
  add_counts(memory.database, "t_events", {10, 100, 3});
  take_counts(memory.database, "t_events", SourceCounts{4, 40, 0});
  SourceCounts counts = *read_counts(memory.database, "t_events");
  EXPECT_EQ(counts.rows, 6U);
  EXPECT_EQ(counts.bytes, 60U);
  EXPECT_EQ(counts.quarantined, 3U);
  take_counts(memory.database, "t_events", std::nullopt);
  counts = *read_counts(memory.database, "t_events");
  EXPECT_EQ(counts.rows + counts.bytes, 0U);
  EXPECT_EQ(counts.quarantined, 3U);
  EXPECT_THROW(take_counts(memory.database, "t_events", SourceCounts{1, 0, 0}), SQLite::Exception)
      << "a count can't fall below nothing";
}

TEST(DefinitionRows, ChangeAndDelete) {
  Memory memory;
  DataSource changed = source("events");
  insert_definition(memory.database, changed);
  changed.description = "Other";
  changed.columns.push_back(parse_schema("c Nullable(Date)").front());
  update_definition(memory.database, changed);
  const std::vector<Definition> all = read_definitions(memory.database);
  EXPECT_EQ(all.at(0).source.description, "Other");
  EXPECT_EQ(all.at(0).source.columns.size(), 4U);
  delete_definition(memory.database, "t_events");
  EXPECT_FALSE(read_counts(memory.database, "t_events"));
}

TEST(DefinitionRows, DamageIsNamed) {
  Memory memory;
  insert_definition(memory.database, source("events"));
  memory.database.exec("UPDATE sluice_datasources SET schema = 'a Strin'");
  const Error error = caught([&] { read_definitions(memory.database); });
  EXPECT_EQ(error.code(), ErrorCode::kCorrupt);
  EXPECT_NE(error.message().find("events"), std::string::npos);
  memory.database.exec("UPDATE sluice_datasources SET schema = 'a String', created_at = 'once'");
  EXPECT_ERROR(read_definitions(memory.database), kCorrupt);
}

}  // namespace
}  // namespace sluice
