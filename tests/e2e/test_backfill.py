"""A backfill as one thing: it goes on after kill -9, comes after other jobs, and replaces just its intervals' files."""
import sqlite3

from support.process import until

NAME = "dt={interval_start, '%Y-%m-%d'}/{k}"


def sink(sluice, sql="SELECT 'a' AS k, 1 AS n UNION ALL SELECT 'b', 2", **more):
    sluice.make_local()
    sluice.make_pipe("p", sql)
    sluice.make_sink("p", connection="disk", path="local://x", file_template=NAME, **more)


def backfill(sluice, pipe="p", **parameters):
    return sluice.api("POST", f"/v0/pipes/{pipe}/sink/backfill", data=parameters)


def ended(sluice, made, status="done", seconds=120):
    def look():
        now = sluice.api("GET", f"/v0/backfills/{made['id']}")
        return now if now["status"] not in ("waiting", "working") else None
    now = until(look, seconds, "the backfill has ended")
    assert now["status"] == status, now
    return now


def test_a_month_and_one_day_of_it_again(sluice):
    sink(sluice)
    made = backfill(sluice, start="2026-10-01", end="2026-11-01", step="1d", concurrency=4)
    assert made["jobs"]["all"] == 31
    assert ended(sluice, made)["progress_percentage"] == 100
    files = sluice.local_files()
    assert len(files) == 62 and files["x/dt=2026-10-07/a.csv"] == b"k,n\na,1\n"
    sluice.api("PUT", "/v0/pipes/p/nodes/p_0", data="SELECT 'b' AS k, 3 AS n",
               headers={"Content-Type": "text/plain"})
    ended(sluice, backfill(sluice, start="2026-10-07", end="2026-10-08", step="1d"))
    again = sluice.local_files()
    del files["x/dt=2026-10-07/a.csv"]
    files["x/dt=2026-10-07/b.csv"] = b"k,n\nb,3\n"
    assert again == files


def test_killed_in_its_midst_it_goes_on(sluice):
    sink(sluice)
    made = backfill(sluice, start="2026-01-01", end="2026-07-01", step="1d", concurrency=2)
    until(lambda: sluice.api("GET", f"/v0/backfills/{made['id']}")["jobs"]["done"] > 20, 60, "some are done")
    sluice.kill9()
    sluice.start()
    assert ended(sluice, made)["jobs"] == {
        "all": 181, "waiting": 0, "working": 0, "done": 181, "error": 0, "cancelled": 0}
    assert len(sluice.local_files()) == 2 * 181


def test_cancelled_it_leaves_whole_intervals(sluice):
    sink(sluice)
    made = backfill(sluice, start="2024-01-01", end="2026-01-01", step="1d")
    until(lambda: sluice.api("GET", f"/v0/backfills/{made['id']}")["jobs"]["done"] > 3, 60, "some are done")
    sluice.api("POST", f"/v0/backfills/{made['id']}/cancel")
    jobs = ended(sluice, made, "cancelled")["jobs"]
    assert jobs["done"] + jobs["cancelled"] == 731 and jobs["cancelled"] > 0
    assert len(sluice.local_files()) == 2 * jobs["done"]


def test_a_run_on_demand_comes_first(make_sluice, flights_db):
    sluice = make_sluice(attach={"nyc": flights_db}, args=["--workers", "1"]).start()
    sink(sluice)
    made = backfill(sluice, start="2023-01-01", end="2026-01-01", step="1d")
    sluice.make_pipe("q", "SELECT 1 AS a")
    sluice.make_sink("q", connection="disk", path="local://q", file_template="f")
    sluice.wait(sluice.run("q"), seconds=30)
    assert sluice.api("GET", f"/v0/backfills/{made['id']}")["jobs"]["waiting"] > 0
    sluice.api("POST", f"/v0/backfills/{made['id']}/cancel")


def test_the_logs_are_tables(sluice):
    sink(sluice)
    ended(sluice, backfill(sluice, start="2026-10-01", end="2026-10-02", step="1d"))
    sluice.make_pipe("bad", "SELECT 1 AS a, x'ff' AS b, CAST(x'ff' AS TEXT) AS c")
    sluice.make_sink("bad", connection="disk", path="local://bad", file_template="{c}")
    sluice.wait(sluice.run("bad"), status="error")
    with sqlite3.connect(f"file:{sluice.data_dir}/state.db?mode=ro", uri=True) as state:
        state.row_factory = sqlite3.Row
        good, bad = state.execute("SELECT * FROM sinks_ops_log ORDER BY timestamp").fetchall()
        jobs = state.execute("SELECT * FROM jobs_log ORDER BY created_at").fetchall()
    assert (good["result"], bad["result"]) == ("ok", "error")
    assert good["service"] == "local" and good["written_rows"] == 2 and good["written_bytes"] > 0
    assert good["output"] == '["x/dt=2026-10-01/a.csv","x/dt=2026-10-01/b.csv"]'
    assert '"interval_start":"2026-10-01 00:00:00.000000"' in good["parameters"]
    assert '"path":"local://x"' in good["options"] and "sql" not in good["options"]
    assert bad["error"] and bad["written_rows"] == 0 and bad["output"] == "[]"
    assert [row["status"] for row in jobs] == ["done", "error"]
    assert '"triggered_by":"backfill"' in jobs[0]["job_metadata"]


def test_waiting_for_a_job(sluice):
    sink(sluice)
    job = sluice.run("p", file_template="all")
    told = sluice.api("GET", f"/v0/jobs/{job}?wait=30")
    assert told["status"] == "done" and [attempt["attempt"] for attempt in told["attempts"]] == [1]
    assert told["attempts"][0]["ended_at"] and told["attempts"][0]["rows"] == 2
    (file,) = sluice.api("GET", f"/v0/jobs/{job}/files")["files"]
    assert (file["key"], file["rows"], file["state"], file["role"]) == ("x/all.csv", 2, "published", "data")
    assert file["bytes"] == len(sluice.local_files()["x/all.csv"])
    sluice.refusal("GET", f"/v0/jobs/{job}?wait=61", 400, "61")
    sluice.make_pipe("endless", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n")
    sluice.make_sink("endless", connection="disk", path="local://e", file_template="f")
    job = sluice.run("endless")
    told = sluice.api("GET", f"/v0/jobs/{job}?wait=1")
    assert told["status"] == "working" and told["rows_per_second"] is not None
    sluice.api("POST", f"/v0/jobs/{job}/cancel")
    sluice.wait(job, status="cancelled")


def test_old_jobs_leave_the_history(make_sluice):
    sluice = make_sluice().start()
    sink(sluice)
    old = sluice.wait(sluice.run("p", file_template="all"))["id"]
    sluice.stop()
    with sqlite3.connect(sluice.data_dir / "state.db") as state:
        state.execute("UPDATE jobs SET finished_at = '2020-01-01 00:00:00.000000', "
                      "created_at = '2020-01-01 00:00:00.000000'")
    sluice.args += ["--keep-history", "90d"]
    sluice.start()
    until(lambda: sluice.raw("GET", f"/v0/jobs/{old}").status_code == 404, 30, "the old job is gone")
    assert sluice.local_files()  # What it wrote is not.
