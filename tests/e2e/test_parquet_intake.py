"""Parquet files that others wrote, read by Sluice: what Arrow reads of them is what there must be.

parquet_rows_tool prints what `make_parquet_records` gives, cell by cell.
"""

import itertools
import os
import random

import pytest

pyarrow = pytest.importorskip("pyarrow")
import pyarrow.parquet  # noqa: E402

from support.arrow_tables import LEAF_TYPES, random_column, random_table  # noqa: E402
from support.parquet import CODECS as OWN_CODECS  # noqa: E402
from support.parquet import make_table  # noqa: E402
from support.parquet_rows import ReadError, assert_read_alike, read_rows, run_tool  # noqa: E402

CODECS = ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]
ROWS = 1500


@pytest.fixture(scope="module")
def chance():
    value = int(os.environ.get("SLUICE_SEED") or random.SystemRandom().randrange(2**32))
    print(f"\nseed: SLUICE_SEED={value}")
    return random.Random(value)


@pytest.fixture(scope="module")
def flat(chance):
    """Every type once with NULLs and once without."""
    fields = [pyarrow.field(f"c{i}_{null}", kind, nullable=null)
              for i, kind in enumerate(LEAF_TYPES) for null in (True, False)]
    return pyarrow.table([random_column(chance, field, ROWS) for field in fields], pyarrow.schema(fields))


def write(table, path, **options):
    options.setdefault("write_page_checksum", True)
    pyarrow.parquet.write_table(table, path, **options)
    return path


@pytest.mark.parametrize("page", ["1.0", "2.0"])
@pytest.mark.parametrize("dictionary", [True, False])
def test_every_type(repository, tmp_path, flat, page, dictionary):
    path = write(flat, tmp_path / "f.parquet", data_page_version=page, use_dictionary=dictionary,
                 row_group_size=700, data_page_size=900)
    assert_read_alike(repository, path)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("page", ["1.0", "2.0"])
def test_codecs(repository, tmp_path, flat, codec, page):
    path = write(flat, tmp_path / "f.parquet", compression=codec, data_page_version=page)
    assert_read_alike(repository, path)


def encodings_of(kind):
    types = pyarrow.types
    if types.is_boolean(kind):
        return ["RLE"]
    if types.is_float16(kind) or types.is_floating(kind):
        return ["BYTE_STREAM_SPLIT"]
    if types.is_string(kind) or types.is_large_string(kind) or types.is_binary(kind):
        return ["DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"]
    if types.is_fixed_size_binary(kind) or types.is_decimal(kind):
        return ["DELTA_BYTE_ARRAY", "BYTE_STREAM_SPLIT"]
    return ["DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT"]


@pytest.mark.parametrize("choice", [0, 1])
@pytest.mark.parametrize("page", ["1.0", "2.0"])
def test_encodings(repository, tmp_path, flat, choice, page):
    encodings = {}
    for field in flat.schema:
        known = encodings_of(field.type)
        encodings[field.name] = known[choice % len(known)]
    path = write(flat, tmp_path / "f.parquet", column_encoding=encodings, use_dictionary=False,
                 data_page_version=page, data_page_size=2000)
    metadata = pyarrow.parquet.read_metadata(path).row_group(0)
    used = {name: metadata.column(i).encodings for i, name in enumerate(flat.column_names)}
    assert all(encodings[name] in used[name] for name in encodings), used
    assert_read_alike(repository, path)


def test_old_ways_of_writing(repository, tmp_path, flat, chance):
    """Format 1.0: PLAIN_DICTIONARY, converted types alone; timestamps as INT96."""
    path = write(flat, tmp_path / "old.parquet", version="1.0", row_group_size=400,
                 coerce_timestamps="us", allow_truncated_timestamps=True)
    assert_read_alike(repository, path)
    field = pyarrow.field("t", pyarrow.timestamp("ns"))
    table = pyarrow.table([random_column(chance, field, ROWS)], pyarrow.schema([field]))
    path = write(table, tmp_path / "int96.parquet", use_deprecated_int96_timestamps=True)
    assert pyarrow.parquet.read_metadata(path).schema.column(0).physical_type == "INT96"
    assert assert_read_alike(repository, path) == [["t", "Nullable(DateTime64(6))"]]


def test_decimals_as_integers(repository, tmp_path, flat):
    names = [field.name for field in flat.schema if pyarrow.types.is_decimal(field.type)]
    path = write(flat.select(names), tmp_path / "f.parquet", store_decimal_as_integer=True)
    physical = {pyarrow.parquet.read_metadata(path).schema.column(i).physical_type for i in range(len(names))}
    assert {"INT32", "INT64"} <= physical
    assert_read_alike(repository, path)


@pytest.mark.parametrize("number", range(12))
def test_random_schemas(repository, tmp_path, chance, number):
    table = random_table(chance, chance.randint(1, 12), chance.choice([1, 50, 400, 1300]))
    options = {"compression": chance.choice(CODECS), "data_page_version": chance.choice(["1.0", "2.0"]),
               "use_dictionary": chance.random() < 0.5, "data_page_size": chance.choice([1, 200, 5000, 10**6]),
               "row_group_size": chance.choice([7, 100, 10**6]), "write_page_checksum": chance.random() < 0.5,
               "dictionary_pagesize_limit": chance.choice([20, 1000, 10**6]),
               "write_batch_size": chance.choice([1, 10, 1024])}  # fmt: skip
    print(options, table.schema)
    # With what was written: Arrow 26 itself does not read every file back (a list in one row, pages of version 2).
    assert_read_alike(repository, write(table, tmp_path / "f.parquet", **options), table)


def test_nested_in_many_ways(repository, tmp_path):
    kind = pyarrow.struct([("a", pyarrow.list_(pyarrow.struct([("b", pyarrow.int64()), ("c", pyarrow.list_(pyarrow.string()))]))),
                           ("m", pyarrow.map_(pyarrow.string(), pyarrow.list_(pyarrow.int32())))])
    values = [None, {"a": None, "m": None}, {"a": [], "m": []}, {"a": [None], "m": [("k", None)]},
              {"a": [{"b": 1, "c": None}, {"b": None, "c": []}, {"b": 2, "c": [None, "x", ""]}], "m": [("k", []), ("l", [1, None])]}]
    table = pyarrow.table([pyarrow.array(values * 300, kind), pyarrow.array(range(1500))], ["s", "n"])
    for page_size, page in itertools.product([1, 10**6], ["1.0", "2.0"]):
        path = write(table, tmp_path / "f.parquet", data_page_size=page_size, write_batch_size=3,
                     data_page_version=page, row_group_size=600)
        assert_read_alike(repository, path)


def test_projection(repository, tmp_path):
    """Columns by name and by path, elements of lists of structs, and what is not there."""
    kind = pyarrow.struct([("city", pyarrow.string()), ("geo", pyarrow.struct([("lat", pyarrow.float64())]))])
    items = pyarrow.list_(pyarrow.struct([("sku", pyarrow.string()), ("n", pyarrow.int32())]))
    table = pyarrow.table({
        "id": [1, 2, 3],
        "at": pyarrow.array([{"city": "Bonn", "geo": {"lat": 50.5}}, None, {"city": None, "geo": None}], kind),
        "items": pyarrow.array([[{"sku": "a", "n": 1}, None, {"sku": None, "n": 2}], [], None], items),
        "tags": [["x"], [], None],
    })  # fmt: skip
    path = write(table, tmp_path / "f.parquet")
    schema = ("`n` Int64 `json:$.id`, `lat` Nullable(Float64) `json:$.at.geo.lat`, `city` Nullable(String) `json:$.at.city`, "
              "`skus` Array(String) `json:$.items[:].sku`, `tags` Array(String) `json:$.tags[:]`, "
              "`gone` Nullable(String), `id` Int64")
    columns, rows = read_rows(repository, path, schema)
    assert [name for name, _ in columns] == ["n", "lat", "city", "skus", "tags", "gone", "id"]
    assert rows == [[1, 50.5, "t:Bonn", 't:["a",null,null]', 't:["x"]', None, 1],
                    [2, None, None, "t:[]", "t:[]", None, 2],
                    [3, None, None, None, None, None, 3]]
    with pytest.raises(ReadError, match="none of the data source's columns.*id, at, items, tags") as caught:
        read_rows(repository, path, "`x` Int64")
    assert caught.value.code == "invalid"


def test_columns(repository, tmp_path):
    """Types as those of a data source; names that it may have."""
    struct = pyarrow.struct([("x", pyarrow.int8())])
    fields = [("i", pyarrow.int8()), ("u", pyarrow.uint32()), ("f", pyarrow.float32()), ("d", pyarrow.float64()),
              ("s", pyarrow.string()), ("b", pyarrow.binary()), ("day", pyarrow.date32()), ("ms", pyarrow.timestamp("ms")),
              ("ns", pyarrow.timestamp("ns", "UTC")), ("dec", pyarrow.decimal128(20, 3)), ("yes", pyarrow.bool_()),
              ("l", pyarrow.list_(pyarrow.int64())), ("m", pyarrow.map_(pyarrow.string(), pyarrow.int32())), ("st", struct),
              ("time", pyarrow.time64("us")), ("a b", pyarrow.int64()), ("A_b", pyarrow.int64()), ("1", pyarrow.int64()),
              ("rowid", pyarrow.int64())]  # fmt: skip
    schema = pyarrow.schema([pyarrow.field(name, kind, nullable=False) for name, kind in fields])
    path = write(schema.empty_table(), tmp_path / "f.parquet")
    columns, rows = read_rows(repository, path)
    assert rows == []
    assert columns == [
        ["i", "Int8"], ["u", "UInt32"], ["f", "Float32"], ["d", "Float64"], ["s", "String"], ["b", "String"],
        ["day", "Date"], ["ms", "DateTime64(3)"], ["ns", "DateTime64(6)"], ["dec", "Decimal(20, 3)"], ["yes", "Bool"],
        ["l", "Array(Nullable(Int64))"], ["m", "Map(String, Nullable(Int32))"], ["st", "JSON"], ["time", "String"],
        ["a_b", "Int64"], ["A_b_2", "Int64"], ["_1", "Int64"], ["rowid_", "Int64"]]  # fmt: skip
    table = pyarrow.table({"a b": [1], "A_b": [2], "1": [3]})
    assert_read_alike(repository, write(table, tmp_path / "named.parquet"))


def test_no_rows_at_all(repository, tmp_path, flat):
    assert_read_alike(repository, write(flat.slice(0, 0), tmp_path / "none.parquet"))
    with pyarrow.parquet.ParquetWriter(tmp_path / "groups.parquet", flat.schema) as writer:
        for begin, rows in [(0, 0), (0, 1), (1, 0), (1, 5)]:
            writer.write_table(flat.slice(begin, rows))
    assert_read_alike(repository, tmp_path / "groups.parquet")


DUCKDB_ROWS = """
SELECT i AS n, i::UTINYINT AS u8, -i::SMALLINT AS i16, (i * 1000000007)::UBIGINT AS u64, i / 7 AS d, (i / 3)::FLOAT AS f,
  CASE WHEN i % 3 = 0 THEN NULL ELSE 'text ' || (i % 20) END AS s, i % 2 = 0 AS b, encode('b' || i) AS bytes,
  '\\xFF\\x00'::BLOB AS raw, DATE '1970-01-01' + i::INTEGER * 17 AS day, TIME '00:00:01.5' + to_seconds(i) AS t,
  TIMESTAMP '2024-02-29 12:00:00.000001' + to_hours(i) AS ts, (TIMESTAMP '2024-02-29 12:00:00' + to_hours(i))::TIMESTAMP_MS AS ms,
  (TIMESTAMP '1969-02-28 12:00:00' + to_hours(i))::TIMESTAMP_NS AS ns, (TIMESTAMP '2024-02-29' + to_hours(i))::TIMESTAMPTZ AS tz,
  (i * 1.01)::DECIMAL(4, 1) AS d4, (i * 1.01)::DECIMAL(9, 2) AS d9, (-i * 1.01)::DECIMAL(18, 3) AS d18, (i * 1.01)::DECIMAL(38, 6) AS d38,
  [i, NULL, i + 1][1:i % 4] AS l, {{'a': i, 'b': [i::VARCHAR]}} AS st, MAP {{'k' || i: i}} AS m,
  (CASE i % 3 WHEN 0 THEN 'red' ELSE 'green' END)::ENUM('red', 'green') AS e,
  md5(i::VARCHAR)::UUID AS id
FROM range({rows}) t(i)
"""


@pytest.mark.parametrize("codec", ["uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4_raw"])
@pytest.mark.parametrize("version", ["V1", "V2"])
def test_files_of_duckdb(repository, tmp_path, codec, version):
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "f.parquet"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        query = DUCKDB_ROWS.format(rows=250)
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, CODEC '{codec}', PARQUET_VERSION {version}, ROW_GROUP_SIZE 2048)")
    columns = dict(assert_read_alike(repository, path))
    assert columns["id"] == "Nullable(UUID)"


def test_intervals_of_duckdb(repository, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "f.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT INTERVAL '14 months 3 days 4.005 seconds' AS i) TO '{path}' (FORMAT parquet)")
    assert read_rows(repository, path)[1] == [["t:P14M3DT4.005S"]]


CLICKHOUSE_ROWS = """
SELECT number AS n, toUInt8(number) AS u8, toInt16(-number) AS i16, toUInt64(18446744073709551615 - number) AS u64,
  number / 7 AS d, toFloat32(number / 3) AS f, if(number % 3 = 0, NULL, concat('text ', toString(number % 20))) AS s,
  toBool(number % 2) AS b, toFixedString('ab', 3) AS fixed, toLowCardinality(toString(number % 7)) AS low,
  toDate('2020-01-01') + number AS day, toDate32('1930-01-01') + number AS day32, toDateTime(number * 100000, 'UTC') AS ts,
  toDateTime64('2024-02-29 12:00:00.123', 3, 'UTC') + number AS ms, toDateTime64('2024-02-29 12:00:00.123456', 6, 'UTC') + number AS us,
  toDecimal32(number * 1.01, 2) AS d9, toDecimal64(-number * 1.01, 3) AS d18, toDecimal128(number * 1.01, 6) AS d38,
  arrayMap(x -> if(x = 1, NULL, x), range(number % 4)) AS l, map('k', number) AS m, tuple(number, 'x')::Tuple(a UInt64, b String) AS st
FROM numbers({rows})
"""


@pytest.mark.parametrize("codec", ["none", "snappy", "gzip", "zstd", "brotli", "lz4"])
def test_files_of_clickhouse(repository, tmp_path, codec):
    chdb = pytest.importorskip("chdb")
    path = tmp_path / "f.parquet"
    chdb.query(CLICKHOUSE_ROWS.format(rows=3000) +
               f" INTO OUTFILE '{path}' FORMAT Parquet SETTINGS output_format_parquet_compression_method = '{codec}', "
               "output_format_parquet_row_group_size = 1000, output_format_parquet_data_page_size = 3000")
    assert_read_alike(repository, path)


@pytest.mark.parametrize("codec", OWN_CODECS)
@pytest.mark.parametrize("shape", ["types", "nulls", "runs"])
def test_our_own_files(repository, tmp_path, chance, shape, codec):
    table = make_table(repository, tmp_path / "f.parquet", shape, codec, 3000, chance.randrange(2**32), 1000)
    assert_read_alike(repository, table.path)


def test_encrypted_files_are_named(repository, tmp_path):
    encryption = pytest.importorskip("pyarrow.parquet.encryption")

    class Keys(encryption.KmsClient):
        def __init__(self, _):
            super().__init__()

        def wrap_key(self, key, _):
            return key.hex()

        def unwrap_key(self, key, _):
            return bytes.fromhex(key)

    factory = encryption.CryptoFactory(Keys)
    for plain_footer in (False, True):
        config = encryption.EncryptionConfiguration(footer_key="f", column_keys={"c": ["a"]}, plaintext_footer=plain_footer)
        properties = factory.file_encryption_properties(encryption.KmsConnectionConfig(), config)
        path = tmp_path / f"{plain_footer}.parquet"
        pyarrow.parquet.write_table(pyarrow.table({"a": [1], "b": [2]}), path, encryption_properties=properties)
        with pytest.raises(ReadError, match="encrypted") as caught:
            read_rows(repository, path)
        assert caught.value.code == "invalid"


def test_a_changed_byte_is_noticed(repository, tmp_path):
    table = pyarrow.table({"a": list(range(10000))})
    path = write(table, tmp_path / "f.parquet", compression="none")
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 4
    path.write_bytes(content)
    with pytest.raises(ReadError, match="checksum") as caught:
        read_rows(repository, path)
    assert caught.value.code == "invalid"


def test_throughput(repository, tmp_path, record_property):
    """A million rows of eight columns, as the pages of the file are read: a figure to look at."""
    chance = random.Random(6)
    rows = 1_000_000
    texts = [f"/path/{chance.randrange(10**6)}?q={chance.random()}" for _ in range(10_000)]
    table = pyarrow.table({
        "id": range(rows), "at": pyarrow.array(range(rows), pyarrow.timestamp("ms")),
        "user": [f"user-{i % 5000}" for i in range(rows)], "url": [texts[i * 7919 % 10_000] + str(i) for i in range(rows)],
        "status": pyarrow.array([200 + i % 7 for i in range(rows)], pyarrow.int32()), "took": [i * 0.25 for i in range(rows)],
        "country": ["DE" if i % 3 else None for i in range(rows)], "ok": [i % 11 != 0 for i in range(rows)],
    })  # fmt: skip
    path = write(table, tmp_path / "f.parquet", compression="zstd")
    [figures] = run_tool(repository, "--time", path)
    assert figures["rows"] == rows
    per_second = rows / figures["seconds"]
    record_property("parquet rows read a second", f"{per_second:,.0f} ({figures['bytes'] / 1e6:.0f} MB file, "
                    f"{table.nbytes / 1e6 / figures['seconds']:,.0f} MB/s of values)")
    assert per_second > 50_000
