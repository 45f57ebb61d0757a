"""What scripts/bench runs: each case and its peer in turn, medians and ratios."""
import argparse
import dataclasses
import datetime
import http.client
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import typing
import urllib.parse

from bench_peers import ClickHouse, DuckDB, aws_copy, free_port, shell, start_s3

TOKEN = "p.bench"
ONE = {"file_template": "all"}
GZ = {**ONE, "compression": "gz"}


class Server:
    """Sluice on a data folder of its own, and the highest anonymous memory seen while jobs ran."""

    def __init__(self, root, folder, database):
        self.port, self.peak, self.objects = free_port(), 0, folder / "objects/disk"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.process = subprocess.Popen(
            [root / "build/release/sluice", "serve", "--port", str(self.port), "--data-dir", folder,
             "--attach", f"b={database}", "--log-level", "warn"], env={**os.environ, "SLUICE_ADMIN_TOKEN": TOKEN})
        for _ in range(200):
            try:
                self.call("/v0/connectors", service="local", name="disk")
                return
            except OSError:
                time.sleep(0.05)

    def call(self, route, method="POST", **form):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request(method, route, urllib.parse.urlencode(form) or None,
                           {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/x-www-form-urlencoded"})
        reply = connection.getresponse()
        answer = json.load(reply)
        if reply.status >= 400:
            sys.exit(f"{method} {route}: {answer}")
        return answer

    def memory(self):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("RssAnon"):
                return int(line.split()[1]) * 1024
        return 0

    def make(self, name, sql, sink):
        self.call("/v0/pipes", name=name, sql=sql)
        self.call(f"/v0/pipes/{name}/nodes/{name}_0/sink",
                  **{"connection": "disk", "path": f"local://{name}", "write_strategy": "truncate", **sink})

    def run(self, name):
        """Seconds from the call to `done`, and the job. Asked seldom: asking takes from the same processors."""
        begin = time.perf_counter()
        job = self.call(f"/v0/pipes/{name}/sink")["job"]["id"]
        while True:
            answer = self.call(f"/v0/jobs/{job}", "GET")
            self.peak = max(self.peak, self.memory())
            if answer["status"] == "done":
                return time.perf_counter() - begin, answer["statistics"]
            if answer["status"] not in ("waiting", "working"):
                sys.exit(f"{name}: {answer['error']}")
            time.sleep(0.05)

    def end(self):
        self.process.terminate()
        self.process.wait()


@dataclasses.dataclass
class Case:
    name: str
    sink: dict
    peer: str
    run_peer: typing.Callable[[], float] | None = None  # None: our own case `peer`, measured before.
    sql: str = "SELECT * FROM b.events"


def shell_cases(csv, database, out):
    fields = "event_id ts customer_id country amount qty url note".split()
    pairs = ", ".join(f"'{field}', {field}" for field in fields)
    ndjson = f'sqlite3 {database} "SELECT json_object({pairs}) FROM events"'
    yield Case("CSV", ONE, "sqlite3 -csv", lambda: shell(f"{csv} > {out}"))
    yield Case("NDJSON", {**ONE, "format": "ndjson"}, "sqlite3 json_object()", lambda: shell(f"{ndjson} > {out}"))
    yield Case("CSV.gz fast", GZ, "sqlite3, gzip", lambda: shell(f"{csv} | gzip > {out}"))
    yield Case("CSV.gz small", {**GZ, "compression_level": "small"}, "sqlite3, gzip",
               lambda: shell(f"{csv} | gzip > {out}"))
    if shutil.which("pigz"):
        yield Case("CSV.gz fast / pigz", GZ, "sqlite3, pigz", lambda: shell(f"{csv} | pigz > {out}"))
    yield Case("CSV.zst", {**ONE, "compression": "zst"}, "sqlite3, zstd -3",
               lambda: shell(f"{csv} | zstd -3 -q -f -o {out}"))


def s3_cases(csv, s3):
    if s3 and shutil.which("aws"):
        yield Case("CSV.gz to S3", {**GZ, "connection": "lake", "path": "s3://bench/ours"}, "sqlite3, gzip, aws s3 cp",
                   lambda: aws_copy(s3, csv, "peer.csv.gz"))


def duckdb_cases(duck, out):
    parquet = {**ONE, "format": "parquet"}
    for name, sink, options in (
            ("CSV / DuckDB", ONE, "FORMAT csv"), ("CSV.gz / DuckDB", GZ, "FORMAT csv, COMPRESSION gzip"),
            ("NDJSON / DuckDB", {**ONE, "format": "ndjson"}, "FORMAT json"),
            ("Parquet zstd / DuckDB", {**parquet, "compression": "zst"}, "FORMAT parquet, COMPRESSION zstd"),
            ("Parquet snappy / DuckDB", {**parquet, "compression": "snappy"}, "FORMAT parquet, COMPRESSION snappy")):
        yield Case(name, sink, "DuckDB COPY", lambda options=options: duck().copy(options, out))
    yield Case("CSV.gz, 1,000 customers / DuckDB", {**GZ, "file_template": "{customer_id}"}, "DuckDB PARTITION_BY",
               lambda: duck().copy("FORMAT csv, COMPRESSION gzip, PARTITION_BY (customer_id)", out))


def clickhouse_cases(house, out):
    yield Case("CSV / ClickHouse", ONE, "ClickHouse, HTTP", lambda: house().export("CSVWithNames", out))
    yield Case("CSV.gz / ClickHouse", GZ, "ClickHouse, HTTP, gzip", lambda: house().export("CSVWithNames", out, "| gzip"))
    yield Case("NDJSON / ClickHouse", {**ONE, "format": "ndjson"}, "ClickHouse, HTTP",
               lambda: house().export("JSONEachRow", out))


def scale_cases():
    for count, peer in ((1000, "CSV.gz fast"), (100, "CSV.gz fast"), (10000, "CSV.gz, 100 files")):
        sql = f"SELECT *, event_id * 7919 % {count} AS part FROM b.events"
        if count == 1000:
            yield Case("CSV.gz, 1,000 customers", {**GZ, "file_template": "{customer_id}"}, peer)
        else:
            yield Case(f"CSV.gz, {count:,} files", {**GZ, "file_template": "{part}"}, peer, None, sql)
    yield Case("CSV, 100,000 files of 1,000,000 rows", {"file_template": "{part}"}, "-", None,
               "SELECT *, event_id % 100000 AS part FROM b.events WHERE event_id <= 1000000")


class Lazily:
    """What takes minutes to load is made with its first case, and remembered."""

    def __init__(self, make):
        self.make, self.made = make, None

    def __call__(self):
        self.made = self.made or self.make()
        return self.made


def measure(server, case, number, runs, known, out):
    server.make(f"case{number}", case.sql, case.sink)
    server.peak, ours, theirs, sizes = 0, [], [], []
    for _ in range(runs):
        seconds, statistics_of_job = server.run(f"case{number}")
        ours.append(seconds)
        if case.run_peer:
            theirs.append(case.run_peer())
            sizes.append(sum(file.stat().st_size for file in (out, *out.rglob("*")) if file.is_file()))
            shutil.rmtree(out) if out.is_dir() else out.unlink(missing_ok=True)
    shutil.rmtree(server.objects, ignore_errors=True)
    known[case.name] = statistics.median(ours)
    reference = statistics.median(theirs) if theirs else known.get(case.peer)
    ratio = f"{reference / known[case.name]:.2f}x" if reference else "-"
    spread = f"{min(ours):.2f}-{max(ours):.2f}"
    size = f"{sizes[0] / 2**20:.1f}" if sizes and sizes[0] else "-"
    return (f"| {case.name} | {known[case.name]:.2f} | {spread} | {case.peer} | {reference or 0:.2f} | **{ratio}** | "
            f"{statistics_of_job['bytes'] / 2**20:.1f} | {size} | {server.peak / 2**20:.0f} |")


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def all_cases(database, out, s3, duck, house):
    csv = f"sqlite3 -header -csv {database} 'SELECT * FROM events'"
    yield from shell_cases(csv, database, out)
    yield from s3_cases(csv, s3)
    try:
        import duckdb  # noqa: F401
        yield from duckdb_cases(duck, out)
    except ImportError:
        print("without DuckDB: its Python package is not installed", file=sys.stderr)
    if shutil.which("clickhouse-server"):
        yield from clickhouse_cases(house, out)
    else:
        print("without ClickHouse: its server is not installed", file=sys.stderr)
    yield from scale_cases()


def work_folder(folder, on_disk):
    """What is written goes to memory where there is room: ours waits for the disk to have it, the peers don't, and
    how fast it is may change from minute to minute."""
    memory = pathlib.Path("/dev/shm")
    if on_disk or not memory.is_dir() or shutil.disk_usage(memory).free < 6 * 2**30:
        return folder
    return pathlib.Path(tempfile.mkdtemp(prefix="sluice-bench-", dir=memory))


def prepare(root, rows):
    folder = root / "build/bench"
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / f"events-{rows}.db"
    if not database.exists():
        print(f"making {database.name}", file=sys.stderr)
        subprocess.run([sys.executable, root / "scripts/lib/events.py", database, str(rows)], check=True)
    return folder, database


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="")
    parser.add_argument("--on-disk", action="store_true")
    arguments = parser.parse_args()
    folder, database = prepare(arguments.root, arguments.rows)
    work = work_folder(folder, arguments.on_disk)
    out = work / "peer.out"
    s3 = start_s3(arguments.root, work / "s3")
    duck = Lazily(lambda: DuckDB(database))
    house = Lazily(lambda: ClickHouse(database, folder / "clickhouse"))
    server = Server(arguments.root, work / "data", database)
    print(f"{datetime.date.today()}, {processor()}, {os.cpu_count()} processors; {arguments.rows:,} rows, "
          f"{arguments.runs} runs of ours and the peer's in turn; medians, seconds and MiB; "
          f"files go to {'the disk' if work == folder else 'memory (tmpfs)'}\n")
    print("| Work | Sluice | from-to | Peer | Peer | Ratio | Size | Peer's | RssAnon |\n|---|---|---|---|---|---|---|---|---|")
    known = {}
    try:
        if s3:
            server.call("/v0/connectors", service="s3", name="lake", s3_endpoint=s3.endpoint, s3_region=s3.region,
                        s3_access_key_id=s3.access_key, s3_secret_access_key=s3.secret_key)
        for number, case in enumerate(all_cases(database, out, s3, duck, house)):
            if arguments.only in case.name:
                print(measure(server, case, number, arguments.runs, known, out), flush=True)
    finally:
        server.end()
        if house.made:
            house.made.end()
        if s3:
            s3.end()
        if work != folder:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
