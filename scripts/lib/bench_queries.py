"""What scripts/bench --queries measures: calls a second of an endpoint with parameters, and how long each takes, beside
Python's own sqlite3 in one process on the same statements."""
import contextlib
import json
import pathlib
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

root = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(root / "tests/e2e"))

from support.sluice import TOKEN, Sluice  # noqa: E402

ROWS = 1_000_000
CUSTOMERS = 20_000  # Of each some 50 rows.
SECONDS = 8
CLIENTS = (1, 16, 64)

# Name, SQL of the endpoint, the same for the peer, and how many values the parameter has.
CASES = (
    ("a row by its key", "SELECT id, customer, amount, note FROM shop.orders WHERE id = {{Int64(key)}}",
     "SELECT id, customer, amount, note FROM orders WHERE id = ?", ROWS),
    ("sum over some 50 rows by an index",
     "SELECT count(*) AS orders, round(sum(amount), 2) AS total, max(note) AS last FROM shop.orders "
     "WHERE customer = {{Int64(key)}}",
     "SELECT count(*) AS orders, round(sum(amount), 2) AS total, max(note) AS last FROM orders WHERE customer = ?",
     CUSTOMERS))

LUA = """
math.randomseed(%d)
wrk.headers["Authorization"] = "Bearer %s"
request = function() return wrk.format("GET", "/v0/pipes/%s.json?key=" .. math.random(%d)) end
done = function(summary, latency, requests)
  print(string.format('RESULT {"calls": %%d, "us": %%d, "p50": %%d, "p99": %%d, "failed": %%d}', summary.requests,
    summary.duration, latency:percentile(50), latency:percentile(99),
    summary.errors.status + summary.errors.read + summary.errors.write + summary.errors.timeout + summary.errors.connect))
end
"""


def make_orders(file):
    with contextlib.closing(sqlite3.connect(file)) as db, db:
        db.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER, amount REAL, note TEXT)")
        db.execute("WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r LIMIT ?) INSERT INTO orders "
                   "SELECT n, 1 + (n * 7919) % ?, (n % 10007) / 100.0, 'order number ' || n FROM r", (ROWS, CUSTOMERS))
        db.execute("CREATE INDEX by_customer ON orders (customer)")


def served(sluice, name, values, clients, folder):
    script = folder / "load.lua"
    script.write_text(LUA % (clients, TOKEN, name, values))
    ran = subprocess.run(["wrk", "-t", str(min(clients, 2)), "-c", str(clients), "-d", f"{SECONDS}s", "-s", str(script),
                          sluice.url], capture_output=True, text=True, check=True)
    found = json.loads(re.search(r"RESULT (.*)", ran.stdout)[1])
    assert found["failed"] == 0, ran.stdout
    return found["calls"] / found["us"] * 1e6, found["p50"] / 1000, found["p99"] / 1000


def in_process(file, sql, values, clients):
    """Threads of this process, each with a connection of its own, rows made JSON as an answer would be."""
    times, until = [], time.monotonic() + SECONDS

    def one(seed):
        chance, mine = random.Random(seed), []
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
            db.row_factory = sqlite3.Row
            while (begun := time.monotonic()) < until:
                json.dumps([dict(row) for row in db.execute(sql, (chance.randrange(1, values + 1),))])
                mine.append(time.monotonic() - begun)
        times.extend(mine)

    threads = [threading.Thread(target=one, args=(seed,)) for seed in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.sort()
    return len(times) / SECONDS, times[len(times) // 2] * 1000, times[int(len(times) * .99)] * 1000


with tempfile.TemporaryDirectory(dir=root / "build") as base:
    folder = pathlib.Path(base)
    make_orders(folder / "orders.db")
    sluice = Sluice(root / "build/release/sluice", folder / "sluice", attach={"shop": folder / "orders.db"},
                    args=["--log-level", "warn"]).start()
    try:
        print("| Endpoint | Clients | Sluice: calls/s | p50 ms | p99 ms | sqlite3 in Python, no HTTP: queries/s | p50 ms | p99 ms |")
        print("|---|---|---|---|---|---|---|---|")
        for number, (what, sql, plain, values) in enumerate(CASES):
            name = f"case_{number}"
            sluice.make_pipe(name, "%\n" + sql)
            sluice.api("POST", f"/v0/pipes/{name}/nodes/{name}_0/endpoint")
            for clients in CLIENTS:
                ours = served(sluice, name, values, clients, folder)
                theirs = in_process(folder / "orders.db", plain, values, clients)
                figures = " | ".join(f"{calls:,.0f} | {p50:.2f} | {p99:.2f}" for calls, p50, p99 in (ours, theirs))
                print(f"| {what} | {clients} | {figures} |", flush=True)
    finally:
        sluice.end()
