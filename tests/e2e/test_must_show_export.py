"""Must show 2: the flights in a real S3 server equal, file by file, what the sqlite3 shell prints."""
import gzip
import json

import pytest

from support import flights

SQL = "SELECT * FROM nyc.flights"
TEMPLATE = "month={month}/{carrier}"


@pytest.mark.parametrize("compression, extension", [("none", ".csv"), ("gz", ".csv.gz")])
def test_csv_partitions_in_s3_equal_the_shell(sluice, s3, bucket, flights_db, compression, extension):
    sluice.make_s3(s3)
    job = sluice.export("flights", SQL, connection="lake", path=bucket.path("out"), file_template=TEMPLATE,
                        format="csv", compression=compression)
    objects = bucket.objects()
    flights.check_export(objects, "out/", extension, flights_db)
    assert job["statistics"]["row_count"] == flights.ROWS
    assert job["statistics"]["bytes"] == sum(map(len, objects.values()))
    assert job["statistics"]["files"] == flights.FILES
    assert job["progress_percentage"] == 100
    assert bucket.uploads() == []


@pytest.mark.parametrize("compression, extension", [("none", ".csv"), ("gz", ".csv.gz")])
def test_local_files_equal_the_shell(sluice, flights_db, compression, extension):
    sluice.make_local()
    sluice.export("flights", SQL, connection="disk", path="local://a/b", file_template=TEMPLATE,
                  format="csv", compression=compression)
    flights.check_export(sluice.local_files(), "a/b/", extension, flights_db)


def test_one_large_file_goes_through_multipart(sluice, s3, bucket, flights_db):
    sluice.make_s3(s3)
    job = sluice.export("flights", SQL, connection="lake", path=bucket.path("one"), file_template="all", format="csv")
    assert bucket.keys() == ["one/all.csv"]
    body = bucket.read("one/all.csv")
    assert body == flights.shell(flights_db, "-csv", "-header", "SELECT * FROM flights")
    assert len(body) == job["statistics"]["bytes"]
    assert "-" in bucket.head("one/all.csv")["ETag"], "31 MB were not uploaded in parts"
    assert bucket.uploads() == []


@pytest.mark.parametrize("compression, extension", [("none", ".ndjson"), ("gz", ".ndjson.gz")])
def test_ndjson_partitions_hold_the_same_values(sluice, s3, bucket, flights_db, compression, extension):
    sluice.make_s3(s3)
    sluice.export("flights", SQL, connection="lake", path=bucket.path("nd"), file_template=TEMPLATE,
                  format="ndjson", compression=compression)
    expected = flights.expected_ndjson(flights_db)
    objects = bucket.objects()
    assert set(objects) == {f"nd/{name}{extension}" for name in expected}
    for key, body in objects.items():
        name, text = flights.unpack(key.removeprefix("nd/"), body)
        assert text.endswith(b"\n")
        rows = [json.loads(line) for line in text.splitlines()]
        assert rows == expected[name], key
        # The column order is the query's, in every line.
        assert list(rows[0]) == list(expected[name][0])


def test_awkward_values_as_documented(sluice, s3, bucket):
    """Where the shell and Sluice differ on purpose; support/flights.py says why."""
    sluice.make_s3(s3)
    sql = """SELECT 1 AS n, 'a,b' AS comma, 'say "hi"' AS quote, 'two' || char(10) || 'lines' AS line,
      '' AS empty, NULL AS missing, 0.1 AS tenth, 9223372036854775807 AS largest,
      1.0/3 AS third, x'00ff10' AS bytes, 'two words' AS space, 'Grüße 🎉' AS text"""
    sluice.export("awkward", sql, connection="lake", path=bucket.path("w"), file_template="f", format="csv")
    head = "n,comma,quote,line,empty,missing,tenth,largest,third,bytes,space,text\n"
    alike = '1,"a,b","say ""hi""","two\nlines","",,0.1,9223372036854775807,'
    assert flights.shell(":memory:", "-csv", "-header", sql).decode() == (
        head + alike + '0.333333333333333,"","two words","Grüße 🎉"\n')
    assert bucket.read("w/f.csv").decode() == head + alike + "0.3333333333333333,AP8Q,two words,Grüße 🎉\n"


def test_awkward_values_in_ndjson(sluice, s3, bucket):
    sluice.make_s3(s3)
    sql = """SELECT 'a"b\\c' || char(10) || char(1) AS text, NULL AS missing, 0.1 AS tenth, x'00ff10' AS bytes,
      9223372036854775807 AS largest, '🎉' AS party"""
    sluice.export("awkward", sql, connection="lake", path=bucket.path("w"), file_template="f", format="ndjson")
    assert json.loads(bucket.read("w/f.ndjson")) == {
        "text": 'a"b\\c\n\x01', "missing": None, "tenth": 0.1, "bytes": "AP8Q",
        "largest": 9223372036854775807, "party": "🎉"}


def test_missing_and_empty_values_name_files(sluice, s3, bucket):
    sluice.make_s3(s3)
    sql = """WITH v(name, n) AS (VALUES ('plain', 1), (NULL, 2), ('', 3), ('a/b', 4), ('..', 5), ('.', 6), ('Grüße 1', 7))
      SELECT * FROM v"""
    sluice.export("names", sql, connection="lake", path=bucket.path("n"), file_template="x/{name}/part", format="csv")
    names = {key.removeprefix("n/x/").removesuffix("/part.csv"): body.decode().splitlines()[1]
             for key, body in bucket.objects().items()}
    assert names == {"plain": "plain,1", "__HIVE_DEFAULT_PARTITION__": ",2", "__EMPTY__": '"",3', "a%2Fb": "a/b,4",
                     "%2E%2E": "..,5", "%2E": ".,6", "Grüße 1": "Grüße 1,7"}


def test_gzip_files_open_with_the_usual_reader(sluice, s3, bucket):
    sluice.make_s3(s3)
    sluice.export("one", "SELECT 1 AS a", connection="lake", path=bucket.path("z"), file_template="f", compression="gzip")
    assert gzip.decompress(bucket.read("z/f.csv.gz")) == b"a\n1\n"
    head = bucket.head("z/f.csv.gz")
    assert "ContentEncoding" not in head, "a client would unpack it behind the reader's back"


def test_write_strategy_new_never_overwrites(sluice, s3, bucket):
    sluice.make_s3(s3)
    sluice.make_pipe("p", "SELECT 1 AS a")
    sluice.make_sink("p", connection="lake", path=bucket.path("k"), file_template="f", compression="gz")
    bucket.put("k/f.csv.gz", b"someone else's")
    for _ in range(3):
        sluice.wait(sluice.run("p"))
    assert bucket.keys() == ["k/f.1.csv.gz", "k/f.2.csv.gz", "k/f.3.csv.gz", "k/f.csv.gz"]
    assert bucket.read("k/f.csv.gz") == b"someone else's"


def test_write_strategy_new_with_a_large_file(sluice, s3, bucket):
    sluice.make_s3(s3)
    bucket.put("k/f.csv", b"someone else's")
    sluice.export("p", SQL, connection="lake", path=bucket.path("k"), file_template="f")
    assert bucket.keys() == ["k/f.1.csv", "k/f.csv"]
    assert bucket.read("k/f.csv") == b"someone else's"
    assert bucket.uploads() == []


def test_write_strategy_truncate_replaces_only_the_same_name(sluice, s3, bucket):
    sluice.make_s3(s3)
    sluice.make_pipe("p", "SELECT 1 AS a")
    sluice.make_sink("p", connection="lake", path=bucket.path("k"), file_template="f", write_strategy="truncate")
    bucket.put("k/f.csv", b"old")
    bucket.put("k/g.csv", b"stays")
    bucket.put("k/f.csv.bak", b"stays")
    sluice.wait(sluice.run("p"))
    sluice.wait(sluice.run("p"))
    assert bucket.objects() == {"k/f.csv": b"a\n1\n", "k/g.csv": b"stays", "k/f.csv.bak": b"stays"}


def test_empty_result(sluice, s3, bucket):
    sluice.make_s3(s3)
    job = sluice.export("none", "SELECT 1 AS a WHERE 0", connection="lake", path=bucket.path("e"), file_template="f")
    assert job["statistics"]["row_count"] == 0
    assert bucket.keys() == []
