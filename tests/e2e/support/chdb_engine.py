"""ClickHouse's current engine in this process (chdb), asked the way a ClickHouse server is asked.

Each query gets an engine session of its own, since settings can't be taken back in one. Sessions run beside
each other, so that KILL QUERY and system.processes work while others stream. The engine gives queries ids of
its own; the ones that clients chose travel in log_comment.
"""
import re
import threading
import time
import uuid

from chdb.session import Session

# chdb makes a whole file of every chunk that it streams. Those of these formats are the same file when they
# are put together, some once the header is cut from all but the first; everything else is made in memory.
_PLAIN = {"Native", "RowBinary", "JSONEachRow", "JSONLines", "NDJSON", "TabSeparated", "TSV", "TabSeparatedRaw", "TSVRaw",
          "CSV", "JSONCompactEachRow", "JSONStringsEachRow", "Values", "LineAsString"}
_HEADER_LINES = {"TabSeparatedWithNames": 1, "TSVWithNames": 1, "CSVWithNames": 1, "JSONCompactEachRowWithNames": 1,
                 "TabSeparatedWithNamesAndTypes": 2, "TSVWithNamesAndTypes": 2, "CSVWithNamesAndTypes": 2,
                 "JSONCompactEachRowWithNamesAndTypes": 2}
_BINARY_HEADER = {"RowBinaryWithNames": 1, "RowBinaryWithNamesAndTypes": 2}

_FORMAT = re.compile(r"\bFORMAT\s+(\w+)\s*(?:SETTINGS\b.*)?;?\s*$", re.IGNORECASE | re.DOTALL)
_INSERT = re.compile(rb"\s*INSERT\s+INTO\s", re.IGNORECASE)
_INSERT_OF_DATA = re.compile(rb"(\s*INSERT\s+INTO\s(?:(?!\bSELECT\b|\bVALUES\b).)*?)\sFORMAT\s+(\w+)(?:\s|$)",
                             re.IGNORECASE | re.DOTALL)
_KILL = re.compile(r"\s*KILL\s+QUERY\s+WHERE\s+(.*?)(\s+(?:SYNC|ASYNC|TEST))?\s*(?:FORMAT\s+\w+\s*)?;?\s*$",
                   re.IGNORECASE | re.DOTALL)
_ERROR = re.compile(r"Code: (\d+)\. DB::Exception: ")

_TAG = "door:"
_PROCESSES = (f"(SELECT p.query_id AS engine_id, p.* EXCEPT query_id, if(startsWith(p.Settings['log_comment'], '{_TAG}'), "
              f"substring(p.Settings['log_comment'], {len(_TAG) + 1}), p.query_id) AS query_id FROM system.processes AS p)")


class Refusal(Exception):
    """An error with ClickHouse's code; the text is what a server sends."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code
        self.text = text


def quote(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


class Engine:
    def __init__(self, folder):
        self.folder = str(folder)
        self._keeper = Session(self.folder)  # While one session is open, the others open in microseconds.
        self.version = self.value("SELECT version()")
        self.name = self.value("SELECT hostName()")
        self.timezone = self.value("SELECT serverTimezone()")
        self._running = {}  # {query id: an event that is set when it has ended}
        self._lock = threading.Lock()

    def refusal(self, code, sentence, name):
        return Refusal(code, f"Code: {code}. DB::Exception: {sentence} ({name}) (version {self.version})\n")

    def as_refusal(self, error):
        """chdb wraps ClickHouse's text in sentences of its own, and leaves out the version."""
        text = str(error)
        begin = _ERROR.search(text)
        if not begin:
            return self.refusal(1001, f"{type(error).__name__}: {text}.", "STD_EXCEPTION")
        text = re.sub(r": In scope SELECT formatQuery\(.*\)\. \(", " (", text[begin.start():].rstrip(), flags=re.DOTALL)
        if not re.search(r"\(version [^()]*(\([^()]*\))?\)$", text):
            text += f" (version {self.version})"
        return Refusal(int(begin[1]), text + "\n")

    def value(self, sql):
        return self._ask(sql).decode().rstrip("\n")

    def _ask(self, sql, fmt="TSV"):
        """In a session of its own: one session does one thing at a time."""
        with Session(self.folder) as session:
            return session.query(sql, fmt).bytes()

    def progress(self, query_id):
        """How far a running query is, named as in X-ClickHouse-Progress; None when it does not run."""
        line = self.value(
            "SELECT read_rows, read_bytes, total_rows_approx, toUInt64(elapsed * 1e9), greatest(memory_usage, 0) FROM "
            f"system.processes WHERE Settings['log_comment'] = {quote(_TAG + query_id)} LIMIT 1")
        names = ("read_rows", "read_bytes", "total_rows_to_read", "elapsed_ns", "memory_usage")
        return dict(zip(names, line.split("\t"))) if line else None

    def kill(self, condition, mode="ASYNC"):
        """[(id, user, sql)] of the running queries that it was asked of, each escaped as in a literal."""
        found = self.value(f"SELECT engine_id, query_id, user, query FROM {_PROCESSES} WHERE ({condition}) "
                           "AND Settings['log_comment'] != ''")
        victims = [line.split("\t") for line in found.splitlines()]
        if victims:
            self._ask(f"KILL QUERY WHERE query_id IN ({', '.join(quote(victim[0]) for victim in victims)}) {mode}")
        return [victim[1:] for victim in victims]

    def enter(self, query_id, replace):
        """One query of an id at a time; `replace` ends the one that runs."""
        ended = threading.Event()
        while True:
            with self._lock:
                other = self._running.setdefault(query_id, ended)
            if other is ended:
                return
            if not replace:
                raise self._taken(query_id, "is already running.")
            self.kill(f"query_id = {quote(query_id)}")
            if not other.wait(10):
                raise self._taken(query_id, "is already running and can't be stopped.")

    def _taken(self, query_id, what):
        return self.refusal(216, f"Query with id = {query_id} {what}", "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING")

    def leave(self, query_id):
        with self._lock:
            self._running.pop(query_id).set()


class Query:
    """One query: settings are strings by their names, `statement` the bytes of the SQL and of data behind it."""

    def __init__(self, engine, statement, default_format, settings, query_id=None):
        self.engine = engine
        self.statement = statement
        self.settings = dict(settings)
        self.query_id = query_id or str(uuid.uuid4())
        self.written_rows = 0
        self.began = time.monotonic()
        named = _FORMAT.search(statement.decode(errors="replace"))
        self.format = named[1] if named and not _INSERT.match(statement) else default_format

    def chunks(self):
        """Runs it and gives the answer's bytes; closing the generator ends the query."""
        engine = self.engine
        engine.enter(self.query_id, self.settings.get("replace_running_query", "0") not in ("0", "false"))
        session = None
        try:
            session = Session(engine.folder)
            self._apply_settings(session)
            yield from self._run(session)
        except Refusal:
            raise
        except Exception as error:
            raise engine.as_refusal(error) from error
        finally:
            if session is not None:
                session.close()
            engine.leave(self.query_id)

    def _apply_settings(self, session):
        """In one statement, so that `readonly` among them does not forbid the others: a server does so, too."""
        # chdb takes `1` for `SELECT 1`; a server does not.
        settings = {"implicit_select": "0", **self.settings, "log_comment": _TAG + self.query_id}
        assignments = [f"{name} = {quote(value)}" for name, value in settings.items() if re.fullmatch(r"\w+", name)]
        if len(assignments) < len(settings):
            raise self.engine.refusal(115, "Unknown setting.", "UNKNOWN_SETTING")
        session.query("SET " + ", ".join(assignments))

    def _run(self, session):
        data = _INSERT_OF_DATA.match(self.statement)
        if data:
            yield from self._insert(session, data[1].decode(), data[2].decode(), self.statement[data.end():])
            return
        sql = self.statement.decode()
        if ";" in sql.rstrip().rstrip(";") and not _INSERT.match(self.statement):
            session.query(f"SELECT formatQuery({quote(sql)})")  # Refuses several statements, which chdb takes.
        if re.search(r"\bINTO\s+OUTFILE\b", sql, re.IGNORECASE):
            raise self.engine.refusal(358, "INTO OUTFILE is not allowed.", "INTO_OUTFILE_NOT_ALLOWED")
        kill = _KILL.match(sql)
        if kill:
            yield from self._kill(session, kill[1], (kill[2] or "ASYNC").strip().upper())
            return
        yield from self._read(session, re.sub(r"\bsystem\.processes\b", lambda _: _PROCESSES, sql, flags=re.IGNORECASE))

    def _insert(self, session, sql, fmt, data):
        inserter = session.send_insert(sql, fmt)
        for begin in range(0, len(data), 2**20):
            inserter.append(data[begin:begin + 2**20])
        self.written_rows = inserter.finish().rows_written
        yield b""

    def _kill(self, session, condition, mode):
        victims = self.engine.kill(condition, mode)
        status = "finished" if mode == "SYNC" else "waiting"
        rows = ", ".join(f"('{status}', '{query_id}', '{user}', '{sql}')" for query_id, user, sql in victims)
        if rows:
            yield session.query("SELECT * FROM values('kill_status String, query_id String, user String, query String', "
                                f"{rows})", self.format).bytes()

    def _read(self, session, sql):
        if self.format not in _PLAIN and self.format not in _HEADER_LINES and self.format not in _BINARY_HEADER:
            yield session.query(sql, self.format).bytes()
            return
        try:
            stream = session.send_query(sql, self.format)
        except Exception as error:
            if "Streaming query is not supported" not in str(error):
                raise
            yield session.query(sql, self.format).bytes()  # DESCRIBE, EXPLAIN, CREATE, ...
            return
        first = True
        try:
            for chunk in stream:
                data = chunk.bytes()
                yield data if first else self._without_header(data)
                first = False
        finally:
            stream.cancel()
        if first and self.format not in _PLAIN:
            yield session.query(sql, self.format).bytes()  # No rows, but a header.

    def _without_header(self, data):
        if self.format in _HEADER_LINES:
            return data.split(b"\n", _HEADER_LINES[self.format])[-1]
        if self.format in _BINARY_HEADER:
            return data[_binary_header(data, _BINARY_HEADER[self.format]):]
        return data


def _binary_header(data, strings):
    """The size of RowBinary's header: the number of columns and so many strings for each."""
    columns, at = _varint(data, 0)
    for _ in range(columns * strings):
        size, at = _varint(data, at)
        at += size
    return at


def _varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        at += 1
        if data[at - 1] < 0x80:
            return value, at
        shift += 7
