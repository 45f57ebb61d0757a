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

from support.parquet import CODECS, READERS, assert_same, comparable, make_table, without_null  # noqa: E402

# Shape, rows, rows of a row group.
SHAPES = {
    "types": (20_000, 7_000),
    "edges": (3_000, 500),
    "nulls": (50_000, 25_000),
    "runs": (100_000, 70_000),
    "spill": (250_000, 120_000),
    "wide": (500, 300),
    "long": (24, 12),
    "engine": (20_000, 7_000),
    "long_decimals": (3_000, 1_000),
    "nested": (5_000, 2_000),
    "random_nested": (5_000, 2_000),
    "long_lists": (30, 20),
}
KIND_TYPES = {
    "integer": (pyarrow.int64(), "BIGINT", "Int64"),
    "real": (pyarrow.float64(), "DOUBLE", "Float64"),
    "text": (pyarrow.string(), "VARCHAR", "String"),
    "bytes": (pyarrow.binary(), "BLOB", "String"),
    "boolean": (pyarrow.bool_(), "BOOLEAN", "Bool"),
    "date": (pyarrow.date32(), "DATE", "Date32"),
    "timestamp": (pyarrow.timestamp("us", "UTC"), "TIMESTAMP WITH TIME ZONE", "DateTime64(6, 'UTC')"),
    "unsigned": (pyarrow.uint64(), "UBIGINT", "UInt64"),
    "single": (pyarrow.float32(), "FLOAT", "Float32"),
}
NANOSECONDS = (pyarrow.timestamp("ns", "UTC"), "TIMESTAMPTZ_NS", "DateTime64(9, 'UTC')")


def kind_types(column):
    if column.kind == "timestamp" and column.scale == 9:
        return NANOSECONDS
    if column.kind != "decimal":
        return KIND_TYPES[column.kind]
    digits = f"({column.precision},{column.scale})"
    of_arrow = pyarrow.decimal128 if column.precision <= 38 else pyarrow.decimal256
    return (of_arrow(column.precision, column.scale), f"DECIMAL{digits}",
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


@pytest.mark.parametrize("shape,reader", [
    (shape, reader) for shape in SHAPES for reader in READERS
    # DuckDB makes doubles of decimals of more than 38 digits.
    if (shape, reader) != ("long_decimals", "duckdb")])
def test_values(made, shape, reader):
    table = made(shape)
    read = READERS[reader](table.path)
    # ClickHouse's own dates and times begin in 1900 and end in 2299.
    leave_out = ("date", "timestamp") if shape == "edges" and reader == "clickhouse" else ()
    assert_same(table, read, leave_out=leave_out, **forms(reader))


def forms(reader):
    return {"form": without_null} if reader == "clickhouse" else {}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("shape", ["types", "nulls", "nested"])
def test_codecs(made, shape, codec, reader):
    table = made(shape, codec)
    assert_same(table, READERS[reader](table.path), **forms(reader))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("rows", [0, 1])
@pytest.mark.parametrize("shape", ["types", "nested"])
def test_few_rows(made, shape, rows, reader):
    table = made(shape, rows=rows)
    assert pyarrow.parquet.read_metadata(table.path).num_row_groups == rows
    assert_same(table, READERS[reader](table.path), **forms(reader))


@pytest.mark.parametrize("reader", READERS)
def test_many_pages_of_nested_values(made, reader):
    table = made("nested", "zst", rows=40_000, per_group=40_000)
    assert_same(table, READERS[reader](table.path), **forms(reader))


def test_a_million_rows(made):
    table = made("events", "gz", rows=1_000_000, per_group=122_880)
    assert_same(table, *(read(table.path) for read in READERS.values()))


@pytest.mark.parametrize("shape", ["types", "engine"])
def test_types(made, shape):
    duckdb, chdb = pytest.importorskip("duckdb"), pytest.importorskip("chdb")
    table = made(shape)
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


def test_nested_types(made):
    """The names that Arrow gives lists and maps are those of the format."""
    duckdb = pytest.importorskip("duckdb")
    table = made("nested")
    schema = pyarrow.parquet.read_schema(table.path)
    metadata = pyarrow.parquet.read_metadata(table.path)
    paths = [metadata.row_group(0).column(i).path_in_schema for i in range(metadata.num_columns)]
    assert paths[:3] == ["c0.list.element", "c1.key_value.key", "c1.key_value.value"]
    assert schema.field("c0").type.value_field.name == "element"
    assert not schema.field("c1").type.key_field.nullable
    assert all(field.nullable for field in schema)
    with duckdb.connect() as connection:
        rows = connection.execute(f"DESCRIBE SELECT c0, c1 FROM read_parquet('{table.path}')").fetchall()
    assert [row[1] for row in rows] == ["BIGINT[]", "MAP(VARCHAR, BIGINT)"]


@pytest.mark.parametrize("shape", ["nested", "long_lists"])
def test_statistics_of_nested_values(made, shape):
    """Of every leaf that is in one list only: entries without a value, and bounds."""
    table = made(shape)
    metadata = pyarrow.parquet.read_metadata(table.path)
    exact = exactness(table.path)
    leaf_of = {metadata.row_group(0).column(i).path_in_schema: i for i in range(metadata.num_columns)}
    for group, columns in enumerate(table.slices(SHAPES[shape][1])):
        for column, values in zip(table.columns, columns, strict=True):
            if column.kind != "list" or column.fields[0].fields:
                continue
            place = leaf_of[f"{column.name}.list.element"]
            chunk = metadata.row_group(group).column(place)
            entries = [entry for value in values for entry in value or [None]]
            assert chunk.num_values == len(entries)
            assert chunk.statistics.null_count == entries.count(None)
            check_bounds(column.fields[0], entries, chunk.statistics, exact[group, place],
                         f"{column.name} of group {group}")


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


@pytest.mark.parametrize("shape", ["types", "edges", "nulls", "runs", "spill", "long", "engine", "long_decimals"])
def test_statistics(made, shape):
    """Of every column chunk against the values themselves."""
    table = made(shape)
    file = pyarrow.parquet.ParquetFile(table.path)
    exact = exactness(table.path)
    for group, columns in enumerate(table.slices(SHAPES[shape][1])):
        rows = file.metadata.row_group(group)
        assert rows.num_rows == len(columns[0])
        for i, (column, values) in enumerate(zip(table.columns, columns, strict=True)):
            if column.fields:
                continue
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
    if column.kind in ("real", "single"):
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
    if column.kind in ("real", "single"):
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
                value = float(wanted) if column.kind in ("real", "single") else wanted
                if column.kind in ("real", "single") and math.isnan(value):
                    continue
                same = [each for each in values if each is not None and
                        (float(each) == value if column.kind in ("real", "single") else each == wanted)]
                query = f"SELECT count(*) FROM read_parquet('{table.path}') WHERE {column.name} = ?"
                assert connection.execute(query, [value]).fetchone()[0] == len(same), (column, wanted)
                field = pyarrow.compute.field(column.name)
                assert dataset.count_rows(filter=field == value) == len(same), (column, wanted)
