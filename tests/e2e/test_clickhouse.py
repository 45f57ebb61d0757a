"""Must show: the same export from SQLite and from ClickHouse gives equal files; what a cluster does wrong is a clear
error, and nothing is published."""
import contextlib
import io
import json
import signal
import sqlite3
import threading
import time

import pyarrow.parquet
import pytest

from support.clickhouse import ClickHouseServer
from support.cluster import cluster_url, export_cluster, files_of, make_cluster_pipe, start_with_cluster
from support.process import until

COLUMNS = "id, whole, num, text, note"
ROWS = [
    (1, 5, 0.1, "plain", None), (2, -(2**63), -1e300, "", "x"), (3, 2**63 - 1, 5.0, 'a "quoted", one', None),
    (4, 0, 1e-7, "line\nand\ttab", ""), (5, None, None, None, None), (6, 7, 3.25, "üñïçødé 🙂", "back\\slash 'quote'"),
]


def make_sqlite(file):
    with contextlib.closing(sqlite3.connect(file)) as db, db:
        db.execute("CREATE TABLE t (id INTEGER, whole INTEGER, num REAL, text TEXT, note TEXT)")
        db.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", ROWS)
    return file


def make_table(server):
    server.query("DROP TABLE IF EXISTS t")
    server.query("CREATE TABLE t (id Int64, whole Nullable(Int64), num Nullable(Float64), text Nullable(String), "
                 "note Nullable(String)) ENGINE = MergeTree PARTITION BY tuple() ORDER BY id")
    server.insert("t", [dict(zip(COLUMNS.split(", "), row)) for row in ROWS])


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet"])
@pytest.mark.parametrize("template", ["f", "p{id}"])
def test_equal_files_from_both_engines(make_sluice, any_clickhouse, tmp_path, form, template):
    make_table(any_clickhouse)
    sluice = start_with_cluster(make_sluice, any_clickhouse, attach={"shop": make_sqlite(tmp_path / "shop.db")})
    sluice.export("embedded", f"SELECT {COLUMNS} FROM shop.t ORDER BY id", connection="disk", path="local://embedded",
                  file_template=template, format=form)
    job = export_cluster(sluice, "cluster", f"SELECT {COLUMNS} FROM t ORDER BY id", file_template=template, format=form)
    assert job["statistics"]["row_count"] == len(ROWS)
    one, other = files_of(sluice, "embedded"), files_of(sluice, "cluster")
    assert one.keys() == other.keys() and len(one) == (1 if template == "f" else len(ROWS))
    for name, body in one.items():
        if form != "parquet":
            assert body == other[name], name
            continue
        a, b = (pyarrow.parquet.read_table(io.BytesIO(each)) for each in (body, other[name]))
        assert a.schema.remove_metadata() == b.schema.remove_metadata()
        assert a.equals(b), name


def test_nodes_templates_and_other_pipes(make_sluice, chdb):
    sluice = start_with_cluster(make_sluice, chdb)
    make_cluster_pipe(sluice, "base", "SELECT number AS n FROM numbers(10); -- ten")
    sluice.api("POST", "/v0/pipes", json={"name": "p", "engine": "ch", "nodes": [
        {"name": "even", "sql": "SELECT n FROM base WHERE n % 2 = 0"},
        {"name": "p_0", "sql": "%\nWITH 1 AS one SELECT n, {{String(tag, 'it\\'s \\\\')}} AS tag FROM even "
                               "WHERE n >= {{Int32(least, 4)}}"}]})
    shown = sluice.api("GET", "/v0/pipes/p")
    assert [node["engine"] for node in shown["nodes"]] == ["ch", "ch"]
    sluice.make_sink("p", connection="disk", path="local://p", file_template="f", format="ndjson")
    sluice.wait(sluice.run("p"))
    rows = [json.loads(line) for line in files_of(sluice, "p")["f.ndjson"].splitlines()]
    assert sorted(rows, key=lambda row: row["n"]) == [{"n": n, "tag": "it's \\"} for n in (4, 6, 8)]


def test_endpoints_and_statements(make_sluice, chdb):
    sluice = start_with_cluster(make_sluice, chdb)
    make_cluster_pipe(sluice, "p", "%SELECT number AS n, toString(n) AS t FROM numbers({{Int32(many, 3)}})")
    sluice.api("POST", "/v0/pipes/p/nodes/p_0/endpoint")
    answer = sluice.api("GET", "/v0/pipes/p.json?many=2")
    assert answer["data"] == [{"n": 0, "t": "0"}, {"n": 1, "t": "1"}]
    assert answer["meta"] == [{"name": "n", "type": "UInt64"}, {"name": "t", "type": "String"}]
    answer = sluice.api("POST", "/v0/sql", data="SELECT max(n) AS m FROM p FORMAT JSON")
    assert answer["data"] == [{"m": 2}]
    sluice.refusal("GET", "/v0/pipes/p.json?q=SELECT+1", 403, "cluster")


def test_one_engine_does_not_read_the_other(make_sluice, chdb):
    sluice = start_with_cluster(make_sluice, chdb)
    make_cluster_pipe(sluice, "far", "SELECT 1 AS n")
    sluice.make_pipe("near", "SELECT 1 AS n")
    sluice.refusal("POST", "/v0/pipes", 400, "'far'", "cluster 'ch'", data={"name": "x", "sql": "SELECT * FROM far"})
    sluice.refusal("POST", "/v0/pipes", 400, "'near'", "embedded",
                   data={"name": "x", "sql": "SELECT * FROM near", "engine": "ch"})
    sluice.refusal("POST", "/v0/pipes", 400, "'nope'", "sqlite, ch", data={"name": "x", "sql": "SELECT 1", "engine": "nope"})


def test_only_admin_puts_sql_on_a_cluster(make_sluice, chdb):
    sluice = start_with_cluster(make_sluice, chdb)
    token = sluice.api("POST", "/v0/tokens?name=maker&scope=PIPES:CREATE")["token"]
    make_cluster_pipe(sluice, "p", "SELECT 1 AS n")
    for method, path, data in (("POST", "/v0/pipes", {"name": "x", "sql": "SELECT 1", "engine": "ch"}),
                               ("POST", "/v0/pipes/p/nodes", {"name": "x", "sql": "SELECT 1"}),
                               ("PUT", "/v0/pipes/p/nodes/p_0", {"sql": "SELECT 2 AS n"}),
                               ("POST", "/v0/pipes/p/nodes/p_0/endpoint", {})):
        sluice.refusal(method, path, 403, "cluster", data=data, token=token)
    assert sluice.api("POST", "/v0/pipes", data={"name": "x", "sql": "SELECT 1", "engine": "sqlite"}, token=token)


def test_queries_that_are_none(make_sluice, any_clickhouse):
    make_table(any_clickhouse)
    sluice = start_with_cluster(make_sluice, any_clickhouse)
    for sql, status, mention in (
            ("INSERT INTO t SELECT * FROM t", 403, "insert"), ("DROP TABLE t", 403, "drop"),
            ("SELECT 1 INTO OUTFILE '/tmp/x'", 400, "outfile"), ("SELECT 1 FORMAT CSV", 400, "62"), ("SELECT 1; SELECT 2", 400, "62"),
            ("SELECT 1) UNION ALL (SELECT 2", 400, "62"), ("SELEC 1", 403, "selec"), ("SELECT nothere FROM t", 400, "nothere"),
            ("SELECT * FROM nothere", 400, "nothere"), ("SELECT nofunction(1)", 400, "nofunction"), ("", 400, "SQL"),
            ("SELECT uniqState(id) AS s FROM t", 400, "AggregateFunction")):
        sluice.refusal("POST", "/v0/pipes", status, mention, data={"name": "p", "sql": sql, "engine": "ch"})
    assert any_clickhouse.text("SELECT count() FROM t") == str(len(ROWS))


def failing(after, of=10_000_000):
    """A query that fails once it has sent about so many rows."""
    return f"SELECT number AS n, throwIf(number = {after}) AS e FROM numbers({of})"


@pytest.mark.parametrize("after", [0, 1_500_000])
def test_an_exception_publishes_nothing(make_sluice, any_clickhouse, after):
    sluice = start_with_cluster(make_sluice, any_clickhouse)
    job = export_cluster(sluice, "p", failing(after), status="error", format="csv", file_template="p{8}")
    assert "395" in job["error"] and "throwIf" in job["error"], job["error"]
    assert len(job["attempts"]) == 1, "the same again would fail again"
    assert sluice.local_files() == {}


def test_what_may_heal_is_tried_again(make_sluice, chdb):
    """Somebody kills the query on the cluster: the second attempt publishes all of it, once."""
    sluice = start_with_cluster(make_sluice, chdb)
    make_cluster_pipe(sluice, "p", "SELECT number AS n, sleepEachRow(0.0005) AS s FROM numbers(6000) SETTINGS max_block_size = 100, "
                                   "function_sleep_max_microseconds_per_block = 0")
    sluice.make_sink("p", connection="disk", path="local://p", file_template="f", format="csv")
    job = sluice.run("p")
    until(lambda: chdb.running(job), 20, "the query runs under the job's id")
    chdb.kill(job)
    done = sluice.wait(job)
    assert len(done["attempts"]) == 2 and done["statistics"]["row_count"] == 6000
    assert len(files_of(sluice, "p")["f.csv"].splitlines()) == 6001


def test_cancel_ends_the_query_on_the_cluster(make_sluice, any_clickhouse):
    sluice = start_with_cluster(make_sluice, any_clickhouse)
    make_cluster_pipe(sluice, "p", "SELECT number AS n, sleep(0.1) AS s FROM system.numbers")
    sluice.make_sink("p", connection="disk", path="local://p", file_template="f", format="csv")
    job = sluice.run("p")
    until(lambda: any_clickhouse.running(job), 20, "the query runs under the job's id")
    begin = time.monotonic()
    sluice.api("POST", f"/v0/jobs/{job}/cancel")
    sluice.wait(job, "cancelled", seconds=20)
    took = time.monotonic() - begin
    until(lambda: not any_clickhouse.running(job), 20, "the query is over on the cluster, too")
    assert took < 5, took
    assert sluice.local_files() == {}


def test_cancel_before_the_first_byte(make_sluice, any_clickhouse):
    """A query that computes and sends nothing does not see that its client has gone."""
    sluice = start_with_cluster(make_sluice, any_clickhouse)
    make_cluster_pipe(sluice, "p", "SELECT max(cityHash64(number, number)) AS n FROM numbers(100000000000)")
    sluice.make_sink("p", connection="disk", path="local://p", file_template="f", format="csv")
    job = sluice.run("p")
    until(lambda: any_clickhouse.running(job), 20, "the query runs under the job's id")
    sluice.api("POST", f"/v0/jobs/{job}/cancel")
    sluice.wait(job, "cancelled", seconds=20)
    until(lambda: not any_clickhouse.running(job), 5, "the query is over on the cluster, too")


def test_job_timeout_is_the_clusters_too(make_sluice, any_clickhouse):
    sluice = start_with_cluster(make_sluice, any_clickhouse, "--job-timeout", "2", "--max-attempts", "1")
    job = export_cluster(sluice, "p", "SELECT number AS n, sleep(0.5) AS s FROM system.numbers", status="error", format="csv")
    assert [each["error_code"] for each in job["attempts"]] == ["timeout"], job
    until(lambda: not any_clickhouse.running(job["id"]), 20, "the query is over on the cluster, too")


def test_a_cluster_that_is_not_there(make_sluice, chdb, tmp_path):
    down = "down=http://127.0.0.1:1/"
    sluice = make_sluice(args=["--clickhouse", down, "--clickhouse", cluster_url(chdb, "wrong", password="no"),
                               "--clickhouse", cluster_url(chdb).replace("@", "@127.0.0.1:1,")]).start()
    sluice.make_local()
    sluice.refusal("POST", "/v0/pipes", 502, "'down'", data={"name": "x", "sql": "SELECT 1", "engine": "down"})
    sentence = sluice.refusal("POST", "/v0/pipes", 401, "'wrong'", data={"name": "x", "sql": "SELECT 1", "engine": "wrong"})
    assert "--clickhouse" in sentence
    # The first host is down; the second one answers.
    assert export_cluster(sluice, "p", "SELECT 1 AS n", format="csv")["statistics"]["row_count"] == 1
    assert chdb.password not in sluice.log.read_text()


def test_a_user_that_may_change_no_setting(make_sluice, clickhouse):
    """A profile with readonly = 1 (18.16): the limits of Sluice can't be set there."""
    sluice = make_sluice(args=["--clickhouse", cluster_url(clickhouse, user="reader")]).start()
    sentence = sluice.refusal("POST", "/v0/pipes", 403, "readonly", data={"name": "x", "sql": "SELECT 1 AS n", "engine": "ch"})
    assert "readonly = 2" in sentence


def test_a_query_that_takes_too_much_memory(make_sluice, chdb):
    sluice = start_with_cluster(make_sluice, chdb)
    job = export_cluster(sluice, "p", "SELECT number AS n, n2 FROM (SELECT number, groupArray(number) AS n2 FROM numbers(5000000) "
                                      "GROUP BY number) SETTINGS max_memory_usage = 20000000", status="error", format="ndjson")
    assert "241" in job["error"] and "max_memory_usage" in job["error"], job["error"]
    assert len(job["attempts"]) == 1 and sluice.local_files() == {}


def test_a_block_that_is_too_large(make_sluice, clickhouse):
    """18.16 sends what it has aggregated in one block, which would have to be held whole; from a table it comes in small
    ones."""
    sluice = start_with_cluster(make_sluice, clickhouse)
    sql = "SELECT number AS n, groupArray(number) AS n2 FROM numbers(4000000) GROUP BY number"
    job = export_cluster(sluice, "p", sql, status="error", format="csv")
    assert "64 MiB" in job["error"] and "into a table" in job["error"], job["error"]
    assert sluice.local_files() == {}
    clickhouse.query("DROP TABLE IF EXISTS lists")
    clickhouse.query("CREATE TABLE lists (n UInt64, n2 Array(UInt64)) ENGINE = MergeTree PARTITION BY tuple() ORDER BY n")
    clickhouse.query("INSERT INTO lists " + sql)
    assert export_cluster(sluice, "q", "SELECT * FROM lists", format="csv")["statistics"]["row_count"] == 4_000_000


def test_a_server_that_dies_in_the_middle(make_sluice, clickhouse, tmp_path):
    """Its answer is no whole one: nothing is published, and when it is up again the next attempt has all of it."""
    server = ClickHouseServer(clickhouse.binary, tmp_path / "own")
    sluice = start_with_cluster(make_sluice, server, "--max-attempts", "8")
    try:
        make_cluster_pipe(sluice, "p", "SELECT number AS n, sleep(0.01) AS s FROM numbers(3000) SETTINGS max_block_size = 10")
        sluice.make_sink("p", connection="disk", path="local://p", file_template="p{3}", format="csv")
        job = sluice.run("p")
        until(lambda: server.running(job), 20, "the query runs")
        server.process.signal(signal.SIGKILL)
        server.process.wait(10)
        until(lambda: sluice.job(job)["attempts"][0]["error"], 30, "the first attempt has failed")
        assert files_of(sluice, "p") == {}
        server.start(server.command)
        done = sluice.wait(job)
        assert done["statistics"]["row_count"] == 3000 and len(done["attempts"]) > 1
        rows = [line for body in files_of(sluice, "p").values() for line in body.splitlines()[1:]]
        assert sorted(int(line.split(b",")[0]) for line in rows) == list(range(3000))
    finally:
        server.end()


def test_a_wrong_flag_is_told_at_start(make_sluice):
    sluice = make_sluice(args=["--clickhouse", "ch=tcp://user:geheim@host:9000"])
    sluice.launch()
    assert sluice.process.wait(20) == 2
    text = sluice.log.read_text()
    assert "--clickhouse ch" in text and "geheim" not in text


def test_jobs_of_the_same_pipe_at_once(make_sluice, chdb):
    sluice = start_with_cluster(make_sluice, chdb, "--workers", "4")
    make_cluster_pipe(sluice, "p", "SELECT number AS n FROM numbers(300000)")
    sluice.make_sink("p", connection="disk", path="local://p", file_template="f", format="csv")
    ids = []
    threads = [threading.Thread(target=lambda: ids.append(sluice.run("p"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [sluice.wait(job)["statistics"]["row_count"] for job in ids] == [300000] * 4
    assert len(files_of(sluice, "p")) == 4
