"""Jobs that can't succeed: each ends in `error` with a sentence, and nothing partial is visible."""
import pytest

from support import flights
from support.process import until

ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) AS x FROM c"
# Integer overflow, met when the scan comes to that row.
FAILS_AT_100000 = "SELECT *, CASE WHEN rowid = 100000 THEN abs(-9223372036854775807 - 1) END AS a FROM nyc.flights"


def failed(sluice, job_id, *mentions, seconds=120):
    job = sluice.wait(job_id, status="error", seconds=seconds)
    sentence = job["error"]
    assert len(sentence) > 20 and sentence.rstrip()[-1] in ".!?", sentence
    assert job["errors"] == [sentence]
    for text in mentions:
        assert text.lower() in sentence.lower(), f"{sentence!r} does not mention {text!r}"
    return job


@pytest.mark.parametrize("template", ["all", "month={month}/{carrier}"])
def test_sql_that_fails_in_row_100000(sluice, s3, bucket, template):
    sluice.make_s3(s3)
    sluice.make_pipe("p", FAILS_AT_100000)
    sluice.make_sink("p", connection="lake", path=bucket.path("x"), file_template=template)
    failed(sluice, sluice.run("p"), "overflow")
    assert bucket.keys() == [] and bucket.uploads() == []


def test_sql_that_fails_late_leaves_no_local_file(sluice):
    sluice.make_local()
    sluice.make_pipe("p", FAILS_AT_100000)
    sluice.make_sink("p", connection="disk", path="local://x", file_template="{carrier}")
    failed(sluice, sluice.run("p"), "overflow")
    assert sluice.local_files() == {}


def test_sql_that_never_ends(make_sluice):
    sluice = make_sluice(args=["--job-timeout", "2"]).start()
    sluice.make_local()
    sluice.make_pipe("p", ENDLESS)
    sluice.make_sink("p", connection="disk", path="local://x", file_template="f")
    failed(sluice, sluice.run("p"), "2 s", seconds=20)
    assert sluice.local_files() == {}
    assert sluice.api("GET", "/health")["status"] == "ok"


def test_sql_that_never_ends_is_cancelled(sluice):
    sluice.make_local()
    sluice.make_pipe("p", ENDLESS)
    sluice.make_sink("p", connection="disk", path="local://x", file_template="f")
    job_id = sluice.run("p")
    until(lambda: sluice.job(job_id)["status"] == "working", 20, "the job works")
    assert sluice.api("POST", f"/v0/jobs/{job_id}/cancel")["status"] in ("cancelling", "cancelled")
    sluice.wait(job_id, status="cancelled", seconds=10)
    assert sluice.local_files() == {}


def test_jobs_that_never_end_do_not_stop_the_api(sluice):
    """More of them than there are workers; the API answers and SIGTERM still stops the server."""
    sluice.make_local()
    sluice.make_pipe("p", ENDLESS)
    sluice.make_sink("p", connection="disk", path="local://x", file_template="f")
    for _ in range(6):
        sluice.run("p")
    until(lambda: sluice.api("GET", "/v0/jobs?status=working")["jobs"], 20, "jobs work")
    sluice.make_pipe("q", "SELECT count(*) AS n FROM nyc.flights")
    assert sluice.stop() == 0


# The store refuses.

def test_bucket_that_does_not_exist(sluice, s3):
    sluice.make_s3(s3)
    sluice.make_pipe("p", "SELECT 1 AS a")
    sluice.refusal("POST", "/v0/pipes/p/nodes/p_0/sink", 404, "no-such-bucket-here", data={
        "connection": "lake", "path": "s3://no-such-bucket-here/x", "file_template": "f"})


def test_bucket_that_vanishes_later(sluice, s3, bucket):
    sluice.make_s3(s3)
    sluice.make_pipe("p", "SELECT 1 AS a")
    sluice.make_sink("p", connection="lake", path=bucket.path("x"), file_template="f")
    bucket.client.delete_bucket(Bucket=bucket.name)
    failed(sluice, sluice.run("p"), bucket.name)


@pytest.mark.parametrize("wrong", [{"s3_secret_access_key": "x" * 40}, {"s3_access_key_id": "NOBODY"}])
def test_wrong_keys(sluice, s3, bucket, wrong):
    """Never a success: neither when the sink is set nor when a run overrides the connection."""
    sluice.make_s3(s3, name="good")
    sluice.make_s3(s3, name="bad", **wrong)
    sluice.make_pipe("p", "SELECT 1 AS a")
    sink = {"path": bucket.path("x"), "file_template": "f"}
    sentence = sluice.refusal("POST", "/v0/pipes/p/nodes/p_0/sink", 401, data={"connection": "bad", **sink})
    assert "x" * 40 not in sentence
    assert sluice.api("GET", "/v0/pipes/p")["type"] == "default"
    sluice.make_sink("p", connection="good", **sink)
    failed(sluice, sluice.run("p", connection="bad"))
    assert bucket.keys() == [] and bucket.uploads() == []


def test_wrong_region_or_no_store_at_all(sluice, s3, bucket):
    sluice.make_s3(s3.at("http://127.0.0.1:1"), name="dead")
    sluice.make_pipe("p", "SELECT 1 AS a")
    sluice.refusal("POST", "/v0/pipes/p/nodes/p_0/sink", 502, "127.0.0.1:1", timeout=120, data={
        "connection": "dead", "path": bucket.path("x"), "file_template": "f"})


def test_key_that_is_too_long(sluice, s3, bucket):
    sluice.make_s3(s3)
    sluice.make_pipe("p", "SELECT 'abc' || printf('%.*c', 1100, 'x') AS long")
    sluice.make_sink("p", connection="lake", path=bucket.path("x"), file_template="{long}")
    failed(sluice, sluice.run("p"), "1024", "abcxxx")
    assert bucket.keys() == []


def test_text_that_is_not_utf8(sluice):
    sluice.make_local()
    sluice.make_pipe("p", "SELECT 1 AS a, CAST(x'6162ff' AS TEXT) AS broken")
    sluice.make_sink("p", connection="disk", path="local://x", file_template="f")
    failed(sluice, sluice.run("p"), "broken", "utf-8")
    assert sluice.local_files() == {}


# A full disk.

def test_full_disk_under_the_data_folder(make_sluice, s3, bucket, flights_db, small_disk):
    """The spool does not fit; the job says so, nothing is visible, and with room it works again."""
    folder, enlarge = small_disk
    sluice = make_sluice(attach={"nyc": flights_db}, data_dir=folder / "data").start()
    sluice.make_s3(s3)
    sluice.make_pipe("p", "SELECT * FROM nyc.flights")
    sluice.make_sink("p", connection="lake", path=bucket.path("x"), file_template="month={month}/{carrier}")
    failed(sluice, sluice.run("p"), "space")
    assert bucket.keys() == [] and bucket.uploads() == []
    assert sluice.api("GET", "/health")["status"] == "ok"
    enlarge()
    sluice.wait(sluice.run("p"))
    flights.check_export(bucket.objects(), "x/", ".csv", flights_db)
    assert sluice.stop() == 0


def test_full_disk_under_the_local_store(make_sluice, flights_db, small_disk):
    folder, enlarge = small_disk
    sluice = make_sluice(attach={"nyc": flights_db}, args=["--local-root", str(folder / "objects")]).start()
    sluice.make_local()
    sluice.make_pipe("p", "SELECT * FROM nyc.flights")
    sluice.make_sink("p", connection="disk", path="local://x", file_template="month={month}/{carrier}")
    failed(sluice, sluice.run("p"), "space")
    assert [file for file in folder.rglob("*") if file.is_file()] == [], "something was left on the full disk"
    enlarge()
    sluice.wait(sluice.run("p"))
    files = {str(file.relative_to(folder / "objects/disk")): file.read_bytes()
             for file in (folder / "objects/disk").rglob("*") if file.is_file()}
    flights.check_export(files, "x/", ".csv", flights_db)
