"""The two ClickHouses of the test run, spoken to over HTTP: Debian's server of 18.16, and the current engine (chdb)
behind an HTTP interface of our own (chdb_door.py).
"""
import contextlib
import json
import os
import pathlib
import secrets
import subprocess
import sys
from xml.sax.saxutils import escape

import requests

from support.process import Process, free_port, until


class ClickHouseError(AssertionError):
    """What a query was refused with, before the first byte of its answer."""

    def __init__(self, answer):
        self.status = answer.status_code
        self.text = answer.content.decode()
        code = self.text.removeprefix("Code: ").split(".")[0].split(",")[0]
        self.code = int(code) if code.isdigit() else None
        super().__init__(f"{self.status}: {self.text}")


class ClickHouse:
    """How to reach one: `url`, `user` (not `default`, which has no password) and `password`."""

    user = "sluice"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.password = secrets.token_hex(12)
        self.process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self, command, seconds=30, env=None):
        # In a folder of its own, since the engine writes where it is told to, and relative to where it is.
        self.process = Process(command, self.folder / "server.log", env={**os.environ, **(env or {})}, cwd=self.folder)
        until(self.is_up, seconds, f"{type(self).__name__} answers GET /ping")

    def is_up(self):
        assert self.process.exit_code is None, self.process.tail()
        with contextlib.suppress(requests.ConnectionError):
            return requests.get(self.url + "/ping", timeout=5).content == b"Ok.\n"

    def end(self):
        if self.process is not None:
            self.process.end()

    def raw(self, sql, settings=None, data=None, password=None, method="POST", **more):
        """The answer, whatever it is, with a body that is still to be read. With `data` the SQL goes in the URL."""
        parameters = {**(settings or {}), **({} if data is None else {"query": sql})}
        return requests.request(
            method, self.url + "/", params=parameters, data=(sql.encode() if data is None else data), stream=True,
            headers={"X-ClickHouse-User": self.user, "X-ClickHouse-Key": self.password if password is None else password},
            timeout=120, **more)

    def query(self, sql, settings=None, data=None):
        """The bytes of the answer, all of them: there is none where the connection broke off."""
        with self.raw(sql, settings, data) as answer:
            if answer.status_code != 200:
                raise ClickHouseError(answer)
            return answer.content

    def text(self, sql, settings=None):
        """The answer as tab separated values."""
        return self.query(sql, settings).decode().rstrip("\n")

    def rows(self, sql, settings=None):
        """The answer as dictionaries."""
        body = self.query(sql, {"default_format": "JSONEachRow", "output_format_json_quote_64bit_integers": 0, **(settings or {})})
        return [json.loads(line) for line in body.splitlines()]

    def insert(self, table, rows):
        """Adds dictionaries."""
        self.query(f"INSERT INTO {table} FORMAT JSONEachRow", data="\n".join(map(json.dumps, rows)).encode())

    def running(self, query_id):
        """What system.processes knows of a query: a dictionary, or None when it does not run."""
        rows = self.rows("SELECT query_id, query, elapsed, read_rows, read_bytes, total_rows_approx FROM system.processes "
                         f"WHERE query_id = '{query_id}'")
        return rows[0] if rows else None

    def kill(self, query_id):
        return self.text(f"KILL QUERY WHERE query_id = '{query_id}'")


class ClickHouseServer(ClickHouse):
    """Debian's clickhouse-server: the oldest that is still about."""

    version = "18.16.1"

    def __init__(self, binary, folder):
        super().__init__(folder)
        (self.folder / "config.xml").write_text(self._config())
        (self.folder / "users.xml").write_text(self._users())
        self.start([binary, f"--config-file={self.folder}/config.xml"])

    def _config(self):
        folder = escape(str(self.folder))
        paths = "".join(f"<{name}>{folder}/{name}/</{name}>"
                        for name in ("path", "tmp_path", "user_files_path", "format_schema_path"))
        return (f"<yandex>{paths}<logger><level>information</level><console>1</console></logger>"
                f"<http_port>{self.port}</http_port><tcp_port>{free_port()}</tcp_port><listen_host>127.0.0.1</listen_host>"
                f"<interserver_http_host>127.0.0.1</interserver_http_host><users_config>{folder}/users.xml</users_config>"
                "<default_profile>default</default_profile><default_database>default</default_database>"
                "<mark_cache_size>67108864</mark_cache_size><keep_alive_timeout>10</keep_alive_timeout>"
                "<max_concurrent_queries>100</max_concurrent_queries><timezone>UTC</timezone></yandex>")

    def _users(self):
        users = "".join(
            f"<{name}><password>{password}</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile>"
            f"<quota>default</quota></{name}>" for name, password in (("default", ""), (self.user, self.password)))
        return f"<yandex><profiles><default/></profiles><quotas><default/></quotas><users>{users}</users></yandex>"


class ChdbServer(ClickHouse):
    """The current engine, from Python's registry, as a process that answers like a server of its version."""

    version = "26.9.2.1"

    def __init__(self, folder):
        super().__init__(folder)
        door = pathlib.Path(__file__).with_name("chdb_door.py")
        self.start([sys.executable, door, "--port", self.port, "--data-dir", self.folder / "data", "--user", self.user],
                   seconds=60, env={"CHDB_DOOR_PASSWORD": self.password})

    @staticmethod
    def problem():
        """Why there is none; None when there is."""
        tried = subprocess.run([sys.executable, "-c", "import importlib.util as u; raise SystemExit(not u.find_spec('chdb'))"],
                               capture_output=True)
        return "no chdb: PyPI gave no packages" if tried.returncode else None
