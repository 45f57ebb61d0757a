-- The cluster that a node's SQL runs on, by its name in --clickhouse; empty: the embedded engine.
ALTER TABLE nodes ADD COLUMN engine TEXT NOT NULL DEFAULT '';
