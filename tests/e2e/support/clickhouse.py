r"""The two ClickHouses of the test run, spoken to over HTTP: Debian's server of 18.16, and the current engine (chdb,
26.9) behind an HTTP interface of our own (chdb_door.py), which does what public documents and the sources say of a
server of that version. test_clickhouse_counterparts.py holds both to what follows.

                          18.16                                     26.9
Answers                   chunked; of ClickHouse's own headers      also X-ClickHouse-Summary, -Query-Id, -Format,
                          X-ClickHouse-Server-Display-Name only     -Timezone, -Exception-Tag
Native                    no block info; nothing at all where there are no rows; LowCardinality stays what it is,
                          whatever low_cardinality_allow_in_native_format says
RowBinaryWithNamesAndTypes  unknown: 404, code 73                   its header also where there are no rows
An error's text           "Code: 62, e.displayText() =              "Code: 62. DB::Exception: WHAT. (SYNTAX_ERROR)
                          DB::Exception: WHAT, e.what() =           (version 26.9.2.1)\n"; a release adds
                          DB::Exception\n"                         "(official build)" after the number
Sent                      after about 1 MB, or at the end            block by block
                          with wait_end_of_query=1 at the end, with buffer_size=N after more than N bytes
... before the first byte  a status and the text, chunked
    status                400: 62. 404: 46 47 60 73 81 115.         the same; 403: 516 for user and password; 408: 159;
                          401 and WWW-Authenticate: 192 (user),     and X-ClickHouse-Exception-Code
                          193 (password). 500: all others
... in the middle         the text right after the last block, and  \r\n__exception__\r\nTAG\r\nTEXT LENGTH TAG\r\n
                          the answer ends well ("0\r\n\r\n"), the  __exception__\r\n, and the connection ends without
                          connection stays                          the last chunk. TEXT ends with its \n, which LENGTH
                                                                    counts; TAG is X-ClickHouse-Exception-Tag
                                                                    (24.11 to 25.10: no TAG. Before: as 18.16)
KILL QUERY                one line "waiting ID USER SQL" (SYNC: "finished"), an empty answer where there is none; goes
                          with readonly=2. Its victim has code 394, as any error before the first byte or in the middle
The client goes           a query ends when it next writes          ... or with the setting
                                                                    cancel_http_readonly_queries_on_client_close=1
The client waits          the query, too; after http_send_timeout seconds it ends
                          (1800 s, and not by the URL)              (30 s)
An id that is taken       500, code 216; with replace_running_query=1 the other one ends with 394
Progress in headers       never: Debian's build can't               X-ClickHouse-Progress until the body begins; after
                                                                    one of them an error is a 200 with the header
                                                                    X-ClickHouse-Exception-Code and the block above
... in system.processes   read_rows, read_bytes, total_rows_approx, elapsed by query_id
Settings                  in the URL; readonly=1 or 2 may stand among others, in any order. GET is readonly=2 by itself
    unknown               404, code 115: cancel_http_readonly_...,  404, code 115
                          session_timezone, log_comment, param_...,
                          output_format_native_write_json_as_string
readonly=2                500, code 164 for CREATE, DROP, INSERT    the same, but INSERT INTO FUNCTION is let through
DESCRIBE TABLE (SELECT)   5 columns; computes constants             7 columns
EXPLAIN, WITH a AS (...)  code 62                                   known
Two statements            400, code 62; a semicolon at the end is fine
"""
import contextlib
import importlib.util
import json
import os
import pathlib
import secrets
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

    def stream(self, sql, settings=None):
        """(answer, bytes of its body, whether it ended as HTTP says), also where it broke off."""
        with self.raw(sql, settings) as answer:
            return (answer, *read_to_end(answer.iter_content(2**16)))

    def text(self, sql, settings=None):
        """The answer as tab separated values."""
        return self.query(sql, settings).decode().rstrip("\n")

    def rows(self, sql, settings=None):
        """The answer as dictionaries."""
        as_json = {"default_format": "JSONEachRow", "output_format_json_quote_64bit_integers": 0}
        body = self.query(sql, {**as_json, **(settings or {})})
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


def read_to_end(pieces):
    """The bytes of the rest of a body, and whether it ended as HTTP says."""
    body = bytearray()
    try:
        for piece in pieces:
            body += piece
    except (requests.exceptions.ChunkedEncodingError, requests.ConnectionError):
        return bytes(body), False
    return bytes(body), True


class ClickHouseServer(ClickHouse):
    """Debian's clickhouse-server: the oldest that is still about."""

    version = "18.16.1"

    def __init__(self, binary, folder):
        super().__init__(folder)
        (self.folder / "config.xml").write_text(self._config())
        (self.folder / "users.xml").write_text(self._users())
        self.binary = binary
        self.command = [binary, f"--config-file={self.folder}/config.xml"]
        self.start(self.command)

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
            f"<{name}><password>{password}</password><networks><ip>127.0.0.1</ip></networks><profile>{profile}</profile>"
            f"<quota>default</quota></{name}>" for name, password, profile in (
                ("default", "", "default"), (self.user, self.password, "default"), ("reader", self.password, "reader")))
        return f"<yandex><profiles><default/><reader><readonly>1</readonly></reader></profiles><quotas><default/></quotas><users>{users}</users></yandex>"


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
        return None if importlib.util.find_spec("chdb") else "no chdb: Python's registry gave no packages"
