"""A store that misbehaves: the job ends with a sentence, or succeeds after all; a file that is not
complete is never visible. Between Sluice and the real S3 server stands a proxy that breaks things."""
import gzip
import time

import pytest

from support import flights
from support.proxy import answer, lose_answer, reset, stall

SQL = "SELECT * FROM nyc.flights"
SLOW_DOWN = answer(503, "SlowDown", "Please reduce your request rate.")
INTERNAL = answer(500, "InternalError", "We encountered an internal error. Please try again.")
# What S3 does when completing takes long and then fails: 200, and the error in the body.
HIDDEN = answer(200, "InternalError", "We encountered an internal error. Please try again.")


@pytest.fixture
def prepared(sluice, proxy, s3, bucket):
    """Pipe `one` writes one large file (multipart), pipe `many` 16 small ones (a PUT each)."""
    sluice.make_s3(s3.at(proxy.endpoint))
    sluice.make_pipe("one", SQL)
    sluice.make_sink("one", connection="lake", path=bucket.path("out"), file_template="all")
    sluice.make_pipe("many", SQL + " WHERE month = 1")
    sluice.make_sink("many", connection="lake", path=bucket.path("out"), file_template="{carrier}", compression="gz")
    return sluice


def check_one(bucket, flights_db):
    assert bucket.objects() == {"out/all.csv": flights.shell(flights_db, "-csv", "-header", "SELECT * FROM flights")}
    assert bucket.uploads() == []


def check_many(bucket, flights_db):
    expected = {name.removeprefix("month=1/"): body for name, body in flights.expected_csv(flights_db).items()
                if name.startswith("month=1/")}
    assert set(bucket.keys()) == {f"out/{carrier}.csv.gz" for carrier in expected}
    for key, body in bucket.objects().items():
        assert gzip.decompress(body) == expected[key.removeprefix("out/").removesuffix(".csv.gz")], key


PASSING = [
    ("one", "create", SLOW_DOWN, 2), ("one", "create", INTERNAL, 1), ("one", "create", reset(), 1),
    ("one", "part", SLOW_DOWN, 2), ("one", "part", INTERNAL, 1), ("one", "part", reset(200_000), 2),
    ("one", "part", lose_answer(), 2), ("one", "part", answer(503, "ServiceUnavailable"), 1),
    ("one", "part", answer(408, "RequestTimeout"), 1),
    ("one", "complete", SLOW_DOWN, 2), ("one", "complete", HIDDEN, 1), ("one", "complete", reset(), 1),
    ("one", "complete", lose_answer(), 1),
    ("many", "put", SLOW_DOWN, 3), ("many", "put", INTERNAL, 1), ("many", "put", reset(100), 2),
    ("many", "put", lose_answer(), 2), ("many", "put", answer(409, "ConditionalRequestConflict"), 1),
]


@pytest.mark.parametrize("pipe, kind, fault, times", PASSING,
                         ids=[f"{pipe}-{kind}-{number}" for number, (pipe, kind, _, _) in enumerate(PASSING)])
def test_a_passing_fault_is_survived(prepared, proxy, bucket, flights_db, pipe, kind, fault, times):
    broken = proxy.fault(kind, fault, times=times)
    prepared.wait(prepared.run(pipe))
    assert broken.hits > times, "the fault was not met and passed"
    if pipe == "one":
        check_one(bucket, flights_db)
    else:
        check_many(bucket, flights_db)


LASTING = [
    ("one", "create", INTERNAL, ""), ("one", "part", SLOW_DOWN, ""), ("one", "part", INTERNAL, ""),
    ("one", "part", answer(403, "AccessDenied", "Access Denied"), "denied"),
    ("one", "part", answer(404, "NoSuchUpload", "The upload does not exist"), ""),
    ("one", "create", answer(403, "SignatureDoesNotMatch", "The signature does not match"), ""),
    ("one", "part", answer(400, "ExpiredToken", "The provided token has expired."), "expired"),
    ("one", "complete", answer(400, "InvalidPart", "A part could not be found"), ""),
    ("many", "put", answer(403, "AccessDenied", "Access Denied"), "denied"),
    ("many", "put", answer(403, "SignatureDoesNotMatch", "The signature does not match"), ""),
]


@pytest.mark.parametrize("pipe, kind, fault, mention", LASTING,
                         ids=[f"{pipe}-{kind}-{number}" for number, (pipe, kind, _, _) in enumerate(LASTING)])
def test_a_lasting_fault_ends_the_job_with_a_sentence(prepared, proxy, bucket, flights_db, pipe, kind, fault, mention):
    proxy.fault(kind, fault, times=10**6)
    job = prepared.wait(prepared.run(pipe), status="error", seconds=240)
    assert len(job["error"]) > 20 and mention in job["error"].lower(), job["error"]
    assert bucket.keys() == [], "something is visible of a job that failed"
    assert bucket.uploads() == [], "an upload was left behind"
    # Nothing is broken for good.
    proxy.calm()
    prepared.wait(prepared.run(pipe))
    if pipe == "one":
        check_one(bucket, flights_db)
    else:
        check_many(bucket, flights_db)


def test_a_store_that_stops_answering_once(prepared, proxy, bucket, flights_db):
    """In the middle of a part; the transfer is given up, and the second try succeeds."""
    stalled = proxy.fault("part", stall(after=1_000_000), times=1)
    prepared.wait(prepared.run("one"), seconds=120)
    assert stalled.hits > 1
    check_one(bucket, flights_db)


def test_a_store_that_stops_answering_for_good(prepared, proxy, bucket):
    """The job ends in bounded time and says so; the API answers all the while."""
    proxy.fault("part", stall(after=1_000_000), times=10**6)
    proxy.fault("create", stall(), times=10**6, skip=1)
    began = time.monotonic()
    job = prepared.wait(prepared.run("one"), status="error", seconds=300)
    assert time.monotonic() - began < 240
    assert len(job["error"]) > 20
    assert bucket.keys() == []
    # Its upload can't have been aborted through a store that... answers aborts: so it has been.
    assert bucket.uploads() == []


def test_a_store_that_stops_answering_at_the_probe(sluice, proxy, s3, bucket):
    """Setting a sink answers in bounded time, with an error, and sets nothing."""
    sluice.make_s3(s3.at(proxy.endpoint))
    sluice.make_pipe("p", "SELECT 1 AS a")
    proxy.fault("any", stall(), times=10**6)
    reply = sluice.raw("POST", "/v0/pipes/p/nodes/p_0/sink", timeout=180, data={
        "connection": "lake", "path": bucket.path("x"), "file_template": "f"})
    assert reply.status_code in (502, 504), reply.text
    assert sluice.api("GET", "/v0/pipes/p")["type"] == "default"


def test_a_corrupted_upload_is_noticed(prepared, proxy, bucket):
    """One byte of a part is changed on its way: the payload is signed, so the store refuses it, and
    the retry sends it again; a file with that byte is never visible."""
    def flip(connection, request):
        body = bytearray(connection.read(request.length))
        body[len(body) // 2] ^= 1
        connection.pending = bytes(body) + connection.pending
        return True
    flipped = proxy.fault("part", flip, times=1)
    job_id = prepared.run("one")
    job = prepared._ended(job_id)
    while job is None:
        time.sleep(0.05)
        job = prepared._ended(job_id)
    assert flipped.hits >= 1
    if job["status"] == "done":
        assert bucket.read("out/all.csv").count(b"\n") == flights.ROWS + 1
        assert len(bucket.read("out/all.csv")) == job["statistics"]["bytes"]
    else:
        assert bucket.keys() == [] and len(job["error"]) > 20
