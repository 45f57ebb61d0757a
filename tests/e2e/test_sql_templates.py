"""Nodes whose SQL is a template: parameters of a run, intervals, and what callers must not be able to do."""
import csv
import io
import sqlite3

import pytest

from support.process import until

NODE = """%
SELECT id, at, name FROM shop.orders
WHERE at >= {{DateTime(interval_start, '2026-10-01')}} AND at < {{DateTime(interval_end, '2027-01-01')}}
{% if defined(name) %} AND name = {{String(name)}} {% end %}
ORDER BY id LIMIT {{UInt32(most, 1000, description='rows at most')}}"""


@pytest.fixture
def shop(make_sluice, tmp_path):
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE orders(id INTEGER PRIMARY KEY, at TEXT, name TEXT)")
        database.executemany("INSERT INTO orders(at, name) VALUES (?, ?)", [
            (f"2026-10-{1 + n // 24:02} {n % 24:02}:30:00", ("O'Hare", "x", "ö")[n % 3]) for n in range(240)])
    sluice = make_sluice(attach={"shop": path}).start()
    sluice.make_local()
    return sluice


def make(sluice, name="p", sql=NODE, **sink):
    sluice.make_pipe(name, sql)
    sluice.make_sink(name, **{"connection": "disk", "path": f"local://{name}", "file_template": "all",
                              "write_strategy": "truncate", **sink})


def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode())))


def exported(sluice, **parameters):
    sluice.wait(sluice.run("p", **parameters))
    return rows(sluice.local_files()["p/all.csv"])


def test_a_run_with_parameters(shop):
    make(shop)
    assert len(exported(shop)) == 240
    assert [row["id"] for row in exported(shop, most=2)] == ["1", "2"]
    assert {row["name"] for row in exported(shop, name="O'Hare")} == {"O'Hare"}
    assert exported(shop, name="' OR 1=1 --", empty_result="write") == []
    assert len(exported(shop, interval_start="2026-10-10T00:00:00Z")) == 24


def test_what_a_node_takes_stands_in_its_answer(shop):
    make(shop)
    (node,) = shop.api("GET", "/v0/pipes/p")["nodes"]
    assert node["sql"] == NODE and node["dependencies"] == ["shop.orders"]
    assert [(one["name"], one["type"], one.get("default")) for one in node["params"]] == [
        ("interval_start", "DateTime", "2026-10-01"), ("interval_end", "DateTime", "2027-01-01"),
        ("name", "String", None), ("most", "UInt32", 1000)]
    assert node["params"][3]["description"] == "rows at most"


def test_each_interval_has_just_its_rows(shop):
    """Every row is in the file of the interval it belongs to, once; a repeat writes the same."""
    make(shop, file_template="dt={interval_start, '%Y-%m-%d'}", schedule_cron="0 0 * * *")
    def backfill():
        made = shop.api("POST", "/v0/pipes/p/sink/backfill", data={"start": "2026-10-01", "end": "2026-10-11"})
        until(lambda: shop.api("GET", f"/v0/backfills/{made['id']}")["status"] == "done", 60, "the backfill is done")
        return shop.local_files()
    files = backfill()
    assert len(files) == 10
    for path, content in files.items():
        days = {row["at"][:10] for row in rows(content)}
        assert path == f"p/dt={days.pop()}.csv" and not days
    assert sorted(int(row["id"]) for content in files.values() for row in rows(content)) == list(range(1, 241))
    assert backfill() == files


def test_nodes_and_other_pipes_get_the_same_parameters(shop):
    shop.make_pipe("base", "%SELECT id, name FROM shop.orders WHERE id <= {{Int32(last, 5)}}")
    shop.api("POST", "/v0/pipes", json={"name": "p", "nodes": [
        {"name": "named", "sql": "%SELECT * FROM base WHERE name = {{String(name, 'x')}}"},
        {"name": "p_0", "sql": "SELECT id FROM named"}]})
    shop.make_sink("p", connection="disk", path="local://p", file_template="all", write_strategy="truncate")
    assert [row["id"] for row in exported(shop)] == ["2", "5"]
    assert [row["id"] for row in exported(shop, last=9, name="ö")] == ["3", "6", "9"]


def test_a_sink_that_runs_alone_must_have_all_it_needs(shop):
    shop.make_pipe("p", "%SELECT {{Int32(n)}} AS n")
    sink = {"connection": "disk", "path": "local://p", "file_template": "all"}
    shop.refusal("POST", "/v0/pipes/p/nodes/p_0/sink", 400, "Line 1, column 11", "'n' is missing",
                 data={**sink, "schedule_cron": "0 0 * * *"})
    shop.make_sink("p", **sink)
    shop.refusal("POST", "/v0/pipes/p/sink", 400, "'n' is missing")
    shop.refusal("POST", "/v0/pipes/p/sink", 400, "'n' is 'many', which is no Int32", data={"n": "many"})
    shop.wait(shop.run("p", n=5))


BAD = [
    pytest.param("% SELECT {{Int32(n", "Line 1, column 10: What begins here has no end", id="no end"),
    pytest.param("%\nSELECT '{{String(a)}}'", "Line 2, column 9: A value stands inside of quotes", id="in quotes"),
    pytest.param("%SELECT {{" + "(" * 10000 + "}}", "nested more than 60 deep", id="deep expression"),
    pytest.param("%" + "{% if 1 %}" * 10000, "nested more than 60 deep", id="deep blocks"),
    pytest.param("%{% for a in range(9999) %}{% for b in range(9999) %}{% end %}{% end %}", "steps", id="for ever"),
    pytest.param("%SELECT {{Strin(a)}}", "Did you mean 'String'?", id="unknown function"),
    pytest.param("%SELECT * FROM {{table('nothere')}}", "nothere", id="unknown table"),
    pytest.param("%{% import os %}SELECT 1", "'import' is no block", id="import"),
]


@pytest.mark.parametrize("sql, mention", BAD)
def test_a_bad_template_is_not_stored(shop, sql, mention):
    answer = shop.raw("POST", "/v0/pipes", data={"name": "p", "sql": sql})
    assert answer.status_code == 400, answer.text[:500]
    body = answer.json()
    assert mention in body["error"] + str(body.get("hint", "")), body
    shop.refusal("GET", "/v0/pipes/p", 404)


def test_a_template_can_not_write(shop):
    shop.refusal("POST", "/v0/pipes", 403, data={"name": "p", "sql": "%DELETE FROM shop.orders WHERE id = {{Int32(n, 1)}}"})
    shop.make_pipe("p", "%{% if defined(n) %}DELETE FROM shop.orders{% else %}SELECT 1{% end %}")
    shop.make_sink("p", connection="disk", path="local://p", file_template="all")
    shop.refusal("POST", "/v0/pipes/p/sink", 403, data={"n": "1"})


def test_values_that_are_too_long(shop):
    make(shop)
    shop.refusal("POST", "/v0/pipes/p/sink", 413, "131072", data={"name": "x" * 500_000})


def test_values_that_are_too_long_say_where(shop):
    make(shop)
    shop.refusal("POST", "/v0/pipes/p/sink", 413, "Line 4, column", "'name' has 900000 bytes; at most 131072",
                 data={"name": "x" * 900_000})
    shop.refusal("POST", "/v0/pipes/p/sink", 413, "Line 3, column", data={"interval_start": "1" * 900_000})
    shop.wait(shop.run("p", unused="x" * 900_000))


WRONG = [
    ("Int8", "128"), ("UInt8", "-1"), ("Int32", "1.5"), ("Int64", "9223372036854775808"), ("Int32", "1 OR 1=1"),
    ("Float64", "nan"), ("Float32", "one"), ("Boolean", "2"), ("Date", "2026-02-30"), ("DateTime", "yesterday"),
    ("DateTime64", "12:00"), ("UUID", "123"), ("Int32", ""),
]


@pytest.mark.parametrize("kind, value", WRONG)
def test_a_parameter_of_the_wrong_type(shop, kind, value):
    shop.make_pipe("p", "%\nSELECT 1 AS a,\n  {{" + kind + "(x)}} AS b")
    shop.make_sink("p", connection="disk", path="local://p", file_template="all")
    shop.refusal("POST", "/v0/pipes/p/sink", 400, "Line 3, column 5", f"'x' is '{value}', which is no {kind}", data={"x": value})
    shop.refusal("POST", "/v0/pipes/p/sink", 400, "Line 3, column 5", "'x' is missing")
    shop.refusal("POST", "/v0/pipes/p/sink/preview", 400, "Line 3, column 5", data={"x": value})
    assert shop.local_files() == {} and shop.api("GET", "/v0/jobs")["jobs"] == []


def test_lists_and_json_of_the_wrong_kind(shop):
    shop.make_pipe("p", "%SELECT 1 AS a WHERE 1 IN {{Array(l, 'Int32', '1')}}\n{% for f in JSON(j, '[]') %}{% end %}")
    shop.make_sink("p", connection="disk", path="local://p", file_template="all")
    shop.refusal("POST", "/v0/pipes/p/sink", 400, "Line 1, column 29", "'x', which is no Int32", data={"l": "1,x"})
    shop.refusal("POST", "/v0/pipes/p/sink", 400, "Line 2, column 13", "'[1' is no JSON", data={"j": "[1"})
    shop.refusal("POST", "/v0/pipes/p/sink", 400, "60 deep", data={"j": "[" * 10000})


def test_which_node_is_wrong(shop):
    good = {"name": "first", "sql": "%SELECT {{Int32(n, 1)}} AS n"}
    for sql, mentions in (("%SELECT n,\n {{Strin(n)}} FROM first", ("Node 'second'", "Line 2, column 4")),
                          ("%SELECT n FROM first {% if n %}", ("Node 'second'", "Line 1, column 22", "no end")),
                          ("%SELECT n FROM first\nWHERE {% while 1 %}", ("Node 'second'", "Line 2, column 7", "'while'"))):
        nodes = [good, {"name": "second", "sql": sql}]
        shop.refusal("POST", "/v0/pipes", 400, *mentions, json={"name": "p", "nodes": nodes})
        shop.refusal("GET", "/v0/pipes/p", 404)
    shop.api("POST", "/v0/pipes", json={"name": "p", "nodes": [good, {"name": "second", "sql": "SELECT n FROM first"}]})
    shop.refusal("POST", "/v0/pipes/p/nodes?name=third", 400, "Node 'third'", "Line 1, column 11", data="%SELECT {{Strin(n)}}")
    shop.refusal("PUT", "/v0/pipes/p/nodes/first", 400, "Node 'first'", "Line 1, column 9", data="%SELECT {{'a}} AS n")
    shop.refusal("PUT", "/v0/pipes/p/nodes/first", 400, "Node 'second'", "no such column: n", data="%SELECT {{Int32(n, 1)}} AS m")
    shop.make_pipe("reads", "SELECT n FROM p")
    shop.api("PUT", "/v0/pipes/p/nodes/first", data="%SELECT {{Int32(n)}} AS n")
    shop.api("POST", "/v0/pipes/reads/nodes/reads_0/sink",
             data={"connection": "disk", "path": "local://r", "file_template": "all"})
    shop.refusal("POST", "/v0/pipes/reads/sink", 400, "Node 'first' of the pipe 'p'", "Line 1, column 11", "'n' is missing")


def test_the_tables_of_a_template(shop):
    tables = shop.api("GET", "/v0/sql_tables", params={"q": NODE})["tables"]
    assert tables == [["shop", "orders"]]
    shop.refusal("GET", "/v0/sql_tables", 400, "Line 1, column 9", params={"q": "%SELECT {{String(a"})


def test_a_schedule_needs_no_one(shop):
    """A sink whose parameters have no defaults has no schedule: not at first, not by a change, not by one of its pipe."""
    shop.make_pipe("base", "%SELECT {{Int32(n)}} AS n")
    shop.make_pipe("p", "SELECT n FROM base")
    sink = {"connection": "disk", "path": "local://p", "file_template": "all"}
    shop.refusal("POST", "/v0/pipes/p/nodes/p_0/sink", 400, "'n' is missing", data={**sink, "schedule_cron": "@hourly"})
    shop.make_sink("p", **sink)
    shop.refusal("PATCH", "/v0/pipes/p/sink/schedule", 400, "'n' is missing", data={"schedule_cron": "@hourly"})
    shop.api("PUT", "/v0/pipes/base/nodes/base_0", data="%SELECT {{Int32(n, 5)}} AS n")
    shop.api("PATCH", "/v0/pipes/p/sink/schedule", data={"schedule_cron": "@hourly"})
    shop.refusal("PUT", "/v0/pipes/p/nodes/p_0", 400, "'m' is missing", data="%SELECT n + {{Int32(m)}} AS n FROM base")
    shop.refusal("PUT", "/v0/pipes/p/nodes/p_0", 400, "'n' is missing",
                 data="%SELECT n + {{Int32(n, 1, required=True)}} AS n FROM base")


def test_who_can_read_a_secret(shop):
    """An endpoint answers with what its node makes of a secret, and nobody else comes nearer to it than that."""
    shop.api("POST", "/v0/variables", data={"name": "key", "value": "ö"})
    shop.make_pipe("p", "%SELECT count(*) AS n FROM shop.orders WHERE name = {{tb_secret('key')}} AND id <= {{Int32(last, 240)}}")
    shop.api("POST", "/v0/pipes/p/nodes/p_0/endpoint")
    reader = shop.api("POST", "/v0/tokens", data={"name": "reader", "scope": "PIPES:READ:p"})["token"]
    maker = shop.api("POST", "/v0/tokens", json={"name": "maker", "scopes": ["PIPES:CREATE", "PIPES:READ:p"]})["token"]
    for token in (reader, maker):
        assert shop.raw("GET", "/v0/pipes/p.json", token=token).json()["data"] == [{"n": 80}]
        assert shop.raw("GET", "/v0/pipes/p.json?last=9", token=token).json()["data"] == [{"n": 3}]
        answer = shop.raw("GET", "/v0/sql", token=token, params={"q": "SELECT n + 1 AS m FROM p"})
        assert answer.json().get("data") == [{"m": 81}], answer.text
    for token in (None, reader, maker):  # The first is the admin's.
        who = {} if token is None else {"token": token}
        for sql in ("SELECT tb_secret('key') AS s FROM p", "%SELECT {{tb_secret('key')}} AS s FROM p",
                    "SELECT \"TB_SECRET\"('key') AS s", "%SELECT tb_{# #}secret('key') AS s FROM p",
                    "%SELECT {{column(x)}}('key') AS s FROM p"):
            shop.refusal("GET", "/v0/sql", 403, "tb_secret", params={"q": sql, "x": "tb_secret"}, **who)
            shop.refusal("GET", "/v0/pipes/p.json", 403, "tb_secret", params={"q": sql, "x": "tb_secret"}, **who)
    for method, path, data in (("POST", "/v0/pipes", {"name": "spy", "sql": "%SELECT {{tb_secret('key')}} AS s"}),
                               ("POST", "/v0/pipes/p/nodes", {"name": "spy", "sql": "SELECT 1 AS a"}),
                               ("PUT", "/v0/pipes/p/nodes/p_0", {"sql": "SELECT 1 AS a"}),
                               ("DELETE", "/v0/pipes/p/nodes/p_0/endpoint", {})):
        shop.refusal(method, path, 403, "ADMIN", data=data, token=maker)
    shop.api("PUT", "/v0/variables/key", data={"value": "none of the names"})
    assert shop.raw("GET", "/v0/pipes/p.json", token=reader).json()["data"] == [{"n": 0}]
    shop.api("DELETE", "/v0/variables/key")
    shop.refusal("GET", "/v0/pipes/p.json", 400, "the secret 'key', which is not there", token=reader)
