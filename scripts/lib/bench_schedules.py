"""What scripts/bench --schedules measures: how late jobs are made when many schedules are due in one minute, and what
a tick costs among many that are not."""
import contextlib
import datetime
import os
import pathlib
import sqlite3
import sys
import tempfile
import time

root = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(root / "tests/e2e"))

from support.process import until  # noqa: E402
from support.sluice import Sluice  # noqa: E402

DUE = 600
AMONG = 10_000
MANY = 100_000
IDLE_SECONDS = 30


def copies(state, count, due, cron_due):
    """Copies the one sink there is in the state of a server that is stopped: `due` of them fire at the time of
    `cron_due`, the others months later."""
    later = (datetime.datetime.utcnow() + datetime.timedelta(days=150)).strftime("%Y-%m-%d %H:%M:00.000000")
    with contextlib.closing(sqlite3.connect(state)) as db, db:
        db.execute("PRAGMA foreign_keys = ON")
        numbers = "WITH RECURSIVE c(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM c WHERE i < ?) "
        db.execute(numbers + "INSERT INTO pipes SELECT 't_' || printf('%032x', i), 'copy_' || i, NULL, created_at, updated_at "
                   "FROM c, pipes WHERE name = 'one'", (count,))
        db.execute(numbers + "INSERT INTO nodes (id, pipe_id, position, name, sql, dependencies, created_at, updated_at) SELECT "
                   "'t_n' || printf('%031x', i), 't_' || printf('%032x', i), 0, 'n_' || i, sql, dependencies, created_at, "
                   "updated_at FROM c, nodes WHERE name = 'one_0'", (count,))
        db.execute(numbers + "INSERT INTO sinks (pipe_id, node_id, connection_id, path, file_template, format, compression, "
                   "write_strategy, empty_result, options, created_at, updated_at) SELECT 't_' || printf('%032x', i), 't_n' || "
                   "printf('%031x', i), connection_id, path, 'f' || i, format, compression, write_strategy, empty_result, "
                   "options, created_at, updated_at FROM c, sinks", (count,))
        db.execute(numbers + "INSERT INTO schedules (pipe_id, cron, timezone, status, next_run_at, fires_at, created_at, "
                   "updated_at) SELECT 't_' || printf('%032x', i), CASE WHEN i <= ? THEN ? ELSE '0 0 1 1 *' END, 'Etc/UTC', "
                   "'running', CASE WHEN i <= ? THEN ? ELSE ? END, CASE WHEN i <= ? THEN ? ELSE ? END, created_at, updated_at "
                   "FROM c, pipes WHERE name = 'one'",
                   (count, due, f"{cron_due.minute} {cron_due.hour} * * *", due, f"{cron_due:%Y-%m-%d %H:%M}:00.000000", later,
                    due, f"{cron_due:%Y-%m-%d %H:%M}:00.000000", later))


def server(folder):
    return Sluice(root / "build/release/sluice", folder, args=["--max-sinks", "200000", "--log-level", "warn"])


def prepared(folder, count, due, when):
    sluice = server(folder).start()
    sluice.make_local()
    sluice.make_pipe("one", "SELECT 1 AS n")
    sluice.make_sink("one", connection="disk", path="local://x", file_template="f")
    sluice.stop()
    copies(sluice.data_dir / "state.db", count, due, when)
    return sluice.start()


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def seen_in_queue(sluice, when):
    """For each of the jobs, how long after `when` another process saw it in the state database, in ms."""
    due = (when - datetime.datetime(1970, 1, 1)).total_seconds()
    late = []
    with contextlib.closing(sqlite3.connect(f"file:{sluice.data_dir}/state.db?mode=ro", uri=True)) as db:
        while len(late) < DUE:
            count, = db.execute("SELECT count(*) FROM jobs").fetchone()
            late += [(time.time() - due) * 1000] * (count - len(late))
            time.sleep(0.002)
            assert time.time() < due + 120, f"{len(late)} of {DUE} jobs were made"
    return late


def lateness(folder):
    when = (datetime.datetime.utcnow() + datetime.timedelta(seconds=90)).replace(second=0, microsecond=0)
    sluice = prepared(folder, AMONG, DUE, when)
    try:
        queued = seen_in_queue(sluice, when)
        until(lambda: sluice.state("SELECT count(*) AS n FROM jobs WHERE status = 'done'")[0]["n"] >= DUE, 300, "all have run")
        rows = sluice.state("SELECT (julianday(started_at) - julianday(scheduled_at)) * 86400e3 AS begun, "
                            "(julianday(finished_at) - julianday(scheduled_at)) * 86400e3 AS done FROM jobs")
        assert len(rows) == DUE, rows
        for what, times in (("into the queue", queued), ("begun", [row["begun"] for row in rows]),
                            ("done", [row["done"] for row in rows])):
            print(f"{DUE} of {AMONG} schedules due in one minute, {what}: p50 {percentile(times, .5):.0f} ms, "
                  f"p99 {percentile(times, .99):.0f} ms, most {max(times):.0f} ms")
    finally:
        sluice.end()


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def tick(folder, count):
    sluice = prepared(folder, count, 0, datetime.datetime(2026, 1, 1))
    try:
        time.sleep(5)
        before = cpu_seconds(sluice.process.pid)
        time.sleep(IDLE_SECONDS)
        cost = (cpu_seconds(sluice.process.pid) - before) / IDLE_SECONDS
        print(f"{count} schedules, none due: {cost * 1000:.2f} ms of CPU a tick (one a second; the whole idle process)")
    finally:
        sluice.end()


with tempfile.TemporaryDirectory(dir=root / "build") as base:
    lateness(pathlib.Path(base) / "late")
    tick(pathlib.Path(base) / "few", 1)
    tick(pathlib.Path(base) / "many", MANY)
