"""Made-up tables as Parquet files, what is in them, and the programs that read them."""

import collections
import itertools
import json
import os
import subprocess
from decimal import Decimal

import pytest

CODECS = ["none", "snappy", "gz", "zst", "lz4", "br"]

Column = collections.namedtuple("Column", "name kind precision scale fields")


def described(each):
    return Column(**{**each, "fields": [described(field) for field in each["fields"]]})


class MadeTable:
    """A file that parquet_tool wrote, and the list of its rows."""

    def __init__(self, path, description):
        self.path = str(path)
        self.columns = [described(each) for each in description["columns"]]
        self.groups = description["groups"]

    def slices(self, size):
        """The columns of `size` rows after `size` rows, as lists of comparable values."""
        with open(self.path + ".ndjson", encoding="utf-8") as lines:
            next(lines)
            while rows := [json.loads(line) for line in itertools.islice(lines, size)]:
                yield [[expected(column, row[i]) for row in rows]
                       for i, column in enumerate(self.columns)]

    def rows(self):
        return list(self.slices(10**9))


def expected(column, value):
    """A value of the list in the form that `comparable` gives what was read."""
    if value is None:
        return None
    if column.kind == "bytes":
        return bytes.fromhex(value)
    if column.kind in ("real", "single"):
        return repr(float(value))
    if column.kind == "decimal":
        return Decimal(value)
    if column.kind == "list":
        return [expected(column.fields[0], each) for each in value]
    if column.kind == "map":
        return [tuple(map(expected, column.fields, entry)) for entry in value]
    if column.kind == "struct":
        return tuple(map(expected, column.fields, value))
    return value


def comparable(column, array):
    """The values of an Arrow column. Reals as text, so that NaN is NaN and -0.0 is not 0.0."""
    import pyarrow

    if isinstance(array, pyarrow.ChunkedArray):
        return [value for chunk in array.chunks for value in comparable(column, chunk)]
    if column.fields:
        return nested(column, array)
    if column.kind == "date":
        return array.cast(pyarrow.int32()).to_pylist()
    if column.kind == "timestamp":
        assert array.type.tz in ("UTC", "Etc/UTC", None), array.type
        unit = "ns" if column.scale == 9 else "us"
        assert array.type.unit == unit or (column.scale == 9 and array.type.unit == "us"), array.type
        return array.cast(pyarrow.int64()).to_pylist()
    values = array.to_pylist()
    if column.kind in ("real", "single"):
        return [None if value is None else repr(value) for value in values]
    if column.kind == "text":
        return [value.decode() if isinstance(value, bytes) else value for value in values]
    return values


def nested(column, array):
    """Lists and maps as lists, structs and entries of maps as tuples."""
    if column.kind == "struct":
        parts = [comparable(field, array.field(i)) for i, field in enumerate(column.fields)]
        values = list(zip(*parts, strict=True))
    else:
        if column.kind == "map":
            entries = list(zip(comparable(column.fields[0], array.keys),
                               comparable(column.fields[1], array.items), strict=True))
        else:
            entries = comparable(column.fields[0], array.values)
        ends = array.offsets.to_pylist()
        values = [entries[first:end] for first, end in itertools.pairwise(ends)]
    return [value if valid else None for value, valid in zip(values, array.is_valid().to_pylist(), strict=True)]


def built_tool(repository, name):
    build = os.environ.get("SLUICE_PRESET", "release")
    path = os.environ.get(f"SLUICE_{name.upper()}") or repository / "build" / build / name
    if not os.access(path, os.X_OK):
        pytest.skip(f"no {name} at {path}")
    return str(path)


def make_table(repository, path, shape, codec, rows, seed, per_group):
    done = subprocess.run([built_tool(repository, "parquet_tool"), shape, codec, str(rows), str(seed), str(path), str(per_group)],
                          capture_output=True, text=True, check=False, timeout=300)
    if "not built in" in done.stderr:
        pytest.skip(f"codec {codec}: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    with open(f"{path}.ndjson", encoding="utf-8") as lines:
        return MadeTable(path, json.loads(next(lines)))


def read_pyarrow(path):
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(path, page_checksum_verification=True) as file:
        return file.read()


def read_duckdb(path):
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        return connection.sql(f"SELECT * FROM read_parquet('{path}')").to_arrow_table()


def read_clickhouse(path):
    chdb = pytest.importorskip("chdb")
    return chdb.query(f"SELECT * FROM file('{path}', Parquet) SETTINGS max_threads = 1, "
                      "input_format_parquet_preserve_order = 1, output_format_arrow_string_as_string = 0", "ArrowTable")


READERS = {"pyarrow": read_pyarrow, "duckdb": read_duckdb, "clickhouse": read_clickhouse}


def without_null(column, value):
    """What ClickHouse makes of a value: NULL is an empty list or map, or a tuple of what NULL is of its elements."""
    if column.kind == "list":
        return [without_null(column.fields[0], each) for each in value or []]
    if column.kind == "map":
        return [tuple(map(without_null, column.fields, entry)) for entry in value or []]
    if column.kind == "struct":
        return tuple(map(without_null, column.fields, value or [None] * len(column.fields)))
    return value


def assert_same(table, *reads, leave_out=(), form=lambda _, value: value):
    """Every value that was read is the one that was written, row by row; but for some kinds. Values are compared in
    the same `form`."""
    for read in reads:
        assert read.column_names == [column.name for column in table.columns]
    row = 0
    for columns in table.slices(max(1, 400_000 // len(table.columns))):
        for read in reads:
            piece = read.slice(row, len(columns[0]))
            for column, wanted in zip(table.columns, columns, strict=True):
                if column.kind in leave_out:
                    continue
                found = [form(column, value) for value in comparable(column, piece.column(column.name))]
                wanted_form = [form(column, value) for value in wanted]
                if found != wanted_form:
                    report_difference(column, row, found, wanted_form)
        row += len(columns[0])
    assert [read.num_rows for read in reads] == [row] * len(reads)


def report_difference(column, first, found, wanted):
    assert len(found) == len(wanted), f"{column.name}: the file ends in row {first + len(found)}"
    for row, (left, right) in enumerate(zip(found, wanted, strict=True)):
        assert left == right, f"{column.name}, row {first + row}: {left!r:.200} is not {right!r:.200}"
