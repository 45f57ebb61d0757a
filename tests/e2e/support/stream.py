"""One file of many gigabytes, sent to a store that discards it: what it takes and what arrives."""
import dataclasses
import re
import threading
import time

from support import sanitizers
from support.discard_store import LEAST_PART, MOST_PART, MOST_PARTS, DiscardStore
from support.sluice import Sluice

MEMORY_LIMIT = 256 * 2**20
TEXT = 64 * 1024  # Of each row. A constant of the statement, so that SQLite makes it only once.
HEADER = b"i,note\n"


@dataclasses.dataclass
class Streamed:
    """What a stream took, in bytes and seconds."""
    expected: int
    stored: int
    received: int
    parts: list
    memory: int
    seconds: float
    memory_limit: float = MEMORY_LIMIT

    def problem(self):
        """What of it is against S3's rules or Sluice's limits; empty if nothing is."""
        if self.stored != self.expected:
            return f"the object has {self.stored} bytes, not {self.expected}"
        if not 1 < len(self.parts) <= MOST_PARTS:
            return f"{len(self.parts)} parts"
        if not all(LEAST_PART <= size <= MOST_PART for size in self.parts[:-1]):
            return f"parts of {min(self.parts[:-1])} to {max(self.parts[:-1])} bytes"
        if not 0 < self.memory < self.memory_limit:
            return f"{self.memory / 2**20:.0f} MiB of memory, the limit is {MEMORY_LIMIT >> 20}"
        return ""

    def __str__(self):
        return (f"{self.stored:,} bytes stored, {self.received:,} received, {len(self.parts)} parts of "
                f"{min(self.parts) / 2**20:.1f} to {max(self.parts) / 2**20:.1f} MiB, "
                f"at most {self.memory / 2**20:.0f} MiB of anonymous memory, {self.seconds:.1f} s, "
                f"{self.stored / self.seconds / 1e6:.0f} MB/s")


class MemoryWatch:
    """The highest RssAnon of a process while the block runs, looked at a hundred times a second."""

    def __init__(self, pid):
        self.highest = 0
        self._status = f"/proc/{pid}/status"
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()

    def _watch(self):
        while not self._ended.wait(0.01):
            with open(self._status, encoding="ascii") as status:
                kilobytes = re.search(r"RssAnon:\s*(\d+) kB", status.read())
            self.highest = max(self.highest, int(kilobytes[1]) * 1024)


def rows_for(size):
    """How many rows make a CSV of at least so many bytes."""
    return size // TEXT + 1


def csv_bytes(rows):
    """The size of the file: header, the numbers from 1 on with a comma, text, line end."""
    digits = sum(rows - 10**length + 1 for length in range(len(str(rows))))
    return len(HEADER) + digits + rows * (TEXT + 2)


def stream(binary, folder, size, seconds=3600):
    """Exports about `size` bytes of CSV; returns a Streamed."""
    rows = rows_for(size)
    sluice = Sluice(binary, folder, args=["--log-level", "warn", "--memory-limit", MEMORY_LIMIT >> 20])
    with DiscardStore() as store:
        try:
            sluice.start()
            sluice.make_s3(store)
            sluice.make_pipe("long", f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) "
                                     f"SELECT i, hex(zeroblob({TEXT // 2})) AS note FROM n")
            sluice.make_sink("long", connection="lake", path="s3://sink/", file_template="long")
            with MemoryWatch(sluice.process.pid) as watch:
                begin = time.monotonic()
                job = sluice.wait(sluice.run("long"), seconds=seconds)
                took = time.monotonic() - begin
        finally:
            sluice.end()
        assert job["statistics"]["row_count"] == rows, job
        assert list(store.objects) == ["long.csv"] and not store.uploads, (store.objects, store.uploads)
        stored = store.objects["long.csv"]
        return Streamed(csv_bytes(rows), stored.size, store.bytes, stored.parts, watch.highest, took,
                        sanitizers.memory_limit(binary, MEMORY_LIMIT))
