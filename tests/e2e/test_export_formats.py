"""Every format and codec, exported to the real S3 server through the service and read back with real readers."""
import bz2
import gzip
import io
import json
import lzma
import sqlite3
import subprocess

import pytest

from support.sanitizers import memory_limit

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed: PyPI could not be reached")
parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed: PyPI could not be reached")

ROWS = 60000
CODECS = {"none": bytes, "gz": gzip.decompress, "zst": None, "br": None, "xz": lzma.decompress,
          "bz2": bz2.decompress, "lz4": None}
TOOLS = {"zst": ["zstd", "-dc"], "br": ["brotli", "-dc"], "lz4": ["lz4", "-dc"]}


def unpacked(codec, body):
    if codec in TOOLS:
        return subprocess.run(TOOLS[codec], input=body, capture_output=True, check=True).stdout
    return CODECS[codec](body)


@pytest.fixture(scope="module")
def orders_db(tmp_path_factory):
    """`orders`, with a column of every type that a declaration can name."""
    file = tmp_path_factory.mktemp("orders") / "orders.db"
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, day DATE, at TIMESTAMP, price DECIMAL(12,2), "
                     "rate REAL, paid BOOLEAN, name TEXT, data BLOB)")
    database.executemany(
        "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((i, f"2026-01-{i % 28 + 1:02d}", f"2026-01-01 00:{i % 60:02d}:{i // 60 % 60:02d}.{i % 1000:03d}",
          f"{i / 4:.2f}", i / 8, i % 2, None if i % 10 == 0 else f'näme "{i}",\n{i % 50}', bytes([i % 256]) * (i % 5))
         for i in range(1, ROWS + 1)))
    database.commit()
    database.close()
    return file


@pytest.fixture
def shop(make_sluice, orders_db, s3):
    sluice = make_sluice(attach={"shop": orders_db}).start()
    sluice.make_s3(s3)
    return sluice



@pytest.mark.parametrize("codec", CODECS)
def test_csv_of_every_codec_is_the_plain_one(shop, bucket, codec):
    sql = "SELECT id, name, rate FROM shop.orders"
    shop.export("plain", sql, connection="lake", path=bucket.path("p"), file_template="all", format="csv")
    shop.export("packed", sql, connection="lake", path=bucket.path("c"), file_template="all", format="csv",
                compression=codec)
    key = "c/all.csv" + ("" if codec == "none" else f".{codec}")
    assert unpacked(codec, bucket.read(key)) == bucket.read("p/all.csv")


@pytest.mark.parametrize("codec", ["none", "snappy", "gz", "zst", "lz4", "br"])
def test_parquet_has_types_values_and_metadata(shop, bucket, orders_db, codec):
    job = shop.export("typed", "SELECT * FROM shop.orders", connection="lake", path=bucket.path("t"),
                      file_template="all", format="parquet", compression=codec)
    body = bucket.read("t/all.parquet")
    file = parquet.ParquetFile(io.BytesIO(body), page_checksum_verification=True)
    assert [str(field.type) for field in file.schema_arrow] == [
        "int64", "date32[day]", "timestamp[us, tz=UTC]", "decimal128(12, 2)", "double", "bool", "string", "binary"]
    assert file.schema_arrow.names == ["id", "day", "at", "price", "rate", "paid", "name", "data"]
    metadata = file.metadata.metadata
    assert metadata[b"sluice.job"] == job["id"].encode() and metadata[b"sluice.pipe"] == b"typed"
    table = file.read()
    expected = sqlite3.connect(orders_db).execute("SELECT * FROM orders").fetchall()
    assert table.num_rows == ROWS
    columns = [column.to_pylist() for column in table.columns]
    for i in (0, 1, 8, 9, 12345, ROWS - 1):
        row = expected[i]
        assert [columns[0][i], str(columns[1][i]), columns[4][i], columns[5][i], columns[6][i], columns[7][i]] == [
            row[0], row[1], row[4], bool(row[5]), row[6], row[7]]
        assert columns[2][i].strftime("%Y-%m-%d %H:%M:%S.%f")[:23] == row[2]
        assert float(columns[3][i]) == row[3]
    assert columns[6] == [row[6] for row in expected] and columns[7] == [row[7] for row in expected]


def test_partitions_manifest_and_success(shop, bucket):
    job = shop.export("parts", "SELECT * FROM shop.orders", connection="lake", path=bucket.path("m"),
                      file_template="day={day}/part", format="parquet", compression="zst", manifest="true",
                      success_file="true", partition_columns="drop")
    keys = bucket.keys()
    assert {"m/_manifest.json", "m/_SUCCESS"} <= set(keys) and len(keys) == 30
    manifest = json.loads(bucket.read("m/_manifest.json"))
    assert manifest["job_id"] == job["id"] and manifest["rows"] == ROWS
    assert "day" not in [column["name"] for column in manifest["schema"]]
    rows = 0
    for entry in manifest["files"]:
        body = bucket.read(entry["key"])
        assert len(body) == entry["bytes"]
        file = parquet.ParquetFile(io.BytesIO(body))
        assert file.metadata.num_rows == entry["rows"] and "day" not in file.schema_arrow.names
        rows += entry["rows"]
    assert rows == ROWS


def test_verify_tells_what_changed(shop, bucket):
    job = shop.export("v", "SELECT * FROM shop.orders", connection="lake", path=bucket.path("v"),
                      file_template="{paid}", format="parquet")
    report = shop.api("POST", f"/v0/jobs/{job['id']}/verify")
    assert report["verified"] and report["files"] == 2
    assert report["bytes_read"] == sum(len(body) for body in bucket.objects("v/").values())
    body = bucket.read("v/0.parquet")
    bucket.put("v/0.parquet", body[:100] + bytes([body[100] ^ 1]) + body[101:])
    bucket.put("v/1.parquet", b"short")
    report = shop.api("POST", f"/v0/jobs/{job['id']}/verify")
    assert not report["verified"]
    assert {(d["key"], d["what"]) for d in report["differences"]} == {("v/0.parquet", "crc32c"), ("v/1.parquet", "size")}
    shop.refusal("POST", "/v0/jobs/nonsense/verify", 404, "nonsense")


def test_preview_writes_nothing_and_tells_what_a_run_does(shop, bucket):
    shop.make_pipe("pre", "SELECT * FROM shop.orders")
    shop.make_sink("pre", connection="lake", path=bucket.path("x"), file_template="{paid}")
    preview = shop.api("POST", "/v0/pipes/pre/sink/preview")
    assert bucket.keys() == [] and bucket.uploads() == []
    assert preview["row_count"] == ROWS and preview["file_count"] == 2 and preview["store"]["ok"]
    assert {file["key"] for file in preview["files"]} == {"x/0.csv", "x/1.csv"}
    assert sum(file["rows"] for file in preview["files"]) == ROWS and len(preview["rows"]) == 10
    shop.wait(shop.run("pre"))
    again = shop.api("POST", "/v0/pipes/pre/sink/preview")
    assert {file["action"] for file in again["files"]} == {"number"}
    assert {file["writes"] for file in again["files"]} == {"x/0.1.csv", "x/1.1.csv"}


def test_files_roll_over_at_their_size(shop, bucket):
    shop.export("roll", "SELECT id, name FROM shop.orders", connection="lake", path=bucket.path("r"),
                file_template="all", max_file_size="200000")
    objects = bucket.objects("r/")
    assert len(objects) > 5 and all(len(body) <= 200000 for body in objects.values())
    assert sorted(objects) == [f"r/all-{i:04d}.csv" for i in range(len(objects))]
    rows = b"".join(objects[key].removeprefix(b"id,name\n") for key in sorted(objects))
    shop.export("whole", "SELECT id, name FROM shop.orders", connection="lake", path=bucket.path("w"), file_template="all")
    assert b"id,name\n" + rows == bucket.read("w/all.csv")


@pytest.mark.parametrize("bad, mention", [
    ({"format": "csv", "compression": "snappy"}, "snappy"), ({"format": "parquet", "compression": "xz"}, "xz"),
    ({"format": "xlsx"}, "xlsx"), ({"compression": "zst", "compression_level": "77"}, "77"),
    ({"csv_delimiter": "ab"}, "csv_delimiter"), ({"max_rows_per_file": "-1"}, "max_rows_per_file")])
def test_what_can_not_be_is_a_400(shop, bucket, bad, mention):
    shop.make_pipe("bad", "SELECT * FROM shop.orders")
    shop.refusal("POST", "/v0/pipes/bad/nodes/bad_0/sink", 400, mention,
                 data={"connection": "lake", "path": bucket.path("b"), "file_template": "all", **bad})


@pytest.mark.parametrize("policy, status", [("error", "error"), ("null", "done"), ("string", "done")])
def test_a_value_that_does_not_fit_its_column(make_sluice, tmp_path, policy, status):
    file = tmp_path / "odd.db"
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE t (n INTEGER)")
    database.executemany("INSERT INTO t VALUES (?)", [(1,)] * 3000 + [("odd",)] + [(2,)] * 3000)
    database.commit()
    sluice = make_sluice(attach={"odd": file}).start()
    sluice.make_local()
    sluice.make_pipe("p", "SELECT n FROM odd.t")
    sluice.make_sink("p", connection="disk", path="local://o", file_template="all", format="parquet",
                     type_mismatch=policy)
    job = sluice.wait(sluice.run("p"), status)
    if policy == "error":
        assert all(text in job["error"] for text in ("'odd'", "'n'", "3001", "type_mismatch"))
        assert sluice.local_files() == {}
        return
    column = parquet.read_table(io.BytesIO(sluice.local_files()["o/all.parquet"])).column("n").to_pylist()
    assert column[3000] == ("odd" if policy == "string" else None) and len(column) == 6001
    assert job["statistics"]["mismatches"] == (6000 if policy == "string" else 1)


def test_thousands_of_partitions_stay_within_little_memory(make_sluice, tmp_path):
    sluice = make_sluice(args=["--memory-limit", "128", "--workers", "1"]).start()
    sluice.make_local()
    numbers = "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 300000) "
    job = sluice.export("many", numbers + "SELECT n % 3000 AS k, n, hex(zeroblob(100)) AS pad FROM r",
                        connection="disk", path="local://o", file_template="{k}", compression="gz", seconds=300)
    assert job["statistics"]["files"] == 3000 and job["statistics"]["row_count"] == 300000
    files = sluice.local_files()
    seen = [0] * 300001
    for body in files.values():
        for line in gzip.decompress(body).splitlines()[1:]:
            seen[int(line.split(b",")[1])] += 1
    assert seen == [0] + [1] * 300000
    status = open(f"/proc/{sluice.process.pid}/status").read()
    anonymous = int(status.split("RssAnon:")[1].split()[0])
    assert anonymous < memory_limit(sluice.binary, 128 * 1024), f"{anonymous} kB"
