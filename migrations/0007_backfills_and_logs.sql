-- A range of time that is run again (or for the first time), one job an interval.
CREATE TABLE backfills (
    id           TEXT NOT NULL PRIMARY KEY,
    pipe_id      TEXT NOT NULL,
    pipe_name    TEXT NOT NULL,
    token_name   TEXT NOT NULL DEFAULT '',
    start_at     TEXT NOT NULL CHECK (start_at GLOB '????-??-?? ??:??:??.??????'),
    end_at       TEXT NOT NULL CHECK (end_at GLOB '????-??-?? ??:??:??.??????'),
    step         TEXT NOT NULL, -- 1h, 7d...; empty: the times of the sink's schedule
    concurrency  INTEGER NOT NULL CHECK (concurrency > 0), -- jobs of it that may be at work at once
    created_at   TEXT NOT NULL CHECK (created_at GLOB '????-??-?? ??:??:??.??????'),
    cancelled_at TEXT CHECK (cancelled_at GLOB '????-??-?? ??:??:??.??????')
) STRICT;
CREATE INDEX backfills_by_pipe ON backfills (pipe_id, created_at);

ALTER TABLE jobs ADD COLUMN backfill_id TEXT;
ALTER TABLE jobs ADD COLUMN connection_id TEXT; -- as in the plan; no generated column, with which SQLite can't VACUUM
UPDATE jobs SET connection_id = json_extract(plan, '$.connection_id');
CREATE INDEX jobs_by_backfill ON jobs (backfill_id, status) WHERE backfill_id IS NOT NULL;
CREATE INDEX jobs_at_work_by_connection ON jobs (connection_id) WHERE status IN ('working', 'cancelling');
CREATE INDEX jobs_done ON jobs (pipe_id, finished_at) WHERE status = 'done';
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX jobs_by_interval ON jobs (pipe_id, interval_start, interval_end) WHERE interval_start IS NOT NULL;

-- The public API's logs as tables, one row a job that has ended. NULL: not measured here.
CREATE VIEW sinks_ops_log AS
SELECT jobs.finished_at AS timestamp,
       coalesce(connections.service, '') AS service,
       jobs.pipe_id,
       jobs.pipe_name,
       jobs.token_name,
       CASE jobs.status WHEN 'done' THEN 'ok' ELSE 'error' END AS result,
       jobs.error,
       round((julianday(jobs.finished_at) - julianday(coalesce(jobs.started_at, jobs.finished_at))) * 86400, 3) AS elapsed_time,
       jobs.id AS job_id,
       jobs.rows AS read_rows,
       CASE jobs.status WHEN 'done' THEN jobs.rows ELSE 0 END AS written_rows,
       NULL AS read_bytes,
       CASE jobs.status WHEN 'done' THEN jobs.bytes ELSE 0 END AS written_bytes,
       (SELECT coalesce(json_group_array(key), '[]') FROM (SELECT key FROM job_files
           WHERE job_files.job_id = jobs.id AND job_files.state = 'published' ORDER BY key)) AS output,
       json_extract(jobs.plan, '$.variables') AS parameters,
       json_remove(jobs.plan, '$.sql', '$.views', '$.variables') AS options,
       NULL AS cpu_time
FROM jobs LEFT JOIN connections ON connections.id = jobs.connection_id
WHERE jobs.finished_at IS NOT NULL;

CREATE VIEW jobs_log AS
SELECT id AS job_id,
       kind AS job_type,
       pipe_id,
       pipe_name,
       created_at,
       started_at,
       updated_at,
       status,
       error,
       json_object('triggered_by', triggered_by, 'attempt', attempt, 'scheduled_at', scheduled_at,
                   'interval_start', interval_start, 'interval_end', interval_end, 'backfill_id', backfill_id,
                   'rows', rows, 'bytes', bytes, 'files', files, 'error_code', error_code) AS job_metadata
FROM jobs;
