"""What scripts/bench --events measures: rows that come in through POST /v0/events, beside SQLite's own library with a
transaction for each request, in the same run and on the same disk."""
import contextlib
import json
import pathlib
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(root / "tests/e2e"))

from support.sluice import TOKEN, Sluice  # noqa: E402

CLIENTS = (1, 16, 64)
ROWS = (1, 100)
SECONDS, RUNS = 4, 3
SCHEMA = "ts DateTime, customer String, country String, amount Float64, qty Int32"
ROW = {"ts": "2026-06-01 12:34:56", "customer": "customer-000123", "country": "DE", "amount": 12.5, "qty": 3}


def script(folder, rows):
    """What wrk sends: each request with `rows` rows."""
    file = folder / f"rows{rows}.lua"
    body = "\\n".join([json.dumps(ROW)] * rows)
    file.write_text(f"wrk.method = 'POST'\nwrk.body = '{body}\\n'\n"
                    f"wrk.headers['Authorization'] = 'Bearer {TOKEN}'\n"
                    "done = function(summary, latency)\n"
                    "  local bad = summary.errors.status + summary.errors.timeout + summary.errors.read + summary.errors.connect\n"
                    "  io.write(string.format('RESULT %d %d %f %f %d\\n', summary.requests, summary.duration, "
                    "latency:percentile(50), latency:percentile(99), bad))\nend\n")
    return file


def load(sluice, lua, clients, wait):
    """Requests a second, and p50 and p99 in ms."""
    url = f"{sluice.url}/v0/events?name=bench" + ("&wait=true" if wait else "")
    ran = subprocess.run(["wrk", "-t", "1", "-c", str(clients), "-d", f"{SECONDS}s", "-s", str(lua), url],
                         capture_output=True, text=True, check=True)
    requests, micros, p50, p99, bad = re.search(r"RESULT (\d+) (\d+) ([\d.]+) ([\d.]+) (\d+)", ran.stdout).groups()
    assert int(bad) == 0, f"{bad} requests failed: {ran.stdout}"
    return int(requests) / (int(micros) / 1e6), float(p50) / 1000, float(p99) / 1000, int(requests)


def peer(folder, rows, durable):
    """Requests a second of SQLite's library alone: parse, insert, commit."""
    lines = "\n".join([json.dumps(ROW)] * rows)
    file = folder / "peer.db"
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = wal")
        db.execute(f"PRAGMA synchronous = {'full' if durable else 'normal'}")
        db.execute("CREATE TABLE IF NOT EXISTS bench (ts TEXT, customer TEXT, country TEXT, amount REAL, qty INTEGER)")
        count, begin = 0, time.monotonic()
        while time.monotonic() < begin + SECONDS:
            values = [tuple(json.loads(line).values()) for line in lines.splitlines()]
            db.execute("BEGIN")
            db.executemany("INSERT INTO bench VALUES (?, ?, ?, ?, ?)", values)
            db.execute("COMMIT")
            count += 1
        return count / (time.monotonic() - begin)


def measure(folder):
    sluice = Sluice(root / "build/release/sluice", folder, args=["--log-level", "warn"]).start()
    try:
        sluice.api("POST", "/v0/datasources", data={"name": "bench", "schema": SCHEMA})
        sent = 0
        for rows in ROWS:
            lua = script(folder, rows)
            for wait in (True, False):
                alone = []
                ours = {clients: [] for clients in CLIENTS}
                for _ in range(RUNS):
                    alone.append(peer(folder, rows, wait))
                    for clients in CLIENTS:
                        ours[clients].append(load(sluice, lua, clients, wait))
                        sent += ours[clients][-1][3] * rows
                one = statistics.median(alone)
                print(f"{rows} rows a request, {'wait=true' if wait else 'without wait'}: SQLite alone, a transaction a request: "
                      f"{one:.0f} requests/s", flush=True)
                for clients in CLIENTS:
                    rate, p50, p99, _ = (statistics.median(each) for each in zip(*ours[clients]))
                    print(f"  {clients} clients: {rate:.0f} requests/s, {rate * rows:.0f} rows/s, {rate / one:.2f} of SQLite alone, "
                          f"p50 {p50:.1f} ms, p99 {p99:.1f} ms", flush=True)
        have = sluice.api("GET", "/v0/datasources/bench")["statistics"]["row_count"]
        # wrk drops the answers that come when its time is over.
        assert sent <= have <= sent + sum(ROWS) * sum(CLIENTS) * 2 * RUNS, (sent, have)
        print(f"{have} rows are in the data source, {sent} were answered")
    finally:
        sluice.end()


if shutil.which("wrk") is None:
    sys.exit("The requests are sent with wrk, which is not here: install it.")
with tempfile.TemporaryDirectory(dir=root / "build") as base:
    measure(pathlib.Path(base))
