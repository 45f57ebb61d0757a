-- What a node is for besides being SQL. That it is a sink stands in `sinks`.
ALTER TABLE nodes ADD COLUMN type TEXT NOT NULL DEFAULT 'standard' CHECK (type IN ('standard', 'endpoint', 'materialized', 'copy'));
