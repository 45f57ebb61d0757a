"""An S3 store that counts what it is sent and forgets it: for streams larger than any disk.

It checks no signature; that the real S3 server does. It knows multipart uploads, PUT, HEAD and lists,
and is as strict as S3 about the parts that an upload is completed from.
"""
import dataclasses
import itertools
import re
import socket
import socketserver
import threading
import urllib.parse
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from support.s3 import Store

MOST_PARTS = 10_000
LEAST_PART, MOST_PART = 5 * 2**20, 5 * 2**30  # The last part may be smaller.


@dataclasses.dataclass
class Stored:
    """An object, of which only these are left."""
    size: int
    job: str
    parts: list  # The parts' sizes in order; empty after a PUT.

    @property
    def etag(self):
        """Not like an MD5, so that no client takes it for one."""
        return f'"discarded-{self.size}-{len(self.parts)}"'


class Refused(Exception):
    """What S3 answers with an error: its status and code."""


@dataclasses.dataclass
class Upload:
    key: str
    job: str
    parts: dict = dataclasses.field(default_factory=dict)  # {number: size}

    def completed(self, listed):
        """The object made of the parts [(number, ETag), ...]."""
        numbers = [number for number, _ in listed]
        if not listed or numbers != sorted(set(numbers)):
            raise Refused(400, "InvalidPartOrder")
        if any(self.parts.get(number) is None or etag != part_etag(number, self.parts[number])
               for number, etag in listed):
            raise Refused(400, "InvalidPart")
        sizes = [self.parts[number] for number in numbers]
        if any(size < LEAST_PART for size in sizes[:-1]):
            raise Refused(400, "EntityTooSmall")
        return Stored(sum(sizes), self.job, sizes)


def part_etag(number, size):
    return f'"part-{number}-{size}"'


class DiscardStore(Store):
    """The store, with `objects` {key: Stored} and `uploads` {id: Upload} to look at."""

    def __init__(self):
        self.objects = {}
        self.uploads = {}
        self.bytes = 0  # Of all bodies with data, also of parts that were sent again.
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                Connection(outer, self.request).serve()

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False

        self._server = Server(("127.0.0.1", 0), Handler)
        super().__init__("http://127.0.0.1:%d" % self._server.server_address[1], "discard", "discard")

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request):
        """(status, headers, body) for a request whose body was taken."""
        with self._lock:
            try:
                return self._answer(request)
            except Refused as refused:
                status, code = refused.args
                return status, [], f"<Error><Code>{code}</Code><Message>{code}</Message></Error>"

    def _answer(self, request):
        if not request.key:
            return self._list_uploads(request) if "uploads" in request.query else self._list_objects(request)
        if "uploads" in request.query:
            return self._create(request)
        if "uploadId" in request.query:
            return self._of_upload(request)
        if request.method == "PUT":
            return self._put(request)
        if request.method == "HEAD":
            return self._head(request)
        raise Refused(501, "NotImplemented")

    def _create(self, request):
        upload_id = f"upload-{next(self._ids)}"
        self.uploads[upload_id] = Upload(request.key, request.job)
        return 200, [], ("<InitiateMultipartUploadResult>"
                         f"<UploadId>{upload_id}</UploadId></InitiateMultipartUploadResult>")

    def _of_upload(self, request):
        upload_id = request.query["uploadId"]
        upload = self.uploads.get(upload_id)
        if upload is None or upload.key != request.key:
            raise Refused(404, "NoSuchUpload")
        if request.method == "DELETE":
            del self.uploads[upload_id]
            return 204, [], ""
        if request.method == "PUT":
            return self._part(request, upload)
        self._check_condition(request)
        self.objects[request.key] = stored = upload.completed(listed_parts(request.body))
        del self.uploads[upload_id]
        return 200, [], ("<CompleteMultipartUploadResult>"
                         f"<ETag>{escape(stored.etag)}</ETag></CompleteMultipartUploadResult>")

    def _part(self, request, upload):
        number = int(request.query["partNumber"])
        if not 1 <= number <= MOST_PARTS:
            raise Refused(400, "InvalidArgument")
        if request.length > MOST_PART:
            raise Refused(400, "EntityTooLarge")
        self.bytes += request.length
        upload.parts[number] = request.length
        return 200, [f"ETag: {part_etag(number, request.length)}"], ""

    def _put(self, request):
        self._check_condition(request)
        self.bytes += request.length
        self.objects[request.key] = stored = Stored(request.length, request.job, [])
        return 200, [f"ETag: {stored.etag}"], ""

    def _check_condition(self, request):
        if request.fields.get("if-none-match") == "*" and request.key in self.objects:
            raise Refused(412, "PreconditionFailed")

    def _head(self, request):
        stored = self.objects.get(request.key)
        if stored is None:
            raise Refused(404, "NoSuchKey")
        return 200, [f"ETag: {stored.etag}", f"x-amz-meta-sluice-job: {stored.job}"], stored.size

    def _list_objects(self, request):
        prefix = request.query.get("prefix", "")
        found = "".join(f"<Contents><Key>{escape(key)}</Key><Size>{stored.size}</Size></Contents>"
                        for key, stored in sorted(self.objects.items()) if key.startswith(prefix))
        return 200, [], f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>"

    def _list_uploads(self, request):
        prefix = request.query.get("prefix", "")
        found = "".join(f"<Upload><Key>{escape(upload.key)}</Key><UploadId>{upload_id}</UploadId></Upload>"
                        for upload_id, upload in self.uploads.items() if upload.key.startswith(prefix))
        return 200, [], ("<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>"
                         f"{found}</ListMultipartUploadsResult>")


def listed_parts(xml):
    """[(number, ETag), ...] of a CompleteMultipartUpload."""
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError:
        raise Refused(400, "MalformedXML") from None
    return [(int(part.findtext("{*}PartNumber")), part.findtext("{*}ETag")) for part in root.iterfind("{*}Part")]


class Request:
    def __init__(self, head):
        lines = head.decode("latin-1").split("\r\n")
        self.method, target, _ = lines[0].split(" ", 2)
        self.fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        self.length = int(self.fields.get("content-length", 0))
        self.job = self.fields.get("x-amz-meta-sluice-job", "")
        self.body = b""
        path, _, query = target.partition("?")
        self.key = urllib.parse.unquote(re.sub(r"^/[^/]*/?", "", path))
        self.query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))

    @property
    def is_data(self):
        return self.method == "PUT"


class Connection:
    """One client's requests, one after the other."""

    def __init__(self, store, stream):
        self.store = store
        self.stream = stream
        self.pending = b""
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def serve(self):
        try:
            while head := self._read_head():
                request = Request(head)
                if request.is_data:
                    self._discard(request.length)
                else:
                    request.body = self._read(request.length)
                self._send(*self.store.answer(request))
        except ConnectionError:
            pass  # The client left; what it had sent of its request counts for nothing.

    def _more(self):
        data = self.stream.recv(1 << 16)
        if not data:
            raise ConnectionError
        self.pending += data

    def _read_head(self):
        while b"\r\n\r\n" not in self.pending:
            self._more()
        head, _, self.pending = self.pending.partition(b"\r\n\r\n")
        return head

    def _read(self, length):
        while len(self.pending) < length:
            self._more()
        body, self.pending = self.pending[:length], self.pending[length:]
        return body

    def _discard(self, length):
        """MSG_TRUNC lets the kernel drop the bytes, so that they cost no copy."""
        dropped = min(length, len(self.pending))
        self.pending = self.pending[dropped:]
        room = bytearray(1 << 20)
        while dropped < length:
            count = self.stream.recv_into(room, min(len(room), length - dropped), socket.MSG_TRUNC)
            if not count:
                raise ConnectionError
            dropped += count

    def _send(self, status, headers, body):
        """For HEAD the body is a number: how long it would be."""
        size = body if isinstance(body, int) else len(body)
        lines = [f"HTTP/1.1 {status} Said By Discard Store", *headers]
        if status != 204:
            lines.append(f"Content-Length: {size}")
        text = "" if isinstance(body, int) else body
        self.stream.sendall(("\r\n".join(lines) + "\r\n\r\n" + text).encode())
