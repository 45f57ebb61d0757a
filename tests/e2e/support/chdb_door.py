#!/usr/bin/env python3
r"""ClickHouse's HTTP interface before chdb: a stand-in for a server of the current version.

    chdb_door.py --port PORT --data-dir FOLDER [--user NAME]      (the password: $CHDB_DOOR_PASSWORD)

It knows GET /ping, and queries by POST and GET: `query=` and the body together are the statement. Parameters
that the interface does not keep to itself are settings. Like a server it sends each block as it comes (but for
wait_end_of_query and buffer_size): an error before the first one has a status of its own. One after that is told
as servers since 25.11 do (https://clickhouse.com/docs/interfaces/http, "HTTP response codes caveats"): the body
ends with

    \r\n__exception__\r\n<tag>\r\n<message>\n<bytes of the message and its \n> <tag>\r\n__exception__\r\n

with the tag of the header X-ClickHouse-Exception-Tag, and the connection closes without the last chunk, so
that no HTTP client takes the answer for a whole one.

What it lacks: HTTP sessions, compression, external tables, `client_protocol_version`; bodies of INSERTs are held in
memory. All users are the engine's `default` inside.
"""
import argparse
import base64
import concurrent.futures
import contextlib
import email.utils
import json
import os
import pathlib
import random
import select
import socket
import string
import sys
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Not this folder: its names are too common (`process`, `parquet`) to be found before all others.
sys.path[0] = str(pathlib.Path(__file__).resolve().parents[1])

from support.chdb_engine import Engine, Query, Refusal  # noqa: E402

KEPT = {"query", "query_id", "user", "password", "default_format", "wait_end_of_query", "buffer_size", "quota_key",
        "stacktrace", "compress", "decompress", "role"}
NOT_HERE = {"session_id", "session_timeout", "session_check", "close_session", "client_protocol_version"}
TYPES = {"JSON": "application/json; charset=UTF-8", "JSONEachRow": "application/x-ndjson; charset=UTF-8",
         "TabSeparated": "text/tab-separated-values; charset=UTF-8", "TSV": "text/tab-separated-values; charset=UTF-8",
         "CSV": "text/csv; charset=UTF-8; header=absent", "CSVWithNames": "text/csv; charset=UTF-8; header=present",
         "Native": "application/octet-stream", "RowBinary": "application/octet-stream",
         "RowBinaryWithNamesAndTypes": "application/octet-stream", "Parquet": "application/octet-stream"}
# ClickHouse's src/Server/HTTP/exceptionCodeToHTTPStatus.cpp.
STATUS = {
    401: [194], 403: [192, 193, 497, 512, 516],
    400: [6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 427, 441, 675, 676],
    404: [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511],
    408: [159], 411: [381], 413: [229], 415: [779], 501: [48], 503: [76, 209, 439]}
REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 408: "Request Timeout",
           411: "Length Required", 413: "Request Entity Too Large", 415: "Unsupported Media Type",
           500: "Internal Server Error", 501: "Not Implemented", 503: "Service Unavailable"}


def status_of(code):
    return next((status for status, codes in STATUS.items() if code in codes), 500)


def is_on(value):
    return value not in ("", "0", "false")


def held_back(parameters):
    """How many bytes of an answer must be there before the first one is sent."""
    if any(is_on(parameters.get(name, "0")) for name in ("wait_end_of_query", "http_wait_end_of_query")):
        return float("inf")
    return int(parameters.get("http_response_buffer_size") or parameters.get("buffer_size") or 0)


class Answer:
    """What one request gets, held back until it is certain or too large."""

    def __init__(self, door, send, query_id, fmt, held_back):
        self._door = door
        self._send = send
        self._query_id = query_id
        self._format = fmt
        self._held_back = held_back
        self._held = bytearray()
        self._tag = "".join(random.choices(string.ascii_lowercase, k=16))
        self._status_sent = self.begun = False
        self._told_at = time.monotonic()
        self.summary = summary(0, 0)

    def write(self, data):
        self._held += data
        if self._held and (self.begun or len(self._held) > self._held_back):
            self._flush()

    def end(self):
        self._flush()
        self._send(b"0\r\n\r\n")

    def wants_progress(self, interval):
        return not self.begun and time.monotonic() - self._told_at >= interval

    def progress(self, numbers):
        """A header line each time, after which the status can't be changed any more."""
        self._told_at = time.monotonic()
        if numbers:
            self._begin_status(200)
            self._send(f"X-ClickHouse-Progress: {json.dumps(numbers, separators=(',', ':'))}\r\n".encode())

    def fail(self, refusal):
        """Returns whether the connection can go on."""
        text = refusal.text.encode()
        if not self._status_sent:
            self._held[:] = text
            self._begin(status_of(refusal.code), refusal.code)
            self.end()
            return True
        if not self.begun:
            self._held.clear()
            self._begin(200, refusal.code)
        self._flush()
        tag = self._tag.encode()
        self._chunk(b"\r\n__exception__\r\n%b\r\n%b%d %b\r\n__exception__\r\n" % (tag, text, len(text), tag))
        return False

    def _flush(self):
        self._begin(200)
        if self._held:
            self._chunk(self._held)
            self._held.clear()

    def _chunk(self, data):
        self._send(b"%x\r\n" % len(data))
        self._send(data)
        self._send(b"\r\n")

    def _begin_status(self, status):
        if not self._status_sent:
            self._status_sent = True
            self._send(f"HTTP/1.1 {status} {REASONS[status]}\r\n".encode())

    def _begin(self, status, code=None):
        if self.begun:
            return
        self._begin_status(status)
        self.begun = True
        kind = "text/plain; charset=UTF-8" if code else TYPES.get(self._format, "text/plain; charset=UTF-8")
        lines = [f"X-ClickHouse-Summary: {json.dumps(self.summary, separators=(',', ':'))}"]
        lines += [f"X-ClickHouse-Exception-Code: {code}"] if code else []
        lines += [f"Date: {email.utils.formatdate(usegmt=True)}", "Connection: Keep-Alive", f"Content-Type: {kind}",
                  f"X-ClickHouse-Server-Display-Name: {self._door.engine.name}", "Transfer-Encoding: chunked",
                  f"X-ClickHouse-Query-Id: {self._query_id}", f"X-ClickHouse-Format: {self._format}",
                  f"X-ClickHouse-Timezone: {self._door.engine.timezone}", f"X-ClickHouse-Exception-Tag: {self._tag}",
                  "Keep-Alive: timeout=30, max=9999"]
        self._send(("\r\n".join(lines) + "\r\n\r\n").encode())


class Door(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, port, engine, users):
        super().__init__(("127.0.0.1", port), Handler)
        self.engine = engine
        self.users = users


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30  # As a server's keep_alive_timeout and http_send_timeout.
    wbufsize = 2**16

    def log_message(self, form, *values):
        """Errors only; every request would fill the log."""

    def do_GET(self):
        path = self.path.partition("?")[0]
        if path == "/ping" or self.path == "/":
            self._plain(200, "Ok.\n")
        else:
            self.do_POST()

    def do_POST(self):
        address = urllib.parse.urlsplit(self.path)
        body = self._body()
        if address.path != "/":
            self._plain(404, f"There is no handle {address.path}\n\nUse / or /ping for health checks.\n")
            return
        parameters = dict(urllib.parse.parse_qsl(address.query, keep_blank_values=True))
        statement = b"\n".join(part for part in (parameters.get("query", "").encode(), body) if part)
        query = Query(self.server.engine, statement, parameters.get("default_format") or "TabSeparated",
                      self._settings(parameters), parameters.get("query_id"))
        answer = Answer(self.server, self.wfile.write, query.query_id, query.format, held_back(parameters))
        try:
            self._check(parameters)
            self._stream(query, answer)
            answer.end()
        except Refusal as refusal:
            if not answer.fail(refusal):
                self.close_connection = True
        except OSError:
            self.close_connection = True  # The client went away.
        with contextlib.suppress(OSError):
            self.wfile.flush()

    def _settings(self, parameters):
        settings = {name: value for name, value in parameters.items() if name not in KEPT}
        if self.command == "GET":
            settings.setdefault("readonly", "2")
        return settings

    def _check(self, parameters):
        engine = self.server.engine
        user = self.headers.get("X-ClickHouse-User") or parameters.get("user") or "default"
        password = self.headers.get("X-ClickHouse-Key") or parameters.get("password") or ""
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "basic":
            user, _, password = base64.b64decode(token).decode().partition(":")
        if self.server.users.get(user) != password:
            raise engine.refusal(516, f"{user}: Authentication failed: password is incorrect, or there is no user with such "
                                      "name.", "AUTHENTICATION_FAILED")
        missing = NOT_HERE & parameters.keys() or {name for name in ("compress", "decompress")
                                                   if is_on(parameters.get(name, "0"))}
        if missing:
            raise engine.refusal(48, f"This stand-in does not know {', '.join(sorted(missing))}.", "NOT_IMPLEMENTED")

    def _stream(self, query, answer):
        """Takes chunks in a thread of their own: this one sends progress and sees the client go meanwhile."""
        settings = query.settings
        tells = is_on(settings.get("send_progress_in_http_headers", "0"))
        self.connection.settimeout(float(settings.get("http_send_timeout", self.timeout)))
        watches = is_on(settings.get("cancel_http_readonly_queries_on_client_close", "0"))
        interval = float(settings.get("http_headers_progress_interval_ms", "100") if tells else "100") / 1000
        chunks = query.chunks()
        with concurrent.futures.ThreadPoolExecutor(1) as reader:
            try:
                while True:
                    data = self._next(reader.submit(next, chunks, None), query, interval, answer if tells else None, watches)
                    answer.summary = summary(query.written_rows, time.monotonic() - query.began)
                    if data is None:
                        return
                    answer.write(data)
                    self.wfile.flush()
            finally:
                reader.submit(chunks.close).result()

    def _next(self, future, query, interval, told, watches):
        while True:
            if told and told.wants_progress(interval):
                told.progress(query.engine.progress(query.query_id))
                self.wfile.flush()
            with contextlib.suppress(concurrent.futures.TimeoutError):
                return future.result(min(interval, 0.1))
            if watches and self._client_is_gone():
                query.engine.kill(f"query_id = '{query.query_id}'")
                future.exception()
                raise ConnectionAbortedError

    def _client_is_gone(self):
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable) and self.connection.recv(1, socket.MSG_PEEK) == b""

    def _body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = bytearray()
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return bytes(body)

    def _plain(self, status, text):
        self.wfile.write(f"HTTP/1.1 {status} {REASONS[status]}\r\nDate: {email.utils.formatdate(usegmt=True)}\r\n"
                         "Connection: Keep-Alive\r\nContent-Type: text/html; charset=UTF-8\r\n"
                         f"Content-Length: {len(text)}\r\nKeep-Alive: timeout=30\r\n\r\n{text}".encode())
        self.wfile.flush()


def summary(written_rows, seconds):
    """As a server's, but what was read is not known here."""
    names = ("read_rows", "read_bytes", "written_rows", "written_bytes", "total_rows_to_read", "result_rows", "result_bytes")
    known = {"written_rows": str(written_rows), "result_rows": str(written_rows)}
    return {**dict.fromkeys(names, "0"), **known, "elapsed_ns": str(int(seconds * 1e9))}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--data-dir", required=True)
    options.add_argument("--user", default="sluice")
    given = options.parse_args()
    users = {"default": "", given.user: os.environ.get("CHDB_DOOR_PASSWORD", "")}
    Door(given.port, Engine(given.data_dir), users).serve_forever()


if __name__ == "__main__":
    main()
