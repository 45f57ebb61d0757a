"""Queries and uploads have budgets of their own: a slow bucket holds back its own jobs alone. And a cancel takes
effect at once, wherever the job is."""
import statistics
import time

import pytest

from support.process import until
from support.proxy import stall

ENDLESS = "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r) SELECT n FROM r"
# Some 40 MB of CSV: several parts.
LARGE = "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r LIMIT 400000) SELECT n, hex(zeroblob(50)) AS t FROM r"
CANCELS = 9


@pytest.fixture
def two_stores(make_sluice, s3, proxy, bucket):
    """A store that stops answering, one that works, and the disk; two queries at a time."""
    sluice = make_sluice(args=["--workers", "2", "--uploads", "2"]).start()
    sluice.make_local()
    sluice.make_s3(s3.at(proxy.endpoint), name="slow")
    sluice.make_pipe("large", LARGE)
    sluice.make_sink("large", connection="slow", path=bucket.path("x"), file_template="{4}")
    sluice.make_pipe("small", "SELECT 1 AS n")
    sluice.make_sink("small", connection="disk", path="local://small", file_template="f")
    return sluice


def test_a_slow_bucket_does_not_hold_back_other_work(two_stores, proxy):
    sluice = two_stores
    proxy.fault("part", stall(after=1000), times=10**6)
    stuck = [sluice.run("large") for _ in range(4)]
    until(lambda: [sluice.job(job)["status"] for job in stuck].count("working") == 3, 30, "three of them wait for the store")
    for _ in range(10):
        sluice.wait(sluice.run("small"), seconds=15)
    # One connection never has all the places, so the fourth still waits.
    assert sorted(sluice.job(job)["status"] for job in stuck) == ["waiting", "working", "working", "working"]
    for job in stuck:
        sluice.api("POST", f"/v0/jobs/{job}/cancel")
    for job in stuck:
        sluice.wait(job, "cancelled", seconds=30)


def test_parts_are_counted_while_they_are_sent(two_stores, proxy, bucket):
    held = proxy.fault("part", stall(after=1000), times=1, skip=2)
    job = two_stores.run("large")
    until(lambda: held.hits, 30, "a part stands still")
    seen = until(lambda: two_stores.job(job)["statistics"]["parts"], 30, "parts are seen in the progress")
    done = two_stores.wait(job, seconds=120)
    assert 0 < seen <= done["statistics"]["parts"] and done["statistics"]["parts"] >= 5
    assert len(bucket.objects()) == 4


def cancelled_after(sluice, pipe, begun):
    """Seconds from a cancel to the end of a job that has come so far."""
    job = sluice.run(pipe)
    until(lambda: begun(job), 60, "the job is under way")
    start = time.monotonic()
    sluice.api("POST", f"/v0/jobs/{job}/cancel")
    until(lambda: sluice.job(job)["status"] == "cancelled", 30, "it is cancelled")
    return time.monotonic() - start


def test_a_cancel_within_a_second_in_the_query(two_stores, record_property):
    two_stores.make_pipe("endless", ENDLESS)
    two_stores.make_sink("endless", connection="disk", path="local://endless", file_template="f")
    times = [cancelled_after(two_stores, "endless", lambda job: two_stores.job(job)["statistics"]["row_count"])
             for _ in range(CANCELS)]
    record_property("cancel in a query, seconds", f"median {statistics.median(times):.2f}, most {max(times):.2f}")
    assert statistics.median(times) < 1
    assert two_stores.local_files() == {}


def test_a_cancel_within_two_seconds_in_an_upload(two_stores, proxy, bucket, record_property):
    held = proxy.fault("part", stall(after=1000), times=10**6)
    times = []
    for _ in range(CANCELS):
        hits = held.hits
        times.append(cancelled_after(two_stores, "large", lambda job: held.hits > hits))
    record_property("cancel in an upload, seconds", f"median {statistics.median(times):.2f}, most {max(times):.2f}")
    assert statistics.median(times) < 2
    assert bucket.objects() == {}
    assert bucket.uploads() == []
