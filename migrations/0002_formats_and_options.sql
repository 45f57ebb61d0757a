-- Parquet, every codec, file options, and what a file of a job is for.

-- A sink's formats are checked by the table, so it is made anew; whoever refers to it keeps its rows
-- (foreign keys are off while migrations run, and checked after each).
CREATE TABLE sinks_new (
    pipe_id        TEXT NOT NULL PRIMARY KEY REFERENCES pipes (id) ON DELETE CASCADE,
    node_id        TEXT NOT NULL REFERENCES nodes (id),
    connection_id  TEXT NOT NULL REFERENCES connections (id),
    path           TEXT NOT NULL,
    file_template  TEXT NOT NULL,
    format         TEXT NOT NULL CHECK (format IN ('csv', 'ndjson', 'parquet')),
    compression    TEXT NOT NULL CHECK (compression IN ('none', 'gz', 'zst', 'br', 'xz', 'bz2', 'lz4', 'snappy')),
    write_strategy TEXT NOT NULL CHECK (write_strategy IN ('new', 'truncate')),
    empty_result   TEXT NOT NULL CHECK (empty_result IN ('skip', 'write', 'error')),
    options        TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(options)), -- those that are not as by default
    created_at     TEXT NOT NULL CHECK (created_at GLOB '????-??-?? ??:??:??.??????'),
    updated_at     TEXT NOT NULL CHECK (updated_at GLOB '????-??-?? ??:??:??.??????')
) STRICT;
INSERT INTO sinks_new (pipe_id, node_id, connection_id, path, file_template, format, compression,
                       write_strategy, empty_result, created_at, updated_at)
SELECT pipe_id, node_id, connection_id, path, file_template, format, compression,
       write_strategy, empty_result, created_at, updated_at
FROM sinks;
DROP TABLE sinks;
ALTER TABLE sinks_new RENAME TO sinks;
CREATE INDEX sinks_by_connection ON sinks (connection_id);

-- Values that did not fit their column and became NULL or text.
ALTER TABLE jobs ADD COLUMN mismatches INTEGER NOT NULL DEFAULT 0;

-- Data files are published first, then the manifest, then _SUCCESS.
ALTER TABLE job_files ADD COLUMN role TEXT NOT NULL DEFAULT 'data' CHECK (role IN ('data', 'manifest', 'success'));
-- CRC-32C of the stored bytes, 8 hex digits; empty where it was not taken.
ALTER TABLE job_files ADD COLUMN crc32c TEXT NOT NULL DEFAULT '';
