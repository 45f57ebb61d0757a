"""Asking: /v0/sql, endpoints, and the logs as tables."""
import concurrent.futures
import csv
import gzip
import io
import json
import sqlite3
import time

import pyarrow.parquet
import pytest
import requests

from support.process import until
from support.sanitizers import slowness
from support.sluice import TOKEN

ENDLESS = "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r"
ROWS = [(1, "a,\"b\"\n", 0.5, None, "2026-01-01"), (2**62, "ü\t\\", -1e300, b"\x00\xff", "2026-01-02"),
        (-3, "", None, b"", None)]
SELECT = "SELECT i, t, r, b, d FROM box.things ORDER BY rowid"


@pytest.fixture
def box(tmp_path):
    file = tmp_path / "box.db"
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE things (i INTEGER, t TEXT, r REAL, b BLOB, d DATE)")
        database.executemany("INSERT INTO things VALUES (?, ?, ?, ?, ?)", ROWS)
    return file


@pytest.fixture
def query_timeout(binary):
    return 2 * slowness(binary)


@pytest.fixture
def asked(make_sluice, box, query_timeout):
    return make_sluice(attach={"box": box}, args=["--query-timeout", str(query_timeout)]).start()


def ask(sluice, sql, token=None, status=200, **more):
    options = {} if token is None else {"token": token}
    answer = sluice.raw("POST", "/v0/sql", data=sql.encode(), headers={"Content-Type": "text/plain"}, **options, **more)
    assert answer.status_code == status, f"{sql[:200]}: {answer.status_code} {answer.text[:500]}"
    return answer


def data(sluice, sql, **more):
    return ask(sluice, sql, **more).json()["data"]


def token(sluice, name, *scopes):
    return sluice.api("POST", "/v0/tokens", data={"name": name, "scope": list(scopes)})["token"]


def refused(sluice, sql, status, *mentions, **more):
    answer = ask(sluice, sql, status=status, **more)
    sentence = answer.json()["error"]
    for text in mentions:
        assert text.lower() in sentence.lower(), sentence
    return sentence


# Formats.

def test_json(asked):
    answer = ask(asked, SELECT).json()
    assert [column["type"] for column in answer["meta"]] == [
        "Int64", "String", "Nullable(Float64)", "Nullable(String)", "Nullable(Date)"]
    assert answer["rows"] == 3 and answer["rows_before_limit_at_least"] == 3
    assert set(answer["statistics"]) == {"elapsed", "rows_read", "bytes_read"}
    assert answer["data"] == [
        {"i": 1, "t": "a,\"b\"\n", "r": 0.5, "b": None, "d": "2026-01-01"},
        {"i": 2**62, "t": "ü\t\\", "r": -1e300, "b": "AP8=", "d": "2026-01-02"},
        {"i": -3, "t": "", "r": None, "b": "", "d": None}]
    compact = ask(asked, SELECT + " FORMAT JSONCompact").json()
    assert compact["data"] == [list(row.values()) for row in answer["data"]]
    quoted = asked.api("GET", "/v0/sql", params={"q": SELECT, "output_format_json_quote_64bit_integers": 1})
    assert quoted["data"][1]["i"] == str(2**62)


def test_lines(asked):
    rows = data(asked, SELECT)
    for name in ("JSONEachRow", "ndjson"):
        answer = ask(asked, f"{SELECT} FORMAT {name}")
        assert answer.headers["Content-Type"] == "application/x-ndjson"
        assert [json.loads(line) for line in answer.text.splitlines()] == rows
    answer = ask(asked, SELECT + " FORMAT CSVWithNames")
    assert answer.headers["Content-Type"].startswith("text/csv")
    read = list(csv.reader(io.StringIO(answer.content.decode(), newline="")))
    assert read == [["i", "t", "r", "b", "d"], ["1", "a,\"b\"\n", "0.5", "", "2026-01-01"],
                    [str(2**62), "ü\t\\", "-1e+300", "AP8=", "2026-01-02"], ["-3", "", "", "", ""]]
    assert ask(asked, SELECT + " FORMAT CSV").text == answer.text.split("\n", 1)[1]
    tabs = ask(asked, SELECT + " FORMAT TSVWithNames").content.decode()
    assert tabs == ("i\tt\tr\tb\td\n1\ta,\"b\"\\n\t0.5\t\\N\t2026-01-01\n"
                    f"{2**62}\tü\\t\\\\\t-1e+300\tAP8=\t2026-01-02\n-3\t\t\\N\t\t\\N\n")
    assert ask(asked, SELECT + " FORMAT TabSeparated").content.decode() == tabs.split("\n", 1)[1]


def test_parquet(asked):
    answer = ask(asked, SELECT + " FORMAT Parquet")
    table = pyarrow.parquet.read_table(io.BytesIO(answer.content))
    assert [str(field.type) for field in table.schema] == ["int64", "string", "double", "binary", "date32[day]"]
    assert table.column("i").to_pylist() == [1, 2**62, -3] and table.column("b").to_pylist() == [None, b"\x00\xff", b""]
    many = "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r LIMIT 200000) "
    large = ask(asked, many + "SELECT n, CASE WHEN n < 150000 THEN n ELSE 'late' END AS x FROM r FORMAT Parquet")
    table = pyarrow.parquet.read_table(io.BytesIO(large.content))
    assert table.num_rows == 200000 and table.column("x").to_pylist()[-1] == "late"
    empty = pyarrow.parquet.read_table(io.BytesIO(ask(asked, SELECT.replace("ORDER", "WHERE 0 ORDER") +
                                                     " FORMAT Parquet").content))
    assert empty.num_rows == 0 and empty.column_names == ["i", "t", "r", "b", "d"]


def test_compression_is_for_who_takes_it(asked):
    sql = "SELECT printf('%.*c', 100000, 'x') AS x"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    packed = requests.post(asked.url + "/v0/sql", data=sql, headers={**headers, "Accept-Encoding": "gzip"}, stream=True)
    assert packed.headers["Content-Encoding"] == "gzip"
    raw = packed.raw.read(decode_content=False)
    assert len(raw) < 5000 and json.loads(gzip.decompress(raw))["data"] == [{"x": "x" * 100000}]
    plain = requests.post(asked.url + "/v0/sql", data=sql, headers={**headers, "Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers and plain.json()["rows"] == 1


# What is wrong.

def test_mistakes_are_told(asked):
    refused(asked, "SELECT nope FROM box.things", 400, "nope", "column 8")
    refused(asked, "SELECT 1 FORMAT Avro", 400, "Avro", "JSONCompact")
    refused(asked, "SELECT 1 AS a, 2 AS a", 400, "'a'")
    refused(asked, "DELETE FROM box.things", 403, "DELETE")
    refused(asked, "SELECT 1; SELECT 2", 400, "more than one")
    refused(asked, "% SELECT {{Int32(n)}}", 400, "line 1", "n")
    refused(asked, " ", 400, "q=")
    asked.refusal("GET", "/v0/sql", 400, "q=")


def test_what_never_ends_is_ended(asked, query_timeout):
    cross = "SELECT count(*) FROM " + ", ".join(
        f"(WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r LIMIT 5000) SELECT n FROM r) AS t{i}"
        for i in range(4))
    for sql in (ENDLESS, cross, ENDLESS.replace("SELECT max(n) FROM r", "SELECT n FROM r WHERE n < 0 FORMAT Parquet")):
        begun = time.monotonic()
        refused(asked, sql, 408, f"{query_timeout} s", "--query-timeout")
        # The other half second is the machine's.
        assert query_timeout - 0.1 < time.monotonic() - begun < query_timeout + 0.25 + 0.5 * slowness(asked.binary)


def test_large_answers_and_statements(make_sluice, box, binary):
    asked = make_sluice("large", attach={"box": box}, args=["--query-timeout", str(60 * slowness(binary))]).start()
    rows = "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r LIMIT 3000000) SELECT n, 'some text' AS t FROM r"
    for name in ("JSON", "CSV", "Parquet"):
        refused(asked, f"{rows} FORMAT {name}", 413, "sink")
    refused(asked, "SELECT zeroblob(50000000) AS z", 413)
    refused(asked, "SELECT group_concat(n || 'xxxxxxxxxxxxxxxxxxxx') AS g FROM (" + rows + ")", 413)
    refused(asked, "SELECT " + ", ".join(["printf('%.*c', 10000000, 'x')"] * 200), 413)
    refused(asked, "SELECT " + ", ".join(["zeroblob(10000000)"] * 200), 413)
    refused(asked, "SELECT '" + "x" * 300_000 + "'", 413)
    assert ask_huge(asked) in (413, None)
    nested = "SELECT " + "(" * 20_000 + "1" + ")" * 20_000
    refused(asked, nested, 400)
    refused(asked, "SELECT " + "-" * 1 + " -".join(["1"] * 20_000), 400)
    assert data(asked, "SELECT 1 AS a") == [{"a": 1}]


def ask_huge(sluice):
    """The status of a statement of 10 MB; None where the server ended the connection while it was sent."""
    try:
        return sluice.raw("POST", "/v0/sql", data=b"SELECT " + b" " * 10_000_000 + b"1",
                          headers={"Content-Type": "text/plain"}).status_code
    except requests.ConnectionError:
        return None


def test_too_many_at_once(make_sluice, box):
    sluice = make_sluice("crowd", attach={"box": box}, args=["--query-timeout", "5"]).start()
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        def one(_):
            return requests.post(sluice.url + "/v0/sql", data=ENDLESS, timeout=60,
                                 headers={"Authorization": f"Bearer {TOKEN}"})
        running = [pool.submit(one, i) for i in range(16)]
        until(lambda: any(future.done() for future in running), 30, "some of the queries are refused")
        assert requests.get(sluice.url + "/health", timeout=5).status_code == 200, "other calls still come through"
        answers = [future.result() for future in running]
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [408] * 12 + [429] * 4
    assert all(answer.headers["Retry-After"] for answer in answers if answer.status_code == 429)
    assert data(sluice, "SELECT 1 AS a") == [{"a": 1}]


# Access.

def test_who_may_read_what(asked):
    asked.make_pipe("shown", "SELECT i, d FROM box.things")
    asked.make_pipe("hidden", "SELECT t FROM box.things")
    asked.make_pipe("both", "SELECT * FROM hidden")
    reader = token(asked, "reader", "PIPES:READ:shown", "PIPES:READ:both")
    assert data(asked, "SELECT count(*) AS n FROM shown", token=reader) == [{"n": 3}]
    assert len(data(asked, "SELECT * FROM both", token=reader)) == 3, "what a pipe reads is the pipe's business"
    assert data(asked, "SELECT 1 AS a", token=reader) == [{"a": 1}]
    for sql in ("SELECT * FROM hidden", "SELECT count(*) FROM hidden", "SELECT * FROM box.things",
                "WITH shown AS (SELECT * FROM box.things) SELECT * FROM shown",
                "WITH both AS (SELECT * FROM hidden) SELECT 1 FROM both",
                "SELECT 1 FROM shown WHERE EXISTS (SELECT 1 FROM \"hidden\")", "SELECT 1 WHERE 1 IN hidden",
                "SELECT * FROM sqlite_schema", "SELECT * FROM temp.hidden", "SELECT * FROM main.things",
                "SELECT * FROM box.sqlite_master", "SELECT * FROM jobs_log", "SELECT * FROM sinks_ops_log",
                "SELECT * FROM sqlite_temp_schema", "SELECT * FROM pragma_database_list", "SELECT * FROM absent"):
        ask(asked, sql, token=reader, status=403)
    there = refused(asked, "SELECT nope FROM box.things", 403, token=reader)
    assert there == refused(asked, "SELECT nope FROM box.absent", 403, token=reader).replace("absent", "things")
    none = token(asked, "none", "TOKENS")
    ask(asked, "SELECT * FROM shown", token=none, status=403)
    ask(asked, "SELECT 1", token="p.unknown", status=403)


def test_data_sources_by_their_rights(asked):
    for name in ("visits", "salaries"):
        asked.api("POST", "/v0/datasources", params={"name": name, "mode": "create", "schema": "id Int64, who String"})
        asked.api("POST", "/v0/datasources", params={"name": name, "mode": "append", "format": "csv"},
                  data="id,who\n1,ann\nx,bob\n")
    reader = token(asked, "visitor", "DATASOURCES:READ:visits")
    assert data(asked, "SELECT who FROM visits", token=reader) == [{"who": "ann"}]
    assert data(asked, "SELECT count(*) AS n FROM main.visits_quarantine", token=reader) == [{"n": 1}]
    for sql in ("SELECT * FROM salaries", "SELECT * FROM salaries_quarantine", "SELECT * FROM main.salaries",
                "WITH visits AS (SELECT * FROM salaries) SELECT * FROM visits", "SELECT * FROM sluice_datasources",
                "SELECT * FROM visits JOIN salaries USING (id)", "SELECT 1 FROM visits WHERE id IN salaries"):
        ask(asked, sql, token=reader, status=403)
    assert len(data(asked, "SELECT * FROM salaries")) == 1


# Endpoints.

def make_endpoint(sluice):
    nodes = [{"name": "some", "sql": "%\nSELECT i, t, d FROM box.things WHERE i >= {{Int64(least, -10)}}"},
             {"name": "result", "type": "endpoint",
              "sql": "%\nSELECT i FROM some WHERE d = {{Date(day, required=True)}} OR {{Boolean(all, False)}}"}]
    sluice.api("POST", "/v0/pipes", json={"name": "days", "nodes": nodes})


def test_endpoints(asked):
    make_endpoint(asked)
    get = lambda path: asked.raw("GET", path)  # noqa: E731
    assert get("/v0/pipes/days.json?day=2026-01-01").json()["data"] == [{"i": 1}]
    assert get("/v0/pipes/days.csv?day=2026-01-01&all=true&least=2").text == f"i\n{2**62}\n"
    assert get("/v0/pipes/days.ndjson?day=2026-01-02").json() == {"i": 2**62}
    table = pyarrow.parquet.read_table(io.BytesIO(get("/v0/pipes/days.parquet?day=2026-01-01&all=1").content))
    assert table.column("i").to_pylist() == [1, 2**62, -3]
    assert asked.api("POST", "/v0/pipes/days.json", json={"day": "2026-01-01"})["rows"] == 1
    assert asked.api("POST", "/v0/pipes/days.json", data={"day": "2026-01-01", "all": "true"})["rows"] == 3
    over = {"day": "2026-01-01", "all": "1", "q": "SELECT count(*) AS n FROM _"}
    assert asked.api("GET", "/v0/pipes/days.json", params=over)["data"] == [{"n": 3}]
    assert asked.api("GET", "/v0/sql", params={**over, "pipeline": "days"})["data"] == [{"n": 3}]
    asked.refusal("GET", "/v0/pipes/days.json?day=2026-01-01&q=SELECT+*+FROM+some", 403)
    asked.refusal("GET", "/v0/pipes/days.json", 400, "day", "line 2", "column")
    asked.refusal("GET", "/v0/pipes/days.json?day=soon", 400, "day")
    asked.refusal("GET", "/v0/pipes/days.json?day=2026-01-01&least=1e99", 400, "least")
    asked.refusal("GET", "/v0/pipes/days.xml?day=2026-01-01", 404, ".parquet")
    injected = {"day": "2026-01-01", "least": "0) OR (1"}
    asked.refusal("GET", "/v0/pipes/days.json", 400, params=injected)
    reader = token(asked, "caller", "PIPES:READ:days")
    assert asked.api("GET", "/v0/pipes/days.json?day=2026-01-01", token=reader)["rows"] == 1
    other = token(asked, "other", "PIPES:READ:other")
    asked.refusal("GET", "/v0/pipes/days.json?day=2026-01-01", 403, "PIPES:READ:days", token=other)
    asked.make_pipe("plain", "SELECT 1 AS a")
    asked.refusal("GET", "/v0/pipes/plain.json", 404, "endpoint")


def test_calls_at_once_do_not_mix(asked):
    """Many callers with parameters of their own, over views of one name, each get their own rows."""
    make_endpoint(asked)

    def one(i):
        least = [1, 2, -3][i % 3]
        path = f"/v0/pipes/days.json?day=2026-01-01&all=1&least={least}"
        answer = requests.get(asked.url + path, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60)
        return least, answer.status_code, [row["i"] for row in answer.json()["data"]]

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for least, status, seen in pool.map(one, range(300)):
            assert (status, seen) == (200, [i for i, *_ in ROWS if i >= least])


def test_files_that_change_under_it(asked, box, tmp_path):
    assert data(asked, "SELECT count(*) AS n FROM box.things") == [{"n": 3}]
    with sqlite3.connect(box) as database:
        database.execute("ALTER TABLE things ADD COLUMN more DEFAULT 'm'")
        database.execute("DELETE FROM things WHERE i != 1")
    assert data(asked, "SELECT * FROM box.things")[0]["more"] == "m"
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE things AS SELECT 'new' AS name")
    other.replace(box)
    assert data(asked, "SELECT * FROM box.things") == [{"name": "new"}]


# Logs.

def test_logs_are_tables(asked):
    asked.make_local()
    asked.export("out", "SELECT i, d FROM box.things", connection="disk", path="local://out", file_template="{d}")
    failed = asked.make_pipe("bad", "SELECT abs(i - 9223372036854775807 - 2) AS x FROM box.things")
    asked.make_sink("bad", connection="disk", path="local://bad", file_template="all")
    asked.wait(asked.run("bad"), status="error")
    runs = data(asked, "SELECT * FROM sinks_ops_log ORDER BY timestamp")
    assert [(run["pipe_name"], run["result"], run["written_rows"]) for run in runs] == [("out", "ok", 3), ("bad", "error", 0)]
    assert sorted(json.loads(runs[0]["output"]))[0].startswith("out/") and runs[0]["service"] == "local"
    jobs = data(asked, "SELECT pipe_name, status FROM jobs_log ORDER BY created_at")
    assert jobs == [{"pipe_name": "out", "status": "done"}, {"pipe_name": "bad", "status": "error"}]
    joined = data(asked, "SELECT count(*) AS n FROM jobs_log JOIN sinks_ops_log USING (job_id)")
    assert joined == [{"n": 2}] and failed["id"]
    pipe = asked.make_pipe("runs", "SELECT pipe_name, count(*) AS n FROM sinks_ops_log GROUP BY 1")
    assert pipe["nodes"][0]["dependencies"] == ["sinks_ops_log"]
    assert len(data(asked, "SELECT * FROM runs")) == 2
    job = asked.export("archive", "SELECT job_id FROM jobs_log", connection="disk", path="local://a", file_template="all")
    assert job["statistics"]["row_count"] >= 2


@pytest.mark.parametrize("sql", [
    "SELECT * FROM tokens", "SELECT * FROM connections", "SELECT plan FROM jobs", "SELECT plan FROM jobs_log",
    "SELECT * FROM jobs_log, tokens", "WITH sinks_ops_log AS (SELECT * FROM jobs) SELECT plan FROM sinks_ops_log",
    "WITH jobs_log AS (SELECT * FROM tokens) SELECT * FROM jobs_log", "SELECT (SELECT hash FROM tokens) FROM jobs_log",
    "SELECT * FROM state.tokens", "SELECT * FROM main.tokens", "SELECT * FROM jobs_log WHERE job_id IN tokens",
    "SELECT * FROM jobs_log('tokens')", "SELECT * FROM sqlite_dbpage", "SELECT * FROM dbstat",
    "SELECT * FROM pragma_database_list", "SELECT * FROM pragma_table_list", "ATTACH 'state.db' AS s",
    "SELECT * FROM jobs_log UNION SELECT * FROM webhooks"])
def test_nothing_else_of_the_state_is_there(asked, sql):
    status = ask_status(asked, sql)
    assert status in (400, 403)
    asked.refusal("POST", "/v0/pipes", status, data={"name": "thief", "sql": sql})


def ask_status(sluice, sql):
    return sluice.raw("POST", "/v0/sql", data=sql, headers={"Content-Type": "text/plain"}).status_code


def test_a_stop_ends_queries(make_sluice, box):
    sluice = make_sluice("stopped", attach={"box": box}, args=["--query-timeout", "600"]).start()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask_status_or_none, sluice, ENDLESS)
        until(lambda: not asking.done(), 5, "the query runs")
        begun = time.monotonic()
        assert sluice.stop(seconds=20) == 0
        assert time.monotonic() - begun < 15
        assert asking.result() in (None, 409, 503)


def ask_status_or_none(sluice, sql):
    try:
        return requests.post(sluice.url + "/v0/sql", data=sql, timeout=60,
                             headers={"Authorization": f"Bearer {TOKEN}"}).status_code
    except requests.ConnectionError:
        return None
