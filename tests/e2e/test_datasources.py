"""Data sources: made, filled from files, emptied, deleted; what is wrong is said, and nothing is half done."""
import contextlib
import gzip
import io
import json
import sqlite3
import threading

import pytest
from support.sluice import TOKEN

ROWS = "id,name,price\n1,ann,1.5\n2,bob,2.5\n3,cy,\n"
SCHEMA = "id Int64, name String, price Nullable(Float64)"


def make(sluice, name="shop", expect=200, **more):
    return sluice.api("POST", "/v0/datasources", expect=expect, params={"name": name, "schema": SCHEMA, **more})


def load(sluice, body, name="shop", mode="append", kind="csv", **more):
    return sluice.api("POST", "/v0/datasources", params={"name": name, "mode": mode, "format": kind, **more}, data=body)


def warehouse(sluice, query):
    with contextlib.closing(sqlite3.connect(f"file:{sluice.data_dir}/warehouse.db?mode=ro", uri=True)) as database:
        return database.execute(query).fetchall()


def counts(sluice, name="shop"):
    told = sluice.api("GET", f"/v0/datasources/{name}")
    stored = warehouse(sluice, f'SELECT count(*) FROM "{name}"')[0][0]
    assert told["statistics"]["row_count"] == stored, "what is told is what is there"
    held = warehouse(sluice, f'SELECT count(*) FROM "{name}_quarantine"')[0][0]
    assert told["quarantine"] == {"name": f"{name}_quarantine", "row_count": held}
    return stored, held


def test_made_filled_replaced_emptied_deleted(sluice):
    made = make(sluice, description="What is sold")
    assert made["datasource"]["name"] == "shop" and made["error"] is False
    assert [column["type"] for column in made["datasource"]["columns"]] == ["Int64", "String", "Nullable(Float64)"]
    told = load(sluice, ROWS)
    assert told["successful_rows"] == 3 and told["quarantine_rows"] == told["invalid_lines"] == 0
    assert told["status"] == "done" and told["kind"] == "import" and told["import_id"]
    assert warehouse(sluice, "SELECT * FROM shop") == [(1, "ann", 1.5), (2, "bob", 2.5), (3, "cy", None)]
    load(sluice, ROWS)
    assert counts(sluice) == (6, 0)
    load(sluice, "id,name,price\n9,zoe,9\n", mode="replace")
    assert warehouse(sluice, "SELECT id FROM shop") == [(9,)]
    assert sluice.api("GET", "/v0/datasources")["datasources"][0]["statistics"]["row_count"] == 1
    sluice.make_pipe("sold", "SELECT sum(price) AS s FROM shop")
    sluice.refusal("DELETE", "/v0/datasources/shop", 403, "'sold'", "force=true")
    sluice.api("POST", "/v0/datasources/shop/truncate")
    assert counts(sluice) == (0, 0)
    sluice.api("DELETE", "/v0/datasources/shop?force=true", expect=204)
    sluice.refusal("GET", "/v0/datasources/shop", 404, "shop")
    assert warehouse(sluice, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'shop%'") == [(0,)]


def test_schema_told_by_the_file(sluice):
    lines = "\n".join(json.dumps({"id": i, "at": f"2026-01-0{i} 10:00:00", "who": {"name": "x"}}) for i in range(1, 5))
    told = load(sluice, lines, name="seen", mode="create", kind="ndjson")
    types = {column["name"]: column["type"] for column in told["datasource"]["columns"]}
    assert "Int" in types["id"] and "DateTime" in types["at"], types
    assert counts(sluice, "seen") == (4, 0)
    analysis = sluice.api("POST", "/v0/analyze", params={"format": "ndjson"}, data=lines)["analysis"]
    assert [column["name"] for column in analysis["columns"]] == list(types)


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress], ids=["plain", "gzip"])
def test_body_form_and_compression(sluice, pack):
    make(sluice)
    data = pack(ROWS.encode())
    load(sluice, data)
    sluice.api("POST", "/v0/datasources", params={"name": "shop", "mode": "append", "format": "csv"},
               files={"csv": ("rows.csv", io.BytesIO(data))})
    sluice.api("POST", "/v0/datasources", params={"name": "shop", "mode": "append"},
               files={"file": ("rows.csv", io.BytesIO(data))})
    assert counts(sluice) == (9, 0)


def test_large_file_in_one_transaction(sluice):
    make(sluice)
    rows = 200_000
    body = "id,name,price\n" + "".join(f"{i},name {i},{i / 4}\n" for i in range(rows))
    assert len(body) > 4_000_000
    assert load(sluice, body)["successful_rows"] == rows
    assert counts(sluice) == (rows, 0)
    assert warehouse(sluice, "SELECT sum(id), count(DISTINCT name) FROM shop") == [(rows * (rows - 1) // 2, rows)]


def test_files_of_the_import_root(make_sluice, tmp_path):
    root = tmp_path / "imports"
    root.mkdir()
    (root / "rows.csv.gz").write_bytes(gzip.compress(ROWS.encode()))
    (tmp_path / "outside.csv").write_text(ROWS)
    (root / "link.csv").symlink_to(tmp_path / "outside.csv")
    closed = make_sluice("closed").start()
    make(closed)
    closed.refusal("POST", "/v0/datasources", 403, "--import-root", params={
        "name": "shop", "mode": "append", "url": f"file://{root}/rows.csv.gz"})
    closed.stop()
    sluice = make_sluice(args=["--import-root", root]).start()
    make(sluice)

    def call(status, *mentions, **source):
        parameters = {"name": "shop", "mode": "append", **source}
        if status == 200:
            return sluice.api("POST", "/v0/datasources", params=parameters)
        return sluice.refusal("POST", "/v0/datasources", status, *mentions, params=parameters)

    call(200, url=f"file://{root}/rows.csv.gz")
    call(200, path="rows.csv.gz")
    call(403, "import root", url=f"file://{tmp_path}/outside.csv")
    call(403, "import root", path="../outside.csv")
    call(403, "import root", path="link.csv")
    call(404, "nothing.csv", path="nothing.csv")
    call(400, "does not fetch", url="https://example.test/rows.csv")
    assert counts(sluice) == (6, 0)


def test_names_and_conflicts(sluice):
    make(sluice)
    query = {"name": "shop", "schema": SCHEMA}
    sluice.refusal("POST", "/v0/datasources", 409, "shop", params=query)
    sluice.refusal("POST", "/v0/datasources", 409, "Shop", params={**query, "name": "Shop"})
    sluice.refusal("POST", "/v0/datasources", 404, "nowhere", params={"name": "nowhere", "mode": "append"}, data=ROWS)
    sluice.make_pipe("sold", "SELECT 1 AS a")
    for name in ("sold", "sold_0", "nyc", "jobs_log", "sinks_ops_log", "sluice_x", "sqlite_x", "1a", "a-b", "select"):
        sluice.refusal("POST", "/v0/datasources", 400, name, params={**query, "name": name})
    for name in ("shop", "SHOP", "shop_quarantine"):
        sluice.refusal("POST", "/v0/pipes", 400, "data source", data={"name": name, "sql": "SELECT 1"})
    for more in ({"mode": "upsert"}, {"schema": "id Int63"}, {"schema": ""}):
        sluice.refusal("POST", "/v0/datasources", 400, params={**query, "name": "other", **more})
    sluice.refusal("POST", "/v0/datasources", 400, "xml", params={"name": "shop", "mode": "append", "format": "xml"}, data=ROWS)
    sluice.refusal("POST", "/v0/datasources", 400, "condition", params={
        "name": "shop", "mode": "replace", "replace_condition": "id = 1"}, data=ROWS)


def test_internal_tables_are_not_to_be_read(sluice):
    make(sluice)
    for sql in ("SELECT * FROM sluice_datasources", "SELECT name FROM sqlite_schema",
                "SELECT count(*) FROM main.sluice_datasources"):
        sluice.refusal("POST", "/v0/pipes", 403, "may only read", data={"name": "peek", "sql": sql})


def test_bad_rows_go_to_the_quarantine(sluice):
    make(sluice)
    told = load(sluice, "id,name,price\n1,ann,1\nx,bob,2\n3,cy,much\n4,dee,4\n")
    assert (told["successful_rows"], told["quarantine_rows"], told["error"]) == (2, 2, False)
    assert counts(sluice) == (2, 2)
    held = warehouse(sluice, "SELECT c__error_column, c__error, c__import_id, insertion_date, c__line, c__row "
                             "FROM shop_quarantine ORDER BY c__line")
    assert [json.loads(row[0]) for row in held] == [["id"], ["price"]]
    assert all(len(json.loads(row[1])) == 1 and row[2] == told["import_id"] and row[3][:2] == "20" for row in held)
    assert [row[4] for row in held] == [3, 4] and "bob" in held[0][5]
    none = load(sluice, "id,name,price\nx,a,1\ny,b,1\n")
    assert none["successful_rows"] == 0 and "all 2 rows are in the quarantine" in none["error"]
    wrong = load(sluice, "id,name,price\n1,a\n2,b,3,4\n5,e,5\n")
    assert (wrong["successful_rows"], wrong["quarantine_rows"], wrong["invalid_lines"]) == (1, 2, 2)
    pipe = sluice.make_pipe("why", "SELECT c__error FROM shop_quarantine")
    assert pipe["nodes"][0]["dependencies"] == ["shop_quarantine"]


@pytest.mark.parametrize("body, status, mention", [
    ('id,name,price\n1,"never closed', 400, "line 2"),
    (gzip.compress(ROWS.encode())[:-12], 400, ""),
    ("", 400, "no data"),
], ids=["open quote", "torn gzip", "nothing"])
def test_nothing_of_a_broken_file(sluice, body, status, mention):
    make(sluice)
    sluice.refusal("POST", "/v0/datasources", status, mention, data=body,
                   params={"name": "shop", "mode": "append", "format": "csv"})
    assert counts(sluice) == (0, 0)
    if body:
        sluice.refusal("POST", "/v0/datasources", status, mention, data=body,
                       params={"name": "fresh", "mode": "create", "format": "csv", "schema": SCHEMA})
    assert [one["name"] for one in sluice.api("GET", "/v0/datasources")["datasources"]] == ["shop"]


def test_rows_are_deleted_by_condition(sluice):
    make(sluice)
    load(sluice, ROWS)
    path = "/v0/datasources/shop/delete"
    dry = sluice.api("POST", path, data={"delete_condition": "price > 1", "dry_run": "true"})
    assert (dry["rows_to_be_deleted"], dry["rows_affected"]) == (2, 0) and counts(sluice) == (3, 0)
    done = sluice.api("POST", path, data={"delete_condition": "price > 1"})
    assert done["rows_affected"] == 2 and done["status"] == "done" and done["job_id"]
    assert warehouse(sluice, "SELECT id FROM shop") == [(3,)] and counts(sluice) == (1, 0)
    sluice.refusal("POST", path, 400, "nope", data={"delete_condition": "nope = 1"})
    sluice.refusal("POST", path, 400, data={"delete_condition": "1); DROP TABLE shop; SELECT (1"})
    sluice.refusal("POST", path, 403, data={"delete_condition": "1 IN (SELECT 1 FROM sluice_datasources)"})
    sluice.refusal("POST", path, 400, data={"delete_condition": ""})
    assert counts(sluice) == (1, 0)


def test_columns_are_added(sluice):
    make(sluice)
    load(sluice, ROWS)
    path = "/v0/datasources/shop/alter"
    sluice.refusal("POST", path, 400, "nullable", data={"schema": SCHEMA + ", more Int64"})
    sluice.refusal("POST", path, 400, "columns", data={"schema": "id String"})
    sluice.api("POST", path, data={"schema": SCHEMA + ", more Nullable(Int64)", "description": "With more"})
    load(sluice, "id,name,price,more\n7,x,1,70\n")
    assert warehouse(sluice, "SELECT sum(more), count(*) FROM shop") == [(70, 4)]
    text = sluice.raw("GET", "/v0/datasources/shop.datasource").text
    assert "With more" in text and "Nullable(Int64)" in text
    assert sluice.api("PUT", "/v0/datasources/shop", data={"description": "Other"})["description"] == "Other"


def test_scopes(sluice):
    make(sluice)

    def token(*scopes):
        made = sluice.api("POST", "/v0/tokens", data={"name": scopes[0].replace(":", "_"), "scope": list(scopes)})
        return made["token"]

    append, read, drop, create = (token("DATASOURCES:APPEND:shop"), token("DATASOURCES:READ:shop"),
                                  token("DATASOURCES:DROP:shop"), token("DATASOURCES:CREATE"))
    into = {"name": "shop", "mode": "append", "format": "csv"}
    sluice.api("POST", "/v0/datasources", params=into, data=ROWS, token=append)
    sluice.api("POST", "/v0/datasources", params=into, data=ROWS, token=create)
    sluice.refusal("POST", "/v0/datasources", 403, "DATASOURCES:APPEND", params=into, data=ROWS, token=read)
    for mode in ("create", "replace"):
        sluice.refusal("POST", "/v0/datasources", 403, "DATASOURCES:CREATE",
                       params={**into, "mode": mode}, data=ROWS, token=append)
    sluice.refusal("POST", "/v0/datasources", 403, params={**into, "name": "else"}, data=ROWS, token=append)
    sluice.api("GET", "/v0/datasources/shop", token=read)
    sluice.refusal("GET", "/v0/datasources/shop", 403, "READ:shop", token=drop)
    assert sluice.api("GET", "/v0/datasources", token=drop)["datasources"] == []
    assert len(sluice.api("GET", "/v0/datasources", token=read)["datasources"]) == 1
    for path, data in (("truncate", {}), ("delete", {"delete_condition": "1"}), ("alter", {"description": "x"})):
        sluice.refusal("POST", f"/v0/datasources/shop/{path}", 403, "CREATE", data=data, token=append)
    sluice.refusal("DELETE", "/v0/datasources/shop", 403, "DROP:shop", token=create)
    sluice.api("DELETE", "/v0/datasources/shop", expect=204, token=drop)


def test_full_disk_leaves_nothing_half_written(make_sluice, small_disk):
    folder, enlarge = small_disk
    sluice = make_sluice(data_dir=folder / "data").start()
    make(sluice)
    load(sluice, ROWS)
    body = "id,name,price\n" + "".join(f"{i},{'x' * 100},1\n" for i in range(60_000))
    for _ in range(2):
        answer = sluice.raw("POST", "/v0/datasources", data=body,
                            params={"name": "shop", "mode": "append", "format": "csv"})
        assert answer.status_code in (503, 507), answer.text
        assert counts(sluice) == (3, 0)
    enlarge()
    assert load(sluice, body)["successful_rows"] == 60_000
    assert counts(sluice) == (60_003, 0)


def test_exports_beside_appends(sluice):
    """Each export sees whole files only."""
    make(sluice)
    sluice.make_local()
    sluice.make_pipe("all", "SELECT id FROM shop")
    sluice.make_sink("all", connection="disk", path="local://all", file_template="all", empty_result="write")
    part = "id,name,price\n" + "".join(f"{i},x,\n" for i in range(10_000))
    stop = threading.Event()

    def fill():
        try:
            for _ in range(10):
                load(sluice, part)
        finally:
            stop.set()

    jobs = []
    writer = threading.Thread(target=fill)
    writer.start()
    while not stop.is_set() or not jobs:
        jobs.append(sluice.wait(sluice.run("all")))
    writer.join()
    for job in jobs:
        assert job["statistics"]["row_count"] % 10_000 == 0
    assert counts(sluice) == (100_000, 0)


def test_it_is_all_there_after_kill_9(sluice):
    make(sluice)
    load(sluice, ROWS)
    sluice.kill9()
    sluice.start()
    assert counts(sluice) == (3, 0)
    load(sluice, ROWS)
    assert counts(sluice) == (6, 0)
    assert not list((sluice.data_dir / "spool").glob("warehouse-*"))
    assert TOKEN not in sluice.log.read_text()
