"""What scripts/bench --clickhouse measures: rows a second from ClickHouse to an S3 server, through Sluice and by push-down,
beside ClickHouse's own export of the same query to the same server; and the memory of Sluice while 50,000,000 rows pass."""
import pathlib
import statistics
import sys
import tempfile
import time

root = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(root / "tests/e2e"))

from support.cluster import cluster_url  # noqa: E402
from support.clickhouse import ChdbServer  # noqa: E402
from support.s3 import Bucket, S3Server  # noqa: E402
from support.sluice import Sluice  # noqa: E402
from support.stream import MemoryWatch  # noqa: E402

ROWS, MANY = 5_000_000, 50_000_000
RUNS = 3
COLUMNS = ("id UInt64, at DateTime64(3), user UInt32, kind LowCardinality(String), amount Decimal(12, 2), score Float64, "
           "note String, flag Bool")
VALUES = ("number, toDateTime64('2026-01-01 00:00:00', 3) + number / 10, cityHash64(number) % 100000, "
          "['view', 'click', 'buy'][1 + number % 3], number % 1000000 / 100, sqrt(number), "
          "concat('note ', toString(cityHash64(number) % 1000000)), number % 2")
QUERY = "SELECT * FROM events"
# Name, format and compression as Sluice and as ClickHouse call them, and ClickHouse's settings.
CASES = (("Parquet, zstd", "parquet", "zst", "Parquet", "none", {"output_format_parquet_compression_method": "zstd"}),
         ("CSV", "csv", "none", "CSVWithNames", "none", {}),
         ("NDJSON, gzip", "ndjson", "gz", "JSONEachRow", "gzip", {}))


def own_export(server, store, bucket, case, number):
    _, form, _, theirs, codec, settings = case
    begun = time.monotonic()
    server.query(f"INSERT INTO FUNCTION s3('{store.endpoint}/{bucket.name}/own/{form}{number}', '{store.access_key}', "
                 f"'{store.secret_key}', '{theirs}', 'auto', '{codec}') {QUERY}", {"s3_truncate_on_insert": 1, **settings})
    return time.monotonic() - begun


def job_seconds(sluice, pipe):
    begun = time.monotonic()
    job = sluice.wait(sluice.run(pipe), seconds=600)
    assert job["statistics"]["row_count"] == ROWS, job
    return time.monotonic() - begun


def make_pipes(sluice, bucket):
    for _, form, compression, *_ in CASES:
        for execution in ("sluice", "cluster"):
            name = f"{form}_{execution}"
            sluice.api("POST", "/v0/pipes", data={"name": name, "sql": QUERY, "engine": "ch"})
            sluice.make_sink(name, connection="lake", path=bucket.path(name), file_template="f", format=form,
                             compression=compression, write_strategy="truncate", execution=execution)


def compare(sluice, server, store, bucket):
    print(f"| {ROWS:,} rows, {RUNS} runs in turn, medians | ClickHouse's own export | Sluice | ratio | push-down | ratio |\n"
          "|---|---|---|---|---|---|")
    for case in CASES:
        own, ours, pushed = [], [], []
        for number in range(RUNS):
            own.append(own_export(server, store, bucket, case, number))
            ours.append(job_seconds(sluice, f"{case[1]}_sluice"))
            pushed.append(job_seconds(sluice, f"{case[1]}_cluster"))
        a, b, c = (ROWS / statistics.median(times) for times in (own, ours, pushed))
        print(f"| {case[0]} | {a:,.0f} rows/s | {b:,.0f} rows/s | {b / a:.2f} | {c:,.0f} rows/s | {c / a:.2f} |", flush=True)


def memory(sluice, bucket):
    sluice.api("POST", "/v0/pipes", data={"name": "many", "engine": "ch",
                                          "sql": f"SELECT number AS n, toString(number) AS t FROM numbers({MANY})"})
    sluice.make_sink("many", connection="lake", path=bucket.path("many"), file_template="f", format="parquet")
    begun = time.monotonic()
    with MemoryWatch(sluice.process.pid) as watch:
        job = sluice.wait(sluice.run("many"), seconds=1200)
    assert job["statistics"]["row_count"] == MANY, job
    print(f"{MANY:,} rows to Parquet: {MANY / (time.monotonic() - begun):,.0f} rows/s, highest anonymous memory of Sluice "
          f"{watch.highest / 2**20:.0f} MiB (--memory-limit 256)")


def main():
    with tempfile.TemporaryDirectory(prefix="sluice-bench-", dir=root / "build") as folder:
        folder = pathlib.Path(folder)
        (folder / "s3").mkdir()
        store = S3Server(sys.argv[2], folder / "s3")
        server = ChdbServer(folder / "chdb")
        sluice = Sluice(root / "build/release/sluice", folder / "sluice", args=["--clickhouse", cluster_url(server)])
        try:
            server.query(f"CREATE TABLE events ({COLUMNS}) ENGINE = MergeTree ORDER BY id")
            server.query(f"INSERT INTO events SELECT {VALUES} FROM numbers({ROWS})")
            sluice.start()
            sluice.make_s3(store)
            bucket = Bucket(store)
            make_pipes(sluice, bucket)
            compare(sluice, server, store, bucket)
            memory(sluice, bucket)
        finally:
            for each in (sluice, server, store):
                each.end()


main()
