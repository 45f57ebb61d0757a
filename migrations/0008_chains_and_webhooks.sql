-- A sink may run whenever a run of another one is done.
ALTER TABLE sinks ADD COLUMN run_after TEXT REFERENCES pipes (id);
CREATE INDEX sinks_by_predecessor ON sinks (run_after) WHERE run_after IS NOT NULL;
ALTER TABLE jobs ADD COLUMN after_job TEXT; -- the job that it runs after
CREATE UNIQUE INDEX jobs_chained ON jobs (after_job, pipe_id) WHERE after_job IS NOT NULL;

ALTER TABLE jobs ADD COLUMN parts INTEGER NOT NULL DEFAULT 0; -- of multipart uploads, sent by now

-- Who is told what happens, and what has been told. A delivery is written with what it tells of.
CREATE TABLE webhooks (
    id         TEXT NOT NULL PRIMARY KEY,
    pipe_id    TEXT REFERENCES pipes (id) ON DELETE CASCADE, -- NULL: of every pipe
    events     TEXT NOT NULL CHECK (json_valid(events)),
    address    TEXT NOT NULL, -- scheme and host of the URL, for people
    secrets    BLOB NOT NULL, -- the URL and the key of signatures, sealed
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-?? ??:??:??.??????')
) STRICT;
CREATE INDEX webhooks_by_pipe ON webhooks (pipe_id);

CREATE TABLE webhook_deliveries (
    id           TEXT NOT NULL PRIMARY KEY,
    webhook_id   TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event        TEXT NOT NULL CHECK (event IN ('done', 'error', 'recovered', 'missed')),
    body         TEXT NOT NULL CHECK (json_valid(body)),
    created_at   TEXT NOT NULL CHECK (created_at GLOB '????-??-?? ??:??:??.??????'),
    attempt      INTEGER NOT NULL DEFAULT 0,
    next_at      TEXT CHECK (next_at GLOB '????-??-?? ??:??:??.??????'), -- NULL: delivered, or given up
    delivered_at TEXT CHECK (delivered_at GLOB '????-??-?? ??:??:??.??????'),
    http_status  INTEGER, -- of the last answer
    error        TEXT     -- of the last attempt
) STRICT;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX webhook_deliveries_of ON webhook_deliveries (webhook_id, created_at);
