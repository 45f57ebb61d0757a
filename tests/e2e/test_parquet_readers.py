"""Sluice's Parquet files, read by the programs that people read them with.

parquet_tool writes a seeded table and the list of what is in it; Arrow, DuckDB and ClickHouse must
read the same: values, NULLs, types and statistics.
"""

import math
import os
import random

import pytest

pyarrow = pytest.importorskip("pyarrow")
import pyarrow.compute  # noqa: E402
import pyarrow.dataset  # noqa: E402
import pyarrow.parquet  # noqa: E402

from support.parquet import CODECS, READERS, assert_same, comparable, make_table  # noqa: E402

# Shape, rows, rows of a row group.
SHAPES = {
    "types": (20_000, 7_000),
    "edges": (3_000, 500),
    "nulls": (50_000, 25_000),
    "runs": (100_000, 70_000),
    "spill": (250_000, 120_000),
    "wide": (500, 300),
    "long": (24, 12),
}
KIND_TYPES = {
    "integer": (pyarrow.int64(), "BIGINT", "Int64"),
    "real": (pyarrow.float64(), "DOUBLE", "Float64"),
    "text": (pyarrow.string(), "VARCHAR", "String"),
    "bytes": (pyarrow.binary(), "BLOB", "String"),
    "boolean": (pyarrow.bool_(), "BOOLEAN", "Bool"),
    "date": (pyarrow.date32(), "DATE", "Date32"),
    "timestamp": (pyarrow.timestamp("us", "UTC"), "TIMESTAMP WITH TIME ZONE", "DateTime64(6, 'UTC')"),
}


def kind_types(column):
    if column.kind != "decimal":
        return KIND_TYPES[column.kind]
    digits = f"({column.precision},{column.scale})"
    return (pyarrow.decimal128(column.precision, column.scale), f"DECIMAL{digits}",
            f"Decimal{digits}".replace(",", ", "))


@pytest.fixture(scope="module")
def seed():
    value = int(os.environ.get("SLUICE_SEED") or random.SystemRandom().randrange(2**32))
    print(f"\nseed: SLUICE_SEED={value}")
    return value


@pytest.fixture(scope="module")
def made(repository, tmp_path_factory, seed):
    """Tables by shape, codec and size, each made once."""
    tables = {}

    def make(shape, codec="none", rows=None, per_group=None):
        key = (shape, codec, rows, per_group)
        if key not in tables:
            default_rows, default_group = SHAPES.get(shape, (None, None))
            tables[key] = make_table(repository, tmp_path_factory.mktemp(shape) / f"{codec}.parquet", shape, codec,
                                     default_rows if rows is None else rows, seed, per_group or default_group)
        return tables[key]

    return make


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("shape", SHAPES)
def test_values(made, shape, reader):
    table = made(shape)
    read = READERS[reader](table.path)
    # ClickHouse's own dates and times begin in 1900 and end in 2299.
    leave_out = ("date", "timestamp") if shape == "edges" and reader == "clickhouse" else ()
    assert_same(table, read, leave_out=leave_out)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("shape", ["types", "nulls"])
def test_codecs(made, shape, codec, reader):
    table = made(shape, codec)
    assert_same(table, READERS[reader](table.path))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("rows", [0, 1])
def test_few_rows(made, rows, reader):
    table = made("types", rows=rows)
    assert pyarrow.parquet.read_metadata(table.path).num_row_groups == rows
    assert_same(table, READERS[reader](table.path))


def test_a_million_rows(made):
    table = made("events", "gz", rows=1_000_000, per_group=122_880)
    assert_same(table, *(read(table.path) for read in READERS.values()))


def test_types(made):
    duckdb, chdb = pytest.importorskip("duckdb"), pytest.importorskip("chdb")
    table = made("types")
    arrow = pyarrow.parquet.read_schema(table.path)
    with duckdb.connect() as connection:
        rows = connection.execute(f"DESCRIBE SELECT * FROM read_parquet('{table.path}')").fetchall()
    in_duckdb = {row[0]: row[1] for row in rows}
    described = str(chdb.query(f"DESCRIBE TABLE file('{table.path}', Parquet)", "TabSeparatedRaw"))
    in_clickhouse = dict(line.split("\t")[:2] for line in described.splitlines())
    for column in table.columns:
        wanted = kind_types(column)
        assert arrow.field(column.name).type == wanted[0]
        assert arrow.field(column.name).nullable
        assert in_duckdb[column.name] == wanted[1]
        assert in_clickhouse[column.name] == f"Nullable({wanted[2]})"


def test_metadata(made):
    table = made("types")
    metadata = pyarrow.parquet.read_metadata(table.path)
    assert metadata.created_by.startswith("sluice version ")
    assert metadata.metadata == {b"shape": b"types", b"empty": b""}
    assert metadata.num_row_groups == table.groups == 3


def test_a_changed_byte_is_noticed(made, tmp_path):
    table = made("events", rows=5_000, per_group=5_000)
    chunk = pyarrow.parquet.read_metadata(table.path).row_group(0).column(6)
    with open(table.path, "rb") as file:
        content = bytearray(file.read())
    content[chunk.data_page_offset + chunk.total_compressed_size // 2] ^= 1
    damaged = tmp_path / "damaged.parquet"
    damaged.write_bytes(content)
    with pytest.raises(OSError, match="(?i)crc"):
        READERS["pyarrow"](str(damaged))


@pytest.mark.parametrize("shape", ["types", "edges", "nulls", "runs", "spill", "long"])
def test_statistics(made, shape):
    """Of every column chunk against the values themselves."""
    table = made(shape)
    file = pyarrow.parquet.ParquetFile(table.path)
    exact = exactness(table.path)
    for group, columns in enumerate(table.slices(SHAPES[shape][1])):
        rows = file.metadata.row_group(group)
        assert rows.num_rows == len(columns[0])
        for i, (column, values) in enumerate(zip(table.columns, columns, strict=True)):
            what = f"{column.name} of group {group}"
            statistics = rows.column(i).statistics
            assert statistics.null_count == values.count(None), what
            distinct = {value for value in values if value is not None}
            if statistics.has_distinct_count:
                assert statistics.distinct_count == len(distinct), what
            check_bounds(column, values, statistics, exact[group, i], what)


def exactness(path):
    """Whether minimum and maximum are exact, for each row group and column. Arrow does not tell."""
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        rows = connection.execute("SELECT row_group_id, column_id, min_is_exact, max_is_exact, stats_nan_count "
                                  f"FROM parquet_metadata('{path}')").fetchall()
    return {(group, column): rest for group, column, *rest in rows}


def check_bounds(column, values, statistics, exact, what):
    known = [value for value in values if value is not None]
    min_exact, max_exact, nans = exact
    if column.kind == "real":
        numbers = [float(value) for value in known]
        assert nans == sum(map(math.isnan, numbers)), what
        known = [number for number in numbers if not math.isnan(number)]
    if not known:
        assert not statistics.has_min_max, what
        return
    if column.kind in ("text", "bytes"):
        known = [value.encode() if column.kind == "text" else value for value in known]
        check_text_bounds(known, statistics, min_exact, max_exact, what)
        return
    array = pyarrow.array([statistics.min, statistics.max], kind_types(column)[0])
    low, high = comparable(column, array)
    if column.kind == "real":
        assert (low, high) == (repr(min(known) or -0.0), repr(max(known) or 0.0)), what
    else:
        assert (low, high) == (min(known), max(known)), what
    assert min_exact and max_exact, what


def check_text_bounds(known, statistics, min_exact, max_exact, what):
    low, high = min(known), max(known)
    assert min_exact == (len(low) <= 64), what
    if max_exact is None:  # There is no value above that could be written.
        assert len(high) > 64, what
        assert high.startswith((b"\xff" * 64, "\U0010ffff".encode() * 16)), what
        return
    assert max_exact == (len(high) <= 64), what
    found = [value.encode() if isinstance(value, str) else value for value in (statistics.min, statistics.max)]
    assert (found[0] == low) if min_exact else (low.startswith(found[0]) and 60 < len(found[0]) <= 64), what
    assert (found[1] == high) if max_exact else (found[1] > high and len(found[1]) <= 67), what


@pytest.mark.parametrize("shape", ["edges", "spill"])
def test_filters_find_every_row(made, shape, seed):
    """Readers leave out row groups by their statistics: none that has a match."""
    duckdb = pytest.importorskip("duckdb")
    table = made(shape)
    chance = random.Random(seed)
    columns = table.rows()[0]
    dataset = pyarrow.dataset.dataset(table.path)
    with duckdb.connect() as connection:
        for column, values in zip(table.columns, columns, strict=True):
            if column.kind not in ("integer", "text", "bytes", "real"):
                continue
            known = sorted({value for value in values if value is not None})
            for wanted in chance.sample(known, min(len(known), 9 if shape == "edges" else 4)):
                value = float(wanted) if column.kind == "real" else wanted
                if column.kind == "real" and math.isnan(value):
                    continue
                same = [each for each in values if each is not None and
                        (float(each) == value if column.kind == "real" else each == wanted)]
                query = f"SELECT count(*) FROM read_parquet('{table.path}') WHERE {column.name} = ?"
                assert connection.execute(query, [value]).fetchone()[0] == len(same), (column, wanted)
                field = pyarrow.compute.field(column.name)
                assert dataset.count_rows(filter=field == value) == len(same), (column, wanted)
