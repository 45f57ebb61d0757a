"""Must show: the published event generator feeds a data source while a scheduled sink exports it by intervals:
every event is in exactly one file."""
import collections
import datetime
import json
import os
import shutil
import subprocess

import pytest

from support.faketime import FakeTime, start
from support.process import until
from support.sluice import TOKEN

RATE = 20  # A minute passes in three seconds.
EVENTS_PER_SECOND, EVENTS = 1000, 12_000
SCHEMA = ("id String, timestamp DateTime64(3), store_id Int32, browser String, product_id Int32, promo UInt8, sales UInt8, "
          "utm_source String, inserted_at DateTime64(6) DEFAULT now64(6)")
SQL = """%
SELECT * FROM shop
WHERE inserted_at >= {{DateTime64(interval_start)}} AND inserted_at < {{DateTime64(interval_end)}}"""


def generate(repository, url):
    folder = repository / "build/tools/js/node_modules/@tinybirdco/mockingbird"
    node = shutil.which("node")
    if not folder.exists() or node is None:
        pytest.skip(os.environ.get("SLUICE_E2E_CLIENT_PROBLEM") or "no event generator: scripts/test installs it")
    script = repository / "tests/e2e/clients/mockingbird.mjs"
    ran = subprocess.run([node, script, folder, url, TOKEN, "shop", str(EVENTS_PER_SECOND), str(EVENTS)],
                         capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_every_event_is_in_exactly_one_file(make_sluice, repository, tmp_path, record_property):
    fake = FakeTime(tmp_path, datetime.datetime(2026, 6, 1, 0, 0, 50), RATE)
    sluice = make_sluice(env=fake.env)
    start(sluice, fake)
    sluice.api("POST", "/v0/datasources", data={"name": "shop", "schema": SCHEMA})
    sluice.make_local()
    sluice.make_pipe("p", SQL)
    sluice.make_sink("p", connection="disk", path="local://out", file_template="{interval_start, '%Y%m%d%H%i'}",
                     format="ndjson", schedule_cron="* * * * *", write_strategy="truncate")
    sent = generate(repository, sluice.url)
    assert len(sent) == EVENTS and len({event["id"] for event in sent}) == EVENTS

    def written():
        """All files, once a run has followed that found nothing more."""
        jobs = sluice.state("SELECT status, rows, error FROM jobs ORDER BY scheduled_at")
        assert all(job["status"] != "error" for job in jobs), jobs
        if jobs and jobs[-1]["status"] == "done" and jobs[-1]["rows"] == 0 and sum(job["rows"] for job in jobs) >= EVENTS:
            return sluice.local_files()
        return None

    files = until(written, 60, "the sink has exported every interval")
    sluice.api("POST", "/v0/pipes/p/sink/pause")
    rows = [(name, json.loads(line)) for name, body in files.items() for line in body.splitlines()]
    times_seen = collections.Counter(row["id"] for _, row in rows)
    assert set(times_seen) == {event["id"] for event in sent}
    assert set(times_seen.values()) == {1}, times_seen.most_common(3)
    events = {event["id"]: event for event in sent}
    for name, row in rows:
        event = events[row["id"]]
        assert {key: row[key] for key in event if key != "timestamp"} == {
            key: event[key] for key in event if key != "timestamp"}
        minute = row["inserted_at"][:16].translate(str.maketrans("", "", "-: "))
        assert name == f"out/{minute}.ndjson", "an event is in the file of another interval"
    assert len(files) >= 4, sorted(files)
    record_property("files", {name: body.count(b"\n") for name, body in sorted(files.items())})
