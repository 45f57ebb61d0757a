"""Must show: ClickHouse's types through CSV, NDJSON and Parquet, read back by the engine itself.

Each column of the table is a type with its edge values. What is read back is cast to the column's own type; then the
engine says whether it is the value that it has. CSV and NDJSON hold what is nested as JSON."""
import json
import math

import pyarrow.parquet
import pytest

from support.cluster import export_cluster, start_with_cluster

#: Type, and the values as ClickHouse's SQL; NULL is added where the type takes it.
TYPES = {
    "i8": ("Int8", "-128", "127"), "i16": ("Int16", "-32768", "32767"), "i32": ("Int32", "-2147483648", "2147483647"),
    "i64": ("Int64", "-9223372036854775808", "9223372036854775807"),
    "i128": ("Int128", "toInt128('-170141183460469231731687303715884105728')", "toInt128('1')"),
    "i256": ("Int256", "toInt256('-57896044618658097711785492504343953926634992332820282019728792003956564819968')", "0"),
    "u8": ("UInt8", "0", "255"), "u16": ("UInt16", "0", "65535"), "u32": ("UInt32", "0", "4294967295"),
    "u64": ("UInt64", "0", "18446744073709551615"),
    "u128": ("UInt128", "0", "toUInt128('340282366920938463463374607431768211455')"),
    "u256": ("UInt256", "5", "toUInt256('115792089237316195423570985008687907853269984665640564039457584007913129639935')"),
    "f32": ("Float32", "0.1", "-3.4028235e38", "1e-45"), "f64": ("Float64", "0.1", "1.7976931348623157e308", "5e-324"),
    "bool": ("Bool", "true", "false"),
    "text": ("String", "''", "'a \"quoted\", \\n one'", "'üñï 🙂'", "'\\\\N'", "'NULL'"),
    "fixed": ("FixedString(4)", "'abcd'", "'wxyz'"),
    "low": ("LowCardinality(String)", "'one'", "''", "'two'"),
    "date": ("Date", "'1970-01-01'", "'2149-06-06'"), "date32": ("Date32", "'1900-01-01'", "'2299-12-31'"),
    "time": ("DateTime", "0", "4294967295"), "berlin": ("DateTime('Europe/Berlin')", "1729990800", "1729994400"),
    "time3": ("DateTime64(3)", "'1969-12-31 23:59:59.999'", "'2024-02-29 12:34:56.789'"),
    "time6": ("DateTime64(6, 'America/New_York')", "'2024-11-03 01:30:00.000001'", "'1900-01-01 05:00:00.5'"),
    "time9": ("DateTime64(9)", "'2024-02-29 12:34:56.123456789'", "'1969-01-01 00:00:00.000000001'"),
    "d9": ("Decimal(9, 2)", "-9999999.99", "0.05"), "d18": ("Decimal(18, 6)", "'123456789012.345678'", "-0.000001"),
    "d38": ("Decimal(38, 10)", "'-1234567890123456789012345678.0123456789'", "1"),
    "d76": ("Decimal(76, 20)", "'12345678901234567890123456789012345678901234567890123456.01234567890123456789'", "-1"),
    "e8": ("Enum8('a' = -1, 'it\\'s' = 2, 'three, four' = 3)", "'a'", "'it\\'s'", "'three, four'"),
    "e16": ("Enum16('x' = 1000, 'y' = -1000)", "'x'", "'y'"),
    "uuid": ("UUID", "'61f0c404-5cb3-11e7-907b-a6006ad3dba0'", "'00000000-0000-0000-0000-000000000000'"),
    "ip4": ("IPv4", "'192.168.0.1'", "'255.255.255.255'"), "ip6": ("IPv6", "'2001:db8::1'", "'::ffff:1.2.3.4'"),
}
NESTED = {
    "array": ("Array(Nullable(Int32))", "[1, NULL, -3]", "[]"),
    "arrays": ("Array(Array(String))", "[['a', ''], [], ['b\"c']]", "[]", "[[]]"),
    "lows": ("Array(LowCardinality(Nullable(String)))", "['x', NULL, 'y', 'x']", "[]"),
    "map": ("Map(String, UInt64)", "map('k', 18446744073709551615, 'l', 0)", "map()"),
    "maps": ("Map(LowCardinality(String), Array(DateTime64(3)))", "map('t', ['2024-02-29 12:34:56.789'])", "map()"),
    "tuple": ("Tuple(a Int32, b Nullable(String), c Decimal(9, 2))", "(1, 'x', 2.50)", "(-1, NULL, 0.01)"),
    "pair": ("Tuple(UInt8, Date)", "(5, '2024-02-29')", "(6, '1970-01-01')"),
    "deep": ("Array(Tuple(k String, v Map(String, Array(Tuple(x Float64, y Bool)))))",
             "[('k', map('m', [(0.5, true), (1.5, false)])), ('l', map())]", "[]"),
}


def make_table(server, columns, name="types"):
    """One row for each index; columns with fewer values repeat theirs; then one of NULL where the type takes it."""
    nullable = {column: kind[0] for column, kind in columns.items()
                if not kind[0].startswith(("Array", "Map", "Tuple", "LowCardinality"))}
    fields = ", ".join(f"{column} {f'Nullable({kind[0]})' if column in nullable else kind[0]}" for column, kind in columns.items())
    server.query(f"DROP TABLE IF EXISTS {name}")
    server.query(f"CREATE TABLE {name} (id UInt32, {fields}) ENGINE = MergeTree ORDER BY id")
    count = max(len(kind) - 1 for kind in columns.values())
    rows = [", ".join([str(i)] + [kind[1 + i % (len(kind) - 1)] for kind in columns.values()]) for i in range(count)]
    if nullable:
        rows.append(", ".join([str(count)] + ["NULL" if column in nullable else kind[1] for column, kind in columns.items()]))
    server.query(f"INSERT INTO {name} VALUES " + ", ".join(f"({row})" for row in rows))
    return len(rows)


def put_file(server, name, body):
    """Where the engine's file() finds it."""
    folder = server.folder / "data" / "user_files"
    for place in (folder, server.folder):
        if place.exists():
            (place / name).write_bytes(body)
    return str(server.folder / name)


def same_as_table(server, source, column, kind, table="types"):
    """How many rows of `source` (id, c) are not what the table has, the engine being the judge."""
    return server.text(f"SELECT count() FROM {table} AS t LEFT JOIN (SELECT id, c, 1 AS there FROM ({source})) AS s USING (id) "
                       f"WHERE there = 0 OR toString(t.{column}) != toString(s.c) OR isNull(t.{column}) != isNull(s.c)",
                       {"join_use_nulls": 0})


@pytest.fixture
def sluice(make_sluice, chdb):
    return start_with_cluster(make_sluice, chdb)


@pytest.fixture
def exported(sluice):
    def export(form, columns, table="types", **more):
        name = f"x_{form}"
        export_cluster(sluice, name, f"SELECT id, {', '.join(columns)} FROM {table} ORDER BY id", format=form, **more)
        return next(body for path, body in sluice.local_files().items() if path.startswith(f"{name}/"))
    return export


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet"])
def test_every_flat_type_comes_back(exported, chdb, form):
    rows = make_table(chdb, TYPES)
    # Without quotes, which is how a text of these letters differs from it.
    null = {"csv_null": "\\N"} if form == "csv" else {}
    file = put_file(chdb, f"types.{form}", exported(form, TYPES, **null))
    schema = {"csv": "CSVWithNames", "ndjson": "JSONEachRow", "parquet": "Parquet"}[form]
    # Everything that is not typed in the file itself is read as text and cast by the engine.
    columns = ", ".join(f"{name} Nullable(String)" for name in TYPES)
    typed = form == "parquet"
    structure = "" if typed else f", 'id UInt32, {columns}'"
    settings = ("SETTINGS input_format_csv_empty_as_default = 0, input_format_json_read_numbers_as_strings = 1, "
                "input_format_json_read_bools_as_strings = 1, date_time_input_format = 'best_effort', "
                "cast_string_to_dynamic_use_inference = 0")
    wrong = {}
    for name, (kind, *_) in TYPES.items():
        whole = f"Nullable({kind})" if not kind.startswith("Low") else "Nullable(String)"
        value = f"CAST({name} AS {whole})"
        if kind.startswith("DateTime"):
            digits = kind[11] if kind.startswith("DateTime64") else "0"
            zone = kind.split("'")[1] if "'" in kind else "UTC"
            value = f"parseDateTime64BestEffortOrNull({name}, {digits}, '{zone}')" if not typed else value
            if kind.startswith("DateTime") and not kind.startswith("DateTime64") and not typed:
                value = f"CAST(parseDateTimeBestEffortOrNull({name}, '{zone}') AS {whole})"
        source = f"SELECT id, {value} AS c FROM file('{file}', {schema}{structure}) {settings}"
        count = same_as_table(chdb, source, name, kind)
        if count != "0":
            wrong[name] = (count, chdb.text(f"SELECT toString({name}) FROM types ORDER BY id").split("\n"),
                           chdb.text(f"SELECT toString(c) FROM ({source}) ORDER BY id").split("\n"))
    assert not wrong, json.dumps(wrong, indent=1)
    assert rows == 6


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet"])
def test_every_nested_type_comes_back(exported, chdb, form):
    make_table(chdb, NESTED, "nested")
    file = put_file(chdb, f"nested.{form}", exported(form, NESTED, "nested"))
    wrong = {}
    for name, (kind, *_) in NESTED.items():
        if form == "csv":
            # As JSON in a field: into an object of JSON, and from there into the type.
            source = (f"SELECT id, JSONExtract('{{\"c\":' || {name} || '}}', 'c', '{kind.replace(chr(39), chr(92) + chr(39))}') AS c "
                      f"FROM file('{file}', CSVWithNames, 'id UInt32, {', '.join(f'{each} String' for each in NESTED)}')")
        elif form == "ndjson":
            source = (f"SELECT id, {name} AS c FROM file('{file}', JSONEachRow, 'id UInt32, {name} {kind}') "
                      "SETTINGS input_format_skip_unknown_fields = 1, date_time_input_format = 'best_effort'")
        else:
            source = f"SELECT id, CAST({name} AS {kind}) AS c FROM file('{file}', Parquet)"
        count = same_as_table(chdb, source, name, kind, "nested")
        if count != "0":
            wrong[name] = (count, chdb.text(f"SELECT toString({name}) FROM nested ORDER BY id").split("\n"),
                           chdb.text(f"SELECT toString(c) FROM ({source}) ORDER BY id").split("\n"))
    assert not wrong, json.dumps(wrong, indent=1)


def test_parquet_types_are_what_others_expect(exported, chdb, tmp_path):
    make_table(chdb, TYPES)
    file = tmp_path / "types.parquet"
    file.write_bytes(exported("parquet", TYPES))
    schema = {field.name: str(field.type) for field in pyarrow.parquet.read_schema(file)}
    expected = {"i64": "int64", "u64": "uint64", "f32": "float", "f64": "double", "bool": "bool", "text": "string",
                "date": "date32[day]", "time": "timestamp[us, tz=UTC]", "berlin": "timestamp[us, tz=UTC]",
                "time9": "timestamp[ns, tz=UTC]", "d9": "decimal128(9, 2)", "d38": "decimal128(38, 10)",
                "d76": "decimal256(76, 20)", "i256": "string", "uuid": "string", "e8": "string", "low": "string"}
    assert {name: schema[name] for name in expected} == expected


def test_numbers_without_end(exported, chdb):
    chdb.query("DROP TABLE IF EXISTS ends")
    chdb.query("CREATE TABLE ends (id UInt32, f Float64) ENGINE = MergeTree ORDER BY id")
    chdb.query("INSERT INTO ends VALUES (1, nan), (2, inf), (3, -inf)")
    lines = [json.loads(line) for line in exported("ndjson", ["f"], "ends").splitlines()]
    assert [line["f"] for line in lines] == ["NaN", "Infinity", "-Infinity"]
    values = [float(line.split(b",")[1]) for line in exported("csv", ["f"], "ends").splitlines()[1:]]
    assert math.isnan(values[0]) and values[1:] == [math.inf, -math.inf]


def test_text_that_is_none_is_told(sluice, chdb):
    job = export_cluster(sluice, "p", "SELECT unhex('FF') AS broken", status="error", format="csv")
    assert "broken" in job["error"] and "UTF-8" in job["error"]
    assert sluice.local_files() == {}


def test_times_of_partitions_are_utc(sluice, chdb):
    export_cluster(sluice, "p", "SELECT toDateTime64('2024-12-31 23:30:00.5', 1, 'America/New_York') AS t, toDate('2024-02-29') AS d, "
                                "toDecimal64('1.50', 2) AS price, true AS flag", format="csv",
                   file_template="{t, '%Y-%m-%d'}/{d}/{price}/{flag}")
    assert list(sluice.local_files()) == ["p/2025-01-01/2024-02-29/1.50/true.csv"]
    job = export_cluster(sluice, "q", "SELECT [1] AS list", status="error", format="csv", file_template="{list}")
    assert "list" in job["error"]
