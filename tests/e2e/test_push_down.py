"""Push-down (execution=cluster): the cluster writes the files to the S3 server itself; Sluice counts and publishes."""
import csv
import gzip
import io
import json

import pyarrow.parquet
import pytest

from support.cluster import cluster_url, make_cluster_pipe
from support.process import until


@pytest.fixture
def lake(make_sluice, chdb, s3, bucket):
    sluice = make_sluice(args=["--clickhouse", cluster_url(chdb)]).start()
    sluice.make_s3(s3)
    return sluice


def push(sluice, bucket, name, sql, status="done", **sink):
    make_cluster_pipe(sluice, name, sql)
    sluice.make_sink(name, **{"connection": "lake", "path": bucket.path(name), "file_template": "f", "format": "csv",
                              "execution": "cluster", **sink})
    return sluice.wait(sluice.run(name), status)


def objects(bucket):
    return {key: bucket.read(key) for key in bucket.keys()}


def rows_of(body, form, compression):
    if compression == "gz":
        body = gzip.decompress(body)
    if form == "csv":
        return [(int(row["n"]), row["part"]) for row in csv.DictReader(io.StringIO(body.decode()))]
    if form == "ndjson":
        return [(row["n"], row["part"]) for row in map(json.loads, body.splitlines())]
    table = pyarrow.parquet.read_table(io.BytesIO(body))
    return list(zip(table["n"].to_pylist(), table["part"].to_pylist()))


@pytest.mark.parametrize("form,compression", [("csv", "none"), ("csv", "gz"), ("ndjson", "gz"), ("parquet", "zst")])
@pytest.mark.parametrize("template", ["all", "part={part}/f", "{day, '%Y-%m'}", "s{4}"])
def test_files_hold_every_row_once(lake, bucket, form, compression, template):
    sql = ("SELECT toInt64(number) AS n, concat('a/b ', toString(number % 3)) AS part, toDate('2024-01-31') + number % 40 AS day "
           "FROM numbers(20000)")
    job = push(lake, bucket, "p", sql, format=form, compression=compression, file_template=template, manifest="true",
               success_file="true")
    found = objects(bucket)
    manifest = json.loads(found.pop("p/_manifest.json"))
    assert found.pop("p/_SUCCESS") == b""
    expected = {"all": 1, "part={part}/f": 3, "{day, '%Y-%m'}": 3, "s{4}": 4}[template]
    assert len(found) == expected == job["statistics"]["files"], list(found)
    assert sorted(row for body in found.values() for row in rows_of(body, form, compression)) == [
        (n, f"a/b {n % 3}") for n in range(20000)]
    assert job["statistics"]["row_count"] == 20000
    assert job["statistics"]["bytes"] == sum(map(len, found.values()))
    assert {file["key"]: file["rows"] for file in manifest["files"]} == {
        key: len(rows_of(body, form, compression)) for key, body in found.items()}
    if template == "part={part}/f":
        assert all(key.startswith("p/part=a%2Fb ") for key in found), list(found)


def test_names_are_those_that_sluice_gives(lake, bucket):
    sql = ("SELECT toInt64(number) AS n, multiIf(number = 0, NULL, number = 1, '', number = 2, '..', 'x{' || toString(number)) AS part, "
           "toDateTime('2024-10-27 00:30:00', 'UTC') + number * 1800 AS t FROM numbers(6)")
    template = "{part}/{t}"
    make_cluster_pipe(lake, "here", sql)
    lake.make_sink("here", connection="lake", path=bucket.path("here"), file_template=template, format="csv")
    lake.wait(lake.run("here"))
    push(lake, bucket, "there", sql, file_template=template)
    keys = sorted(bucket.keys())
    assert [key.removeprefix("here/") for key in keys if key.startswith("here/")] == [
        key.removeprefix("there/") for key in keys if key.startswith("there/")]


def test_new_files_beside_old_ones(lake, bucket):
    push(lake, bucket, "p", "SELECT 1 AS n, 'x' AS part")
    lake.wait(lake.run("p"))
    assert sorted(bucket.keys()) == ["p/f.1.csv", "p/f.csv"]
    lake.wait(lake.run("p", write_strategy="truncate"))
    assert sorted(bucket.keys()) == ["p/f.1.csv", "p/f.csv"]


def test_a_failure_publishes_nothing_and_leaves_nothing(lake, bucket, s3):
    job = push(lake, bucket, "p", "SELECT number AS n, throwIf(number = 3000000) AS part FROM numbers(5000000)", status="error")
    assert "395" in job["error"]
    assert bucket.keys() == []
    assert s3.secret_key not in json.dumps(job) + lake.log.read_text()


def test_no_rows(lake, bucket):
    job = push(lake, bucket, "p", "SELECT 1 AS n WHERE 0")
    assert job["statistics"]["files"] == 0 and bucket.keys() == []
    job = push(lake, bucket, "q", "SELECT 1 AS n WHERE 0", status="error", empty_result="error")
    assert "no rows" in job["error"]


def test_what_is_not_possible(lake, bucket):
    make_cluster_pipe(lake, "p", "SELECT 1 AS n")
    lake.make_pipe("near", "SELECT 1 AS n")
    lake.make_local()
    sink = {"connection": "lake", "path": bucket.path(), "file_template": "f", "format": "csv", "execution": "cluster"}
    for pipe, changes, mention in (("p", {"max_rows_per_file": "5"}, "max_rows_per_file"), ("near", {}, "engine=NAME"),
                                   ("p", {"partition_columns": "drop", "file_template": "{n}"}, "partition_columns"),
                                   ("p", {"connection": "disk", "path": "local://x"}, "S3"), ("p", {"execution": "moon"}, "cluster"),
                                   ("p", {"empty_result": "write"}, "empty_result")):
        lake.refusal("POST", f"/v0/pipes/{pipe}/nodes/{pipe}_0/sink", 400, mention, data={**sink, **changes})


def test_cancel_ends_it_on_the_cluster(lake, bucket, chdb):
    make_cluster_pipe(lake, "p", "SELECT number AS n, sleepEachRow(0.001) AS s FROM numbers(1000000) SETTINGS max_block_size = 100, "
                                 "function_sleep_max_microseconds_per_block = 0")
    lake.make_sink("p", connection="lake", path=bucket.path(), file_template="f", format="csv", execution="cluster")
    job = lake.run("p")
    until(lambda: chdb.running(job), 20, "the cluster writes")
    lake.api("POST", f"/v0/jobs/{job}/cancel")
    lake.wait(job, "cancelled", seconds=20)
    until(lambda: not chdb.running(job), 20, "it is over on the cluster, too")
    assert bucket.keys() == []


def test_killed_while_the_cluster_writes(lake, bucket, chdb):
    """The next start ends what is still at work there, begins anew, and publishes each row once."""
    make_cluster_pipe(lake, "p", "SELECT toInt64(number) AS n, 'x' AS part, sleepEachRow(0.001) AS s FROM numbers(3000) "
                                 "SETTINGS max_block_size = 100, function_sleep_max_microseconds_per_block = 0")
    lake.make_sink("p", connection="lake", path=bucket.path(), file_template="s{2}", format="csv", execution="cluster")
    job = lake.run("p")
    until(lambda: chdb.running(job), 20, "the cluster writes")
    lake.kill9()
    lake.start()
    done = lake.wait(job)
    assert done["statistics"]["row_count"] == 3000
    rows = [row for body in objects(bucket).values() for row in rows_of(body, "csv", "none")]
    assert sorted(n for n, _ in rows) == list(range(3000))
