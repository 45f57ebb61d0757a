-- The state of one Sluice: what it was told (pipes, nodes, sinks, schedules, connections, tokens)
-- and what it did (jobs, job_files). Times are UTC text, 'YYYY-MM-DD HH:MM:SS.ffffff'.

-- Named SQL. Its nodes are in `nodes`, its sink in `sinks`.
CREATE TABLE pipes (
    id          TEXT NOT NULL PRIMARY KEY CHECK (id GLOB 't_*'),
    name        TEXT NOT NULL UNIQUE COLLATE NOCASE,
    description TEXT,
    created_at  TEXT NOT NULL CHECK (created_at GLOB '????-??-?? ??:??:??.??????'),
    updated_at  TEXT NOT NULL CHECK (updated_at GLOB '????-??-?? ??:??:??.??????')
) STRICT;

-- One SQL statement each, in the order of `position` (from 0).
CREATE TABLE nodes (
    id           TEXT NOT NULL PRIMARY KEY CHECK (id GLOB 't_*'),
    pipe_id      TEXT NOT NULL REFERENCES pipes (id) ON DELETE CASCADE,
    position     INTEGER NOT NULL CHECK (position >= 0),
    name         TEXT NOT NULL COLLATE NOCASE,
    sql          TEXT NOT NULL,
    description  TEXT,
    dependencies TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(dependencies)), -- what it reads
    created_at   TEXT NOT NULL CHECK (created_at GLOB '????-??-?? ??:??:??.??????'),
    updated_at   TEXT NOT NULL CHECK (updated_at GLOB '????-??-?? ??:??:??.??????'),
    UNIQUE (pipe_id, name),
    UNIQUE (pipe_id, position)
) STRICT;
CREATE INDEX nodes_by_name ON nodes (name);

-- How to reach a store. `settings` can be read by anyone; `secrets` is one AES-256-GCM box.
CREATE TABLE connections (
    id         TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE COLLATE NOCASE,
    service    TEXT NOT NULL CHECK (service IN ('s3', 'local')),
    settings   TEXT NOT NULL CHECK (json_valid(settings)),
    secrets    BLOB NOT NULL,
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-?? ??:??:??.??????'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-?? ??:??:??.??????')
) STRICT;

-- Where the result of a node goes; a pipe has at most one.
CREATE TABLE sinks (
    pipe_id        TEXT NOT NULL PRIMARY KEY REFERENCES pipes (id) ON DELETE CASCADE,
    node_id        TEXT NOT NULL REFERENCES nodes (id),
    connection_id  TEXT NOT NULL REFERENCES connections (id),
    path           TEXT NOT NULL,
    file_template  TEXT NOT NULL,
    format         TEXT NOT NULL CHECK (format IN ('csv', 'ndjson')),
    compression    TEXT NOT NULL CHECK (compression IN ('none', 'gz')),
    write_strategy TEXT NOT NULL CHECK (write_strategy IN ('new', 'truncate')),
    empty_result   TEXT NOT NULL CHECK (empty_result IN ('skip', 'write', 'error')),
    created_at     TEXT NOT NULL CHECK (created_at GLOB '????-??-?? ??:??:??.??????'),
    updated_at     TEXT NOT NULL CHECK (updated_at GLOB '????-??-?? ??:??:??.??????')
) STRICT;
CREATE INDEX sinks_by_connection ON sinks (connection_id);

-- When a sink runs by itself.
CREATE TABLE schedules (
    pipe_id     TEXT NOT NULL PRIMARY KEY REFERENCES sinks (pipe_id) ON DELETE CASCADE,
    cron        TEXT NOT NULL,
    timezone    TEXT NOT NULL DEFAULT 'Etc/UTC',
    status      TEXT NOT NULL CHECK (status IN ('running', 'paused')),
    next_run_at TEXT CHECK (next_run_at GLOB '????-??-?? ??:??:??.??????'),
    last_run_at TEXT CHECK (last_run_at GLOB '????-??-?? ??:??:??.??????'),
    created_at  TEXT NOT NULL CHECK (created_at GLOB '????-??-?? ??:??:??.??????'),
    updated_at  TEXT NOT NULL CHECK (updated_at GLOB '????-??-?? ??:??:??.??????')
) STRICT;
CREATE INDEX schedules_due ON schedules (next_run_at) WHERE status = 'running';

-- Who may call. Only a SHA-256 of the token's value is kept.
CREATE TABLE tokens (
    id         TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    hash       TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
    scopes     TEXT NOT NULL CHECK (json_valid(scopes)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-?? ??:??:??.??????')
) STRICT;

-- One run each. `plan` is what it does, fixed when it was accepted; pipe names are kept as they
-- were, so the history outlives the pipe.
CREATE TABLE jobs (
    id                  TEXT NOT NULL PRIMARY KEY,
    kind                TEXT NOT NULL DEFAULT 'sink' CHECK (kind IN ('sink')),
    status              TEXT NOT NULL CHECK (status IN ('waiting', 'working', 'done', 'error', 'cancelling', 'cancelled')),
    stage               TEXT NOT NULL CHECK (stage IN ('queued', 'running', 'publishing', 'finished')),
    triggered_by        TEXT NOT NULL CHECK (triggered_by IN ('on_demand', 'scheduled')),
    pipe_id             TEXT NOT NULL,
    pipe_name           TEXT NOT NULL,
    node_id             TEXT NOT NULL,
    token_name          TEXT NOT NULL DEFAULT '',
    scheduled_at        TEXT CHECK (scheduled_at GLOB '????-??-?? ??:??:??.??????'),
    plan                TEXT NOT NULL CHECK (json_valid(plan)),
    attempt             INTEGER NOT NULL DEFAULT 0 CHECK (attempt >= 0),
    rows                INTEGER NOT NULL DEFAULT 0,
    bytes               INTEGER NOT NULL DEFAULT 0, -- of the files, as stored
    files               INTEGER NOT NULL DEFAULT 0,
    progress_percentage REAL,
    error               TEXT,
    error_code          TEXT,
    created_at          TEXT NOT NULL CHECK (created_at GLOB '????-??-?? ??:??:??.??????'),
    started_at          TEXT CHECK (started_at GLOB '????-??-?? ??:??:??.??????'),
    updated_at          TEXT NOT NULL CHECK (updated_at GLOB '????-??-?? ??:??:??.??????'),
    finished_at         TEXT CHECK (finished_at GLOB '????-??-?? ??:??:??.??????'),
    CHECK ((finished_at IS NOT NULL) = (status IN ('done', 'error', 'cancelled')))
) STRICT;
CREATE INDEX jobs_newest ON jobs (created_at, id);
CREATE INDEX jobs_by_status ON jobs (status, created_at, id);
CREATE INDEX jobs_by_pipe ON jobs (pipe_id, created_at);

-- The publish journal: every object a job has begun. `ticket` is what it takes to publish or
-- discard it after a crash.
CREATE TABLE job_files (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    key    TEXT NOT NULL,
    state  TEXT NOT NULL CHECK (state IN ('begun', 'staged', 'published')),
    rows   INTEGER NOT NULL DEFAULT 0,
    bytes  INTEGER NOT NULL DEFAULT 0,
    ticket TEXT NOT NULL,
    PRIMARY KEY (job_id, key)
) STRICT;
