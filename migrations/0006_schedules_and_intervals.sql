-- Schedules with policies, jobs with intervals, attempts and priorities, and what was missed.

ALTER TABLE schedules ADD COLUMN overlap TEXT NOT NULL DEFAULT 'queue' CHECK (overlap IN ('skip', 'queue', 'allow', 'replace'));
ALTER TABLE schedules ADD COLUMN catchup TEXT NOT NULL DEFAULT 'latest' CHECK (catchup IN ('none', 'latest', 'all'));
ALTER TABLE schedules ADD COLUMN catchup_limit INTEGER NOT NULL DEFAULT 100 CHECK (catchup_limit > 0);
ALTER TABLE schedules ADD COLUMN jitter_seconds INTEGER NOT NULL DEFAULT 0 CHECK (jitter_seconds >= 0);
-- next_run_at and the jitter of that run.
ALTER TABLE schedules ADD COLUMN fires_at TEXT CHECK (fires_at GLOB '????-??-?? ??:??:??.??????');
-- The end of the last interval that a job was made for.
ALTER TABLE schedules ADD COLUMN covered_until TEXT CHECK (covered_until GLOB '????-??-?? ??:??:??.??????');
UPDATE schedules SET fires_at = next_run_at, covered_until = last_run_at;
DROP INDEX schedules_due;
CREATE INDEX schedules_due ON schedules (fires_at) WHERE status = 'running';

-- Why a job exists is checked by the table, so it is made anew (foreign keys are off while
-- migrations run, and checked after each).
CREATE TABLE jobs_new (
    id                  TEXT NOT NULL PRIMARY KEY,
    kind                TEXT NOT NULL DEFAULT 'sink' CHECK (kind IN ('sink')),
    status              TEXT NOT NULL CHECK (status IN ('waiting', 'working', 'done', 'error', 'cancelling', 'cancelled')),
    stage               TEXT NOT NULL CHECK (stage IN ('queued', 'running', 'publishing', 'finished')),
    triggered_by        TEXT NOT NULL CHECK (triggered_by IN ('on_demand', 'scheduled', 'backfill', 'chained')),
    priority            INTEGER NOT NULL DEFAULT 0, -- 0 is taken first: on demand; 1 scheduled and chained; 2 backfill
    alone               INTEGER NOT NULL DEFAULT 0 CHECK (alone IN (0, 1)), -- waits while another job of its pipe is at work
    pipe_id             TEXT NOT NULL,
    pipe_name           TEXT NOT NULL,
    node_id             TEXT NOT NULL,
    token_name          TEXT NOT NULL DEFAULT '',
    scheduled_at        TEXT CHECK (scheduled_at GLOB '????-??-?? ??:??:??.??????'),
    interval_start      TEXT CHECK (interval_start GLOB '????-??-?? ??:??:??.??????'), -- the time that the run covers:
    interval_end        TEXT CHECK (interval_end GLOB '????-??-?? ??:??:??.??????'),   -- from start up to end
    plan                TEXT NOT NULL CHECK (json_valid(plan)),
    attempt             INTEGER NOT NULL DEFAULT 0 CHECK (attempt >= 0),
    not_before          TEXT CHECK (not_before GLOB '????-??-?? ??:??:??.??????'), -- when it is tried again
    rows                INTEGER NOT NULL DEFAULT 0,
    bytes               INTEGER NOT NULL DEFAULT 0, -- of the files, as stored
    files               INTEGER NOT NULL DEFAULT 0,
    progress_percentage REAL,
    mismatches          INTEGER NOT NULL DEFAULT 0, -- values that did not fit their column and became NULL or text
    error               TEXT,
    error_code          TEXT,
    created_at          TEXT NOT NULL CHECK (created_at GLOB '????-??-?? ??:??:??.??????'),
    started_at          TEXT CHECK (started_at GLOB '????-??-?? ??:??:??.??????'),
    updated_at          TEXT NOT NULL CHECK (updated_at GLOB '????-??-?? ??:??:??.??????'),
    finished_at         TEXT CHECK (finished_at GLOB '????-??-?? ??:??:??.??????'),
    CHECK ((finished_at IS NOT NULL) = (status IN ('done', 'error', 'cancelled'))),
    CHECK ((interval_start IS NULL) = (interval_end IS NULL) AND interval_start <= interval_end)
) STRICT;
INSERT INTO jobs_new (id, kind, status, stage, triggered_by, priority, pipe_id, pipe_name, node_id, token_name, scheduled_at, plan,
                      attempt, rows, bytes, files, progress_percentage, mismatches, error, error_code,
                      created_at, started_at, updated_at, finished_at)
SELECT id, kind, status, stage, triggered_by, triggered_by = 'scheduled', pipe_id, pipe_name, node_id, token_name, scheduled_at, plan,
       attempt, rows, bytes, files, progress_percentage, mismatches, error, error_code,
       created_at, started_at, updated_at, finished_at
FROM jobs;
DROP TABLE jobs;
ALTER TABLE jobs_new RENAME TO jobs;
CREATE INDEX jobs_newest ON jobs (created_at, id);
CREATE INDEX jobs_by_status ON jobs (status, created_at, id);
CREATE INDEX jobs_waiting ON jobs (priority, created_at, id) WHERE status = 'waiting';
CREATE INDEX jobs_at_work ON jobs (pipe_id) WHERE status IN ('working', 'cancelling');
CREATE INDEX jobs_by_pipe ON jobs (pipe_id, created_at);

-- One row for each time that a job was taken up. `ended_at` is empty while it is at work, and where
-- the process ended in its midst.
CREATE TABLE job_attempts (
    job_id     TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    attempt    INTEGER NOT NULL CHECK (attempt > 0),
    started_at TEXT NOT NULL CHECK (started_at GLOB '????-??-?? ??:??:??.??????'),
    ended_at   TEXT CHECK (ended_at GLOB '????-??-?? ??:??:??.??????'),
    rows       INTEGER NOT NULL DEFAULT 0,
    bytes      INTEGER NOT NULL DEFAULT 0,
    files      INTEGER NOT NULL DEFAULT 0,
    error      TEXT,
    error_code TEXT,
    PRIMARY KEY (job_id, attempt)
) STRICT;

-- Times of a schedule that brought no run of their own, and why: nothing is left out in silence.
CREATE TABLE missed_runs (
    id         INTEGER PRIMARY KEY,
    pipe_id    TEXT NOT NULL,
    pipe_name  TEXT NOT NULL,
    first_at   TEXT NOT NULL CHECK (first_at GLOB '????-??-?? ??:??:??.??????'),
    last_at    TEXT NOT NULL CHECK (last_at GLOB '????-??-?? ??:??:??.??????'),
    runs       INTEGER NOT NULL CHECK (runs > 0), -- counted up to 100,000
    reason     TEXT NOT NULL CHECK (reason IN ('downtime', 'overlap')),
    covered_by TEXT,                              -- the job whose interval covers them, if one does
    noted_at   TEXT NOT NULL CHECK (noted_at GLOB '????-??-?? ??:??:??.??????')
) STRICT;
CREATE INDEX missed_runs_by_pipe ON missed_runs (pipe_id, id);
