"""What scripts/bench measures Sluice beside: programs of the shell, DuckDB, ClickHouse, an S3 server."""
import os
import pathlib
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request

COLUMNS = {"event_id": "Int64", "ts": "String", "customer_id": "String", "country": "String", "amount": "Float64",
           "qty": "Int64", "url": "String", "note": "Nullable(String)"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def shell(line, **variables):
    begin = time.perf_counter()
    subprocess.run(["bash", "-c", "set -o pipefail; " + line], check=True, env={**os.environ, **variables})
    return time.perf_counter() - begin


class DuckDB:
    """Holds the table in its own columnar format, in memory."""

    def __init__(self, database):
        import duckdb
        import pandas
        import sqlite3
        self.connection = duckdb.connect()
        source = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        self.connection.execute("CREATE TABLE events (event_id BIGINT, ts VARCHAR, customer_id VARCHAR, country VARCHAR, "
                                "amount DOUBLE, qty BIGINT, url VARCHAR, note VARCHAR)")
        for chunk in pandas.read_sql_query("SELECT * FROM events", source, chunksize=250000):
            self.connection.execute("INSERT INTO events SELECT * FROM chunk")

    def copy(self, options, target):
        begin = time.perf_counter()
        self.connection.execute(f"COPY events TO '{target}' ({options})")
        return time.perf_counter() - begin


CLICKHOUSE_CONFIG = """<?xml version="1.0"?>
<yandex><logger><level>error</level><log>{folder}/log</log><errorlog>{folder}/errors</errorlog></logger>
<http_port>{http}</http_port><tcp_port>{tcp}</tcp_port><listen_host>127.0.0.1</listen_host>
<path>{folder}/data/</path><tmp_path>{folder}/tmp/</tmp_path><mark_cache_size>100000000</mark_cache_size>
<users_config>users.xml</users_config><default_profile>default</default_profile>
<default_database>default</default_database></yandex>
"""
CLICKHOUSE_USERS = """<?xml version="1.0"?>
<yandex><profiles><default/></profiles><quotas><default/></quotas><users><default><password></password>
<networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users></yandex>
"""


class ClickHouse:
    """A server of Debian's package, the table in a MergeTree of its own, asked over HTTP by curl."""

    def __init__(self, database, folder):
        shutil.rmtree(folder, ignore_errors=True)
        for name in ("data", "tmp"):
            (folder / name).mkdir(parents=True)
        self.http, self.tcp = free_port(), free_port()
        (folder / "config.xml").write_text(CLICKHOUSE_CONFIG.format(folder=folder, http=self.http, tcp=self.tcp))
        (folder / "users.xml").write_text(CLICKHOUSE_USERS)
        self.process = subprocess.Popen([shutil.which("clickhouse-server"), f"--config-file={folder}/config.xml"],
                                        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.await_start()
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        client = f"clickhouse-client --host 127.0.0.1 --port {self.tcp}"
        shell(f"{client} --query 'CREATE TABLE events ({columns}) ENGINE = MergeTree ORDER BY event_id'")
        shell(f"sqlite3 -csv -nullvalue '\\N' {database} 'SELECT * FROM events' | tr -d '\\r' "
              f"| {client} --query 'INSERT INTO events FORMAT CSV'")

    def await_start(self):
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.http}/")
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("ClickHouse does not start")

    def export(self, file_format, target, pipe=""):
        query = urllib.parse.quote(f"SELECT * FROM events FORMAT {file_format}")
        return shell(f"curl -sSf 'http://127.0.0.1:{self.http}/?query={query}' {pipe} > {target}")

    def end(self):
        self.process.terminate()
        self.process.wait()


def start_s3(root, folder):
    """The S3 server of the tests, with a bucket; None where it was not built."""
    built = sorted(pathlib.Path(root, "build/tools/bin").glob("versitygw-*"))
    if not built:
        return None
    import sys
    sys.path.insert(0, str(root / "tests/e2e"))
    from support.s3 import S3Server
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    server = S3Server(built[-1], folder)
    server.client().create_bucket(Bucket="bench")
    return server


def aws_copy(server, csv, name):
    """The shell's way into the same server."""
    return shell(f"{csv} | gzip | aws --endpoint-url {server.endpoint} s3 cp --quiet - s3://bench/{name}",
                 AWS_ACCESS_KEY_ID=server.access_key, AWS_SECRET_ACCESS_KEY=server.secret_key,
                 AWS_DEFAULT_REGION=server.region, AWS_MAX_ATTEMPTS="2")
