"""Must show: a writer commits during an export; the files equal one moment of the database.

The writer is another process. Its transaction v sets STEP rows, one after the other around the table, to v; so
from the greatest v that a file shows, every row of that moment is known."""
import contextlib
import csv
import io
import json
import sqlite3
import subprocess
import sys

import pyarrow.parquet
import pytest

ROWS, STEP = 200_000, 500
WRITER = f"""
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
v = 0
while True:
    v += 1
    low = (v - 1) * {STEP} % {ROWS}
    db.execute("BEGIN IMMEDIATE")
    db.execute("UPDATE wide SET v = ? WHERE id >= ? AND id < ?", (v, low, low + {STEP}))
    db.execute("UPDATE other SET v = ?", (v,))
    db.execute("COMMIT")
    print(v, flush=True)
"""


def value_at(moment, row):
    """What `v` of this row is after the transaction `moment`."""
    turn = ROWS // STEP
    last = moment - (moment - 1 - row // STEP) % turn
    return max(last, 0)


def check_moment(rows):
    """`rows`: (id, v) in any order. Returns the moment that they are of."""
    moment = max(v for _, v in rows)
    assert len(rows) == ROWS and len({row for row, _ in rows}) == ROWS
    wrong = [(row, v, value_at(moment, row)) for row, v in rows if v != value_at(moment, row)]
    assert not wrong, f"{len(wrong)} rows are not of moment {moment}: (id, is, was then) {wrong[:5]}"
    return moment


@pytest.fixture(params=["wal", "delete"])
def changing(request, tmp_path):
    """A database that another process changes all the time."""
    file = tmp_path / "changing.db"
    with contextlib.closing(sqlite3.connect(file)) as db, db:
        db.execute(f"PRAGMA journal_mode = {request.param}")
        db.execute("CREATE TABLE wide (id INTEGER PRIMARY KEY, v INTEGER NOT NULL, pad TEXT NOT NULL)")
        db.execute("CREATE TABLE other (v INTEGER NOT NULL)")
        db.execute("INSERT INTO other VALUES (0)")
        db.executemany("INSERT INTO wide VALUES (?, 0, ?)", ((row, f"{row:-^90}") for row in range(ROWS)))
    with subprocess.Popen([sys.executable, "-c", WRITER, file], stdout=subprocess.PIPE, text=True) as writer:
        yield file, writer
        writer.kill()


def read_csv(bodies):
    rows = [(int(row["id"]), int(row["v"])) for body in bodies for row in csv.DictReader(io.StringIO(body.decode()))]
    return rows


def read_ndjson(bodies):
    return [(row["id"], row["v"]) for body in bodies for row in map(json.loads, body.splitlines())]


def read_parquet(bodies):
    tables = [pyarrow.parquet.read_table(io.BytesIO(body)) for body in bodies]
    return [pair for table in tables for pair in zip(table["id"].to_pylist(), table["v"].to_pylist())]


EXPORTS = {
    "csv_split": ("SELECT * FROM live.wide", "f", "csv", read_csv),
    "ndjson_sorted": ("SELECT id, v FROM live.wide ORDER BY pad", "f", "ndjson", read_ndjson),
    "parquet": ("SELECT id, v, pad FROM live.wide", "f", "parquet", read_parquet),
    # The last rows make a second reading necessary: the first ones did not show their type.
    "parquet_two_readings": (f"SELECT id, v, CASE WHEN id = {ROWS - 1} THEN 'text' ELSE id END AS mixed FROM live.wide", "f",
                             "parquet", read_parquet),
    "many_files": ("SELECT id, v, id % 50 AS part FROM live.wide", "p{part}", "csv", read_csv),
    "dealt_files": ("SELECT id, v FROM live.wide", "{7}", "ndjson", read_ndjson),
}


@pytest.mark.parametrize("export", EXPORTS)
def test_files_are_of_one_moment(make_sluice, changing, export, record_property):
    file, writer = changing
    sql, template, form, read = EXPORTS[export]
    sluice = make_sluice(attach={"live": file}).start()
    sluice.make_local()
    sluice.make_pipe("p", sql)
    sluice.make_sink("p", connection="disk", path="local://out", file_template=template, format=form,
                     write_strategy="truncate")
    moments = []
    for _ in range(3):
        before = int(writer.stdout.readline())
        sluice.wait(sluice.run("p"))
        moments.append(check_moment(read(sluice.local_files().values())))
        assert moments[-1] >= before, "what was committed before the run is missing"
    assert len(set(moments)) == 3, f"the writer stood still: {moments}"
    record_property("moments", moments)


def test_tables_of_one_statement_are_of_one_moment(make_sluice, changing):
    file, _ = changing
    sluice = make_sluice(attach={"live": file}).start()
    sluice.make_local()
    sluice.export("p", "SELECT w.id, w.v, o.v AS other FROM live.wide AS w, live.other AS o", connection="disk",
                  path="local://out", file_template="f", format="ndjson")
    rows = [json.loads(line) for line in next(iter(sluice.local_files().values())).splitlines()]
    assert {row["other"] for row in rows} == {check_moment([(row["id"], row["v"]) for row in rows])}
