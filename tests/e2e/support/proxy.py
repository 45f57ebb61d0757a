"""A proxy between Sluice and the S3 server that misbehaves as it is told.

    proxy.fault("part", stall(after=100_000), skip=1, times=2)

lets the first UploadPart through and stalls the second and third in the middle of their bodies. The
kinds of request: create, part, complete, abort (multipart uploads); put, get, head, list, other.
Host is passed on unchanged, so the server still checks the signature that Sluice made.
"""
import dataclasses
import hashlib
import re
import socket
import socketserver
import struct
import threading
import time
import urllib.parse


@dataclasses.dataclass
class Request:
    head: bytes
    method: str
    target: str
    length: int
    body: bytes = b""

    @property
    def kind(self):
        path, _, query = self.target.partition("?")
        names = urllib.parse.parse_qs(query, keep_blank_values=True)
        if "uploads" in names:
            return "create" if self.method == "POST" else "uploads"
        if "uploadId" in names:
            return {"PUT": "part", "POST": "complete", "DELETE": "abort"}.get(self.method, "parts")
        if self.method == "GET":
            return "get" if path.strip("/").count("/") else "list"
        return self.method.lower()

    @property
    def key(self):
        """Path without the bucket, decoded."""
        return urllib.parse.unquote(self.target.partition("?")[0]).split("/", 2)[-1]


# What a fault does: action(connection, request) is called with the request's head read and its body
# not. It returns True where the request still is to be forwarded.

def stall(after=0):
    """Reads so many bytes of the body, then neither reads nor answers any more."""
    def action(connection, request):
        connection.read(min(after, request.length))
        connection.proxy.closing.wait()
        return False
    return action


def reset(after=0):
    """Reads so many bytes of the body, then resets the connection."""
    def action(connection, request):
        connection.read(min(after, request.length))
        connection.reset()
        return False
    return action


def answer(status, code="", message="made by the proxy", headers=()):
    """Takes the whole request and answers it without the server."""
    def action(connection, request):
        connection.read(request.length)
        body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
        if request.method == "HEAD":
            body = ""
        lines = [f"HTTP/1.1 {status} Said By Proxy", f"Content-Length: {len(body)}",
                 "Content-Type: application/xml", *headers]
        connection.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body.encode())
        return False
    return action


def lose_answer():
    """The server does what was asked; its answer gets lost."""
    def action(connection, request):
        request.body = connection.read(request.length)
        connection.ask_server(request)
        connection.reset()
        return False
    return action


def change_answer(change):
    """The server does what was asked; its answer arrives as change(bytes) makes it."""
    def action(connection, request):
        request.body = connection.read(request.length)
        connection.send(change(connection.ask_server(request)))
        return False
    return action


def swallow():
    """The store confirms the bytes that it was sent, and does not have them."""
    def action(connection, request):
        body = connection.read(request.length)
        etag = hashlib.md5(body).hexdigest()
        connection.send(f'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nETag: "{etag}"\r\n\r\n'.encode())
        return False
    return action


def for_seconds(seconds, action):
    """`action` from its first request on for so long; afterwards requests are passed on."""
    began = []

    def timed(connection, request):
        began.append(time.monotonic())
        return action(connection, request) if began[-1] < began[0] + seconds else True
    return timed


def call(function, forward=True):
    """Calls function(request), for example to kill the client at that moment; then goes on or drops
    the request."""
    def action(connection, request):
        function(request)
        return forward
    return action


@dataclasses.dataclass
class Fault:
    kind: str
    action: object
    skip: int
    times: int
    key: str
    hits: int = 0


class FaultProxy:
    def __init__(self, endpoint):
        upstream = urllib.parse.urlsplit(endpoint)
        self.upstream = (upstream.hostname, upstream.port)
        self.closing = threading.Event()
        self.seen = []
        self._faults = []
        self._lock = threading.Lock()
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                Connection(outer, self.request).serve()

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False
            allow_reuse_address = True
            request_queue_size = 128

        self._server = Server(("127.0.0.1", 0), Handler)
        self.endpoint = "http://127.0.0.1:%d" % self._server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def fault(self, kind, action, skip=0, times=1, key=""):
        """Applies `action` to `times` requests of that kind (and key pattern), after `skip` of them."""
        fault = Fault(kind, action, skip, times, key)
        with self._lock:
            self._faults.append(fault)
        return fault

    def calm(self):
        """From now on it only passes on."""
        with self._lock:
            self._faults.clear()

    def count(self, kind):
        with self._lock:
            return sum(request.kind == kind for request in self.seen)

    def take(self, request):
        with self._lock:
            self.seen.append(request)
            for fault in self._faults:
                if fault.kind not in (request.kind, "any") or not re.search(fault.key, request.key):
                    continue
                fault.hits += 1
                if fault.skip < fault.hits <= fault.skip + fault.times:
                    return fault.action
        return None


class Connection:
    """One client connection; requests one after the other."""

    def __init__(self, proxy, stream):
        self.proxy = proxy
        self.stream = stream
        self.pending = b""

    def serve(self):
        try:
            while not self.proxy.closing.is_set() and self._serve_one():
                pass
        except OSError:
            pass  # The client or the server went away: what the tests are about.

    def _serve_one(self):
        request = self._read_head()
        if request is None:
            return False
        action = self.proxy.take(request)
        if action is not None and not action(self, request):
            return False
        request.body = self.read(request.length)
        self.send(self.ask_server(request))
        return False

    def _read_head(self):
        while b"\r\n\r\n" not in self.pending:
            more = self.stream.recv(65536)
            if not more:
                return None
            self.pending += more
        head, self.pending = self.pending.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        assert "transfer-encoding" not in fields, "the proxy does not read chunked bodies"
        if fields.get("expect", "").lower() == "100-continue":
            self.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        kept = [line for line in lines[1:] if line.partition(":")[0].lower() not in ("expect", "connection")]
        head = "\r\n".join([lines[0], *kept, "Connection: close"]).encode("latin-1") + b"\r\n\r\n"
        return Request(head, method, target, int(fields.get("content-length", 0)))

    def read(self, count):
        """So many bytes of the body; fewer where the client went away."""
        while len(self.pending) < count:
            more = self.stream.recv(1 << 20)
            if not more:
                break
            self.pending += more
        taken, self.pending = self.pending[:count], self.pending[count:]
        return taken

    def ask_server(self, request):
        if len(request.body) < request.length:
            raise ConnectionError("the client left in the middle of its body")
        with socket.create_connection(self.proxy.upstream) as server:
            server.sendall(request.head + request.body)
            parts = []
            while part := server.recv(1 << 20):
                parts.append(part)
        return b"".join(parts)

    def send(self, data):
        self.stream.sendall(data)

    def reset(self):
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.stream.close()
