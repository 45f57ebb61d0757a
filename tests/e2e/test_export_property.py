"""For random tables, templates and options: all files together are the query's result, each row once,
in the file that its template says.

What is expected comes from Python's sqlite3 and support/naming.py, not from Sluice. A failure names
its seed; SLUICE_SEED=<that> makes the same tables and exports again.
"""
import collections
import contextlib
import dataclasses
import os
import random
import re
import sqlite3

import pytest

from support.naming import SPREAD, Date, Spread, Text, Value, extension_of, render, stem_of
from support.random_tables import make_table, quoted
from support.readback import VALUE_IN, read_file
from support.s3 import Bucket
from support.sluice import Sluice

pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed: PyPI could not be reached")

CASES = 48
STORE_EVERY = 6  # Every sixth export goes to the real S3 server.
LARGE_ROWS = 40_000  # Many batches and blocks.
CODECS = {"csv": ["none", "gz", "zst"], "ndjson": ["none", "gz", "zst"], "parquet": ["none", "gz", "zst", "snappy"]}
DATE_FORMATS = ["%Y-%m-%d", "%Y", "%Y%m", "%Y/%m/%d", "%H", "%F %T", "%G-W%V-%u", "%y%j", "%b %d %a",
                "%I%p", "Q%Q", "%i.%S", "%R%%", "%w"]
VARIABLES = {"zone": "eu/west", "run day": "2026-11-23 08:30:00", "empty": "", "tenant": "größe {1}"}


@dataclasses.dataclass
class Case:
    """One export: from which table, with which sink."""
    number: int
    seed: str
    table: object
    pieces: list
    options: dict
    sorted_by: str  # The column of ORDER BY, or nothing.
    again: bool     # It runs twice.

    @property
    def format(self):
        return self.options["format"]

    @property
    def extension(self):
        return extension_of(self.format, self.options["compression"])

    @property
    def spread(self):
        return next((piece for piece in self.pieces if isinstance(piece, Spread)), None)

    def limit(self, name):
        return int(self.options.get(name, 0))

    def sql(self, schema=""):
        names = ", ".join(quoted(column.name) for column in self.table.columns)
        order = f" ORDER BY {quoted(self.sorted_by)}, id DESC" if self.sorted_by else ""
        return f"SELECT {names} FROM {schema}{self.table.name}{order}"

    def written_columns(self):
        """Numbers of the columns that are in the files."""
        used = {piece.name for piece in self.pieces if isinstance(piece, (Value, Date))}
        drop = self.options.get("partition_columns") == "drop"
        return [i for i, column in enumerate(self.table.columns) if not (drop and column.name in used)]

    def __str__(self):
        declared = [f"{column.name!r} {column.declared}" for column in self.table.columns]
        return (f"SLUICE_SEED={self.seed}, case {self.number}: {len(self.table.rows)} rows of ({', '.join(declared)}), "
                f"template {render(self.pieces)!r}, {self.options}, {self.sql()}")


# Random exports.

def random_piece(random, columns):
    """A placeholder; columns of times are formatted now and then."""
    kind = random.random()
    if kind < 0.1:
        return Value(random.choice(list(VARIABLES)))
    if kind < 0.15:
        return Date("run day", random.choice(DATE_FORMATS))
    column = random.choice(columns)
    if column.is_time and random.random() < 0.7:
        return Date(column.name, random.choice(DATE_FORMATS))
    return Value(column.name)


def random_template(random, columns):
    """Folders (hive style or not), then a file name; {N} at most once."""
    static = random.random() < 0.1
    pieces = []
    for level in range(0 if static else random.randrange(0, 3)):
        lead = random.choice(["", "", f"c{level}=", "année ", "%41-"])
        pieces += [Text(lead), random_piece(random, columns), Text("/")]
    pieces.append(Text(random.choice(["", "part-", "all", "x=", "..."])))
    if not static:
        pieces.append(random.choice([Spread(random.choice([1, 2, 8, 10, 16, 100])), random_piece(random, columns),
                                     random_piece(random, columns), Text("file")]))
    pieces.append(Text(random.choice(["", "", "-end", ".csv", ".ndjson", ".parquet", ".csv.gz", ".gz"])))
    kept = [piece for piece in pieces if str(piece)]
    if kept and not str(kept[-1]).endswith(("/", "...")):
        return kept
    return [*kept, Text("all")]


def random_options(random, rows, wide):
    file_format = random.choice(list(CODECS))
    options = {"format": file_format, "compression": random.choice(CODECS[file_format]),
               "partition_columns": random.choice(["keep", "drop"])}
    if wide:
        options["max_file_size"] = str(random.choice([65536, 100_000, 300_000]))
    if random.random() < (0.2 if wide else 0.35):
        options["max_rows_per_file"] = str(random.choice([max(1, rows // 30), rows // 3 + 1, 100, rows + 1]))
    if file_format == "csv":
        options["csv_delimiter"] = random.choice([",", ",", ";", "|", "tab"])
        options["csv_null"] = random.choice(["", "\\N", "NULL"])
    return options


def make_case(number, seed):
    draw = random.Random(f"{seed}/{number}")
    to_store = number % STORE_EVERY == 0
    wide = number % 8 == 1
    rows = draw.choice([1, 2, 10, 40]) if to_store else draw.choice([0, 1, 30, 300, 300, 1500, 3000])
    rows = draw.randrange(2000, 6000) if wide else LARGE_ROWS if number % 16 == 3 else rows
    options = random_options(draw, rows, wide)
    table = make_table(draw, f"t{number}", rows, options["format"] != "parquet" and draw.random() < 0.5, wide)
    keys = table.columns[:[column.name for column in table.columns].index("free")]
    options["write_strategy"] = draw.choice(["new", "truncate"])
    return Case(number, seed, table, random_template(draw, keys), options,
                draw.choice([None, "id", keys[0].name, "free"]), again=not wide and draw.random() < 0.25)


@pytest.fixture(scope="module")
def cases():
    seed = os.environ["SLUICE_SEED"]
    return [make_case(number, seed) for number in range(CASES)]


@pytest.fixture(scope="module")
def database(cases, tmp_path_factory):
    file = tmp_path_factory.mktemp("random") / "random.db"
    with contextlib.closing(sqlite3.connect(file)) as connection:
        for case in cases:
            case.table.create(connection)
        connection.commit()
    return file


@pytest.fixture(scope="module")
def server(binary, database, tmp_path_factory):
    sluice = Sluice(binary, tmp_path_factory.mktemp("property"), attach={"random": database}).start()
    sluice.make_local()
    yield sluice
    sluice.end()


# What must be in which file.

def result_of(case, database):
    """The rows in the query's order, as sqlite3 gives them."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(case.sql()).fetchall()


def as_written(case, row):
    """The row as a reader of the format gives it, in a form that tells 1 from 1.0 and "1"."""
    convert = VALUE_IN[case.format]
    columns = case.table.columns
    values = [convert(row[i], columns[i].declared) for i in case.written_columns()]
    if case.format == "csv" and len(values) == 1 and not case.options["csv_null"]:
        values = [values[0] or ""]  # An empty line would be skipped by readers, so NULL is "" there.
    return repr(values)


def expected_stems(case, rows):
    """{stem: rows in order}; a stem is the name without number and extension."""
    stems = collections.defaultdict(list)
    names = [column.name for column in case.table.columns]
    for row in rows:
        values = {**VARIABLES, **dict(zip(names, row))}
        stems[stem_of(case.pieces, values, case.extension)].append(as_written(case, row))
    return stems


# What is in which file.

def rows_of_file(case, key, body):
    delimiter = case.options.get("csv_delimiter", ",").replace("tab", "\t")
    names, rows = read_file(body, case.format, case.options["compression"], delimiter, case.options.get("csv_null", ""))
    assert names == [case.table.columns[i].name for i in case.written_columns()], f"columns of {key!r}\n{case}"
    assert rows, f"{key!r} is a file without rows\n{case}"
    return [repr(row) for row in rows]


def found_pieces(case, objects, stems):
    """{stem: {number of {N}: [rows of a piece, ...]}}; every object must be one that is expected."""
    numbers = case.spread.numbers() if case.spread else [""]
    place = {stem.replace(SPREAD, number): (stem, number) for stem in stems for number in numbers}
    rolls = case.limit("max_rows_per_file") or case.limit("max_file_size")
    found = collections.defaultdict(lambda: collections.defaultdict(dict))
    for key, body in objects.items():
        assert key.endswith(case.extension), f"{key!r} has the wrong extension\n{case}"
        name, piece = key[:-len(case.extension)], 0
        if rolls:
            match = re.fullmatch(r"(.*)-(\d{4,})", name, re.DOTALL)
            assert match, f"{key!r} has no number\n{case}"
            name, piece = match[1], int(match[2])
        assert name in place, f"no row's template gives {key!r}; it gives {sorted(place)[:20]!r}\n{case}"
        stem, number = place[name]
        found[stem][number][piece] = rows_of_file(case, key, body)
    return {stem: {number: in_order(case, stem, pieces) for number, pieces in files.items()}
            for stem, files in found.items()}


def in_order(case, stem, pieces):
    assert sorted(pieces) == list(range(len(pieces))), f"{stem!r} has the pieces {sorted(pieces)}\n{case}"
    return [pieces[piece] for piece in sorted(pieces)]


# The comparison.

def check_rows(case, stem, files, wanted):
    """The stem's files hold its rows, each once; in the query's order where it has one."""
    found = [row for pieces in files.values() for rows in pieces for row in rows]
    missing, surplus = (collections.Counter(wanted) - collections.Counter(found),
                        collections.Counter(found) - collections.Counter(wanted))
    assert not missing and not surplus, (
        f"{stem!r}: {sum(missing.values())} rows are missing, such as {list(missing)[:2]}; "
        f"{sum(surplus.values())} are too many, such as {list(surplus)[:2]}\n{case}")
    if not case.sorted_by:
        return
    place = {row: number for number, row in enumerate(wanted)}
    for number, pieces in files.items():
        places = [place[row] for rows in pieces for row in rows]
        assert places == sorted(places), f"{stem!r} {number}: the rows are not in the query's order\n{case}"


def check_limits(case, files):
    """Files roll over neither late nor early."""
    most = case.limit("max_rows_per_file")
    for pieces in files.values():
        assert not most or all(len(rows) <= most for rows in pieces), f"a file of over {most} rows\n{case}"
        if most and not case.limit("max_file_size"):
            assert all(len(rows) == most for rows in pieces[:-1]), f"a file rolled over before {most} rows\n{case}"


def check_dealing(case, found, rows):
    """Where {N} alone makes the files, the rows are dealt evenly and no file is empty."""
    if not case.spread or len(found) != 1:
        return
    (files,) = found.values()
    counts = [sum(map(len, pieces)) for pieces in files.values()]
    assert len(counts) == min(case.spread.parts, rows), f"{len(counts)} files\n{case}"
    assert max(counts) - min(counts) <= 1, f"rows were dealt as {counts}\n{case}"


def footer_of(body, file_format):
    """Bytes that the limit leaves out: Parquet's footer, whose length stands before the last four bytes."""
    return int.from_bytes(body[-8:-4], "little") + 8 if file_format == "parquet" else 0


def check_sizes(case, objects):
    most = case.limit("max_file_size")
    for key, body in objects.items():
        counted = len(body) - footer_of(body, case.format)
        assert not most or counted <= most, f"{key!r} has {len(body)} bytes\n{case}"


def check_no_early_roll(case, objects):
    """Every file but the last of its name is at least half as large as it may be."""
    most = case.limit("max_file_size")
    if not most or case.limit("max_rows_per_file"):
        return
    for key, body in objects.items():
        name, piece = re.fullmatch(r"(.*)-(\d{4,})", key[:-len(case.extension)], re.DOTALL).groups()
        if f"{name}-{int(piece) + 1:04d}{case.extension}" in objects:
            assert len(body) > most / 2, f"{key!r} has only {len(body)} bytes, and another one follows\n{case}"


def check_objects(case, objects, rows):
    stems = expected_stems(case, rows)
    found = found_pieces(case, objects, stems)
    assert set(found) == set(stems), f"no file for {sorted(set(stems) - set(found))[:5]!r}\n{case}"
    for stem, files in found.items():
        check_rows(case, stem, files, stems[stem])
        check_limits(case, files)
    check_dealing(case, found, len(rows))
    check_sizes(case, objects)
    check_no_early_roll(case, objects)


# The exports.

class LocalPlace:
    """Files of the connection `disk`, staging included: something left there is no file of the template."""
    connection = "disk"

    def __init__(self, server, case):
        self.path = f"local://case{case.number}" + "/deeper/" * (case.number % 2)
        self._prefix = f"case{case.number}/" + "deeper/" * (case.number % 2)
        self._server = server

    def objects(self):
        root = self._server.data_dir / "objects"
        staged = root / ".sluice"
        assert not staged.exists() or not [file for file in staged.rglob("*") if file.is_file()]
        folder = root / "disk" / self._prefix
        return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


class BucketPlace:
    connection = "lake"

    def __init__(self, bucket):
        self.path = bucket.path("out")
        self._bucket = bucket

    def objects(self):
        assert self._bucket.uploads() == []
        return {key.removeprefix("out/"): body for key, body in self._bucket.objects().items()}


def place_of(server, case, request):
    if case.number % STORE_EVERY:
        return LocalPlace(server, case)
    s3 = request.getfixturevalue("s3")
    if not server.api("GET", "/v0/connectors")["connectors"][1:]:
        server.make_s3(s3)
    return BucketPlace(Bucket(s3))


def run_once(server, case, rows):
    pipe = f"p{case.number}"
    job = server.wait(server.run(pipe, **VARIABLES))
    assert job["statistics"]["row_count"] == rows, case
    assert [file for file in (server.data_dir / "spool").rglob("*") if file.is_file()] == [], case


def check_second_run(case, before, after, rows):
    """`truncate` writes the same names, `new` puts .1 before the extension and changes nothing."""
    if case.options["write_strategy"] == "truncate":
        assert set(after) == set(before), case
        return check_objects(case, after, rows)
    assert {key: after.get(key) for key in before} == before, f"files of the first run were changed\n{case}"
    ending = ".1" + case.extension
    added = {key: body for key, body in after.items() if key not in before}
    assert all(key.endswith(ending) for key in added), f"{sorted(added)}\n{case}"
    check_objects(case, {key[:-len(ending)] + case.extension: body for key, body in added.items()}, rows)


@pytest.mark.parametrize("number", range(CASES))
def test_files_together_are_the_result(server, cases, database, request, number):
    case = cases[number]
    print(case)
    place = place_of(server, case, request)
    rows = result_of(case, database)
    pipe = f"p{number}"
    server.make_pipe(pipe, case.sql("random."))
    server.make_sink(pipe, connection=place.connection, path=place.path, file_template=render(case.pieces),
                     **case.options)
    run_once(server, case, len(rows))
    objects = place.objects()
    check_objects(case, objects, rows)
    if case.again:
        run_once(server, case, len(rows))
        check_second_run(case, objects, place.objects(), rows)


# What random tables seldom meet.

WIDE = ("WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 1000) "
        "SELECT n, n % 2 AS k, hex(randomblob(250)) AS wide FROM r")


@pytest.mark.parametrize("file_format", CODECS)
@pytest.mark.parametrize("template", ["all", "{k}"])
def test_max_file_size_holds_for_wide_rows(server, file_format, template):
    """1,000 rows of half a kilobyte are read at once; they still go to many files of 64 KiB."""
    name = f"wide_{file_format}_{'split' if template == '{k}' else 'whole'}"
    server.export(name, WIDE, connection="disk", path=f"local://{name}", file_template=template, format=file_format,
                  max_file_size="65536")
    files = {key: body for key, body in server.local_files().items() if key.startswith(f"{name}/")}
    too_large = {key: len(body) for key, body in files.items() if len(body) - footer_of(body, file_format) > 65536}
    assert not too_large, f"{len(too_large)} of {len(files)} files are over 65536 bytes: {too_large}"
    assert sum(len(rows_of(body, file_format)) for body in files.values()) == 1000


def rows_of(body, file_format):
    return read_file(body, file_format, "none")[1]


def test_numbers_behind_taken_names_never_meet_values_that_look_so(server):
    """`a` numbered is `a.1`, which is the name of another value: no file is lost or overwritten, whatever runs."""
    values = ["a", "a.1", "a.1.1", "a.2", "b.1"]
    server.make_pipe("names", " UNION ALL ".join(f"SELECT '{value}' AS v" for value in values))
    server.make_sink("names", connection="disk", path="local://names", file_template="{v}")
    before = {}
    for run in range(1, 5):
        server.wait(server.run("names"))
        after = {key: body for key, body in server.local_files().items() if key.startswith("names/")}
        assert {key: after.get(key) for key in before} == before, f"run {run} changed files of earlier runs"
        assert len(after) == run * len(values)
        for key, body in after.items():
            value = body.decode().split("\n")[1]
            assert re.fullmatch(rf"names/{re.escape(value)}(\.\d+)?\.csv", key), f"{value!r} is in {key!r}"
        counts = collections.Counter(body.decode().split("\n")[1] for body in after.values())
        assert counts == dict.fromkeys(values, run)
        before = after
