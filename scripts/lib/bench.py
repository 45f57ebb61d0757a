"""What scripts/bench runs: each case and its peer in turn, medians and ratios."""
import argparse
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request

TOKEN = "p.bench"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """Sluice on a data folder of its own, and the highest anonymous memory seen while a job ran."""

    def __init__(self, root, folder, database):
        self.folder, self.port, self.peak = folder, free_port(), 0
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.process = subprocess.Popen(
            [root / "build/release/sluice", "serve", "--port", str(self.port), "--data-dir", folder,
             "--attach", f"b={database}", "--log-level", "warn"], env={**os.environ, "SLUICE_ADMIN_TOKEN": TOKEN})
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health")
                break
            except OSError:
                time.sleep(0.05)
        self.call("/v0/connectors", service="local", name="disk")

    def call(self, route, method="POST", **form):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{route}", method=method,
                                         data=urllib.parse.urlencode(form).encode() if form else None,
                                         headers={"Authorization": f"Bearer {TOKEN}"})
        return json.load(urllib.request.urlopen(request))

    def memory(self):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("RssAnon"):
                return int(line.split()[1]) * 1024
        return 0

    def make(self, name, sql, **sink):
        self.call("/v0/pipes", name=name, sql=sql)
        self.call(f"/v0/pipes/{name}/nodes/{name}_0/sink", connection="disk", path=f"local://{name}",
                  write_strategy="truncate", **sink)

    def run(self, name):
        """Seconds from the call to `done`, and the bytes of the files."""
        begin = time.perf_counter()
        job = self.call(f"/v0/pipes/{name}/sink")["job"]["id"]
        while True:
            answer = self.call(f"/v0/jobs/{job}", "GET")
            self.peak = max(self.peak, self.memory())
            if answer["status"] == "done":
                return time.perf_counter() - begin, answer["statistics"]["bytes"]
            if answer["status"] not in ("waiting", "working"):
                sys.exit(f"{name}: {answer['error']}")
            time.sleep(0.05)

    def end(self):
        self.process.terminate()
        self.process.wait()


def shell(line):
    begin = time.perf_counter()
    subprocess.run(["bash", "-c", "set -o pipefail; " + line], check=True)
    return time.perf_counter() - begin


def duckdb_copy(connection, options, target):
    begin = time.perf_counter()
    connection.execute(f"COPY events TO '{target}' ({options})")
    return time.perf_counter() - begin


def cases(database, out, duck):
    """(name, sink parameters, peer's name, the peer as a function that returns seconds)."""
    csv = f"sqlite3 -header -csv {database} 'SELECT * FROM events'"
    fields = "event_id ts customer_id country amount qty url note".split()
    pairs = ", ".join(f"''{field}'', {field}" for field in fields).replace("''", '"')
    ndjson = f"sqlite3 {database} \"SELECT json_object({pairs.replace(chr(34), chr(39))}) FROM events\""
    plain = {"file_template": "all"}
    yield "CSV", {**plain}, "sqlite3 -csv", lambda: shell(f"{csv} > {out}")
    yield "NDJSON", {**plain, "format": "ndjson"}, "sqlite3 json_object", lambda: shell(f"{ndjson} > {out}")
    yield "CSV.gz fast", {**plain, "compression": "gz"}, "sqlite3 | gzip", lambda: shell(f"{csv} | gzip > {out}")
    yield ("CSV.gz small", {**plain, "compression": "gz", "compression_level": "small"}, "sqlite3 | gzip",
           lambda: shell(f"{csv} | gzip > {out}"))
    if shutil.which("pigz"):
        yield "CSV.gz fast / pigz", {**plain, "compression": "gz"}, "sqlite3 | pigz", lambda: shell(f"{csv} | pigz > {out}")
    yield "CSV.zst", {**plain, "compression": "zst"}, "sqlite3 | zstd -3", lambda: shell(f"{csv} | zstd -3 -q -f -o {out}")
    yield ("CSV.gz, 1,000 files", {"file_template": "{customer_id}", "compression": "gz"}, "one file, CSV.gz fast", None)
    if duck is None:
        return
    for name, sink, options in (
            ("CSV / DuckDB", plain, "FORMAT csv"), ("CSV.gz / DuckDB", {**plain, "compression": "gz"}, "FORMAT csv, COMPRESSION gzip"),
            ("NDJSON / DuckDB", {**plain, "format": "ndjson"}, "FORMAT json"),
            ("Parquet zstd / DuckDB", {**plain, "format": "parquet", "compression": "zst"}, "FORMAT parquet, COMPRESSION zstd"),
            ("Parquet snappy / DuckDB", {**plain, "format": "parquet", "compression": "snappy"}, "FORMAT parquet, COMPRESSION snappy")):
        yield name, sink, "DuckDB COPY", lambda options=options: duckdb_copy(duck, options, out)


def open_duckdb(database):
    try:
        import duckdb
    except ImportError:
        return None
    connection = duckdb.connect()
    source = __import__("sqlite3").connect(f"file:{database}?mode=ro", uri=True)
    import pandas
    connection.execute("CREATE TABLE events (event_id BIGINT, ts VARCHAR, customer_id VARCHAR, country VARCHAR, "
                       "amount DOUBLE, qty BIGINT, url VARCHAR, note VARCHAR)")
    for chunk in pandas.read_sql_query("SELECT * FROM events", source, chunksize=250000):
        connection.execute("INSERT INTO events SELECT * FROM chunk")
    return connection


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    folder = arguments.root / "build/bench"
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / f"events-{arguments.rows}.db"
    if not database.exists():
        print(f"making {database.name}", file=sys.stderr)
        subprocess.run([sys.executable, arguments.root / "scripts/lib/events.py", database, str(arguments.rows)], check=True)
    duck = open_duckdb(database) if "DuckDB" in arguments.only or not arguments.only else None
    if duck is None:
        print("without DuckDB", file=sys.stderr)
    server = Server(arguments.root, folder / "data", database)
    out = folder / "peer.out"
    print(f"{arguments.rows:,} rows, {arguments.runs} runs each in turn, {os.cpu_count()} cores, medians in seconds")
    print("| Work | Sluice | Peer | | Ratio | Size of ours |\n|---|---|---|---|---|---|")
    first_gz = None
    try:
        for number, (name, sink, peer_name, peer) in enumerate(cases(database, out, duck)):
            if arguments.only not in name:
                continue
            server.make(f"case{number}", "SELECT * FROM b.events", **sink)
            ours, theirs = [], []
            for _ in range(arguments.runs):
                seconds, size = server.run(f"case{number}")
                ours.append(seconds)
                if peer:
                    theirs.append(peer())
                    out.unlink(missing_ok=True)
            if name == "CSV.gz fast":
                first_gz = statistics.median(ours)
            reference = statistics.median(theirs) if theirs else first_gz
            ratio = f"{reference / statistics.median(ours):.2f}x" if reference else "-"
            print(f"| {name} | {statistics.median(ours):.2f} | {reference or 0:.2f} | {peer_name} | {ratio} | {size:,} |", flush=True)
            shutil.rmtree(folder / "data/objects/disk", ignore_errors=True)
        print(f"peak anonymous memory of the server: {server.peak / 2**20:.0f} MiB")
    finally:
        server.end()


if __name__ == "__main__":
    main()
