"""Rows of Parquet files as Sluice reads them, and what it must read, told by Arrow's values."""

import json
import math
import subprocess
from datetime import date, timedelta
from decimal import Decimal

import pyarrow
import pyarrow.parquet

from support.parquet import built_tool


class ReadError(Exception):
    """The file was refused, with `code` and a sentence."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def run_tool(repository, *arguments):
    """The lines that the tool prints; a crash is a failure of the test."""
    run = subprocess.run([built_tool(repository, "parquet_rows_tool"), *map(str, arguments)], capture_output=True,
                         text=True, check=False, timeout=300)
    assert run.returncode in (0, 1), (run.returncode, run.stderr)
    lines = [json.loads(line) for line in run.stdout.split("\n")[:-1]]
    if run.returncode == 1:
        raise ReadError(lines[-1]["code"], lines[-1]["error"])
    return lines


def read_rows(repository, path, schema=None):
    """(columns as [name, type], rows)."""
    columns, *rows = run_tool(repository, path, *([schema] if schema else []))
    return columns, rows


def clock_text(units, digits):
    per_second = 10**digits
    seconds, fraction = divmod(units, per_second)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return text + (f".{fraction:0{digits}}" if fraction else "")


def date_text(days):
    """Of any year: the calendar repeats itself after 146,097 days."""
    cycle, rest = divmod(days - (date(2000, 1, 1) - date(1970, 1, 1)).days, 146097)
    day = date(2000, 1, 1) + timedelta(days=rest)
    year = day.year + 400 * cycle
    sign = "-" if year < 0 else "+" if year > 9999 else ""
    return f"{sign}{abs(year):04}-{day.month:02}-{day.day:02}"


UNIT_DIGITS = {"s": 3, "ms": 3, "us": 6, "ns": 9}  # Parquet has no seconds: Arrow writes milliseconds.


def timestamp_text(kind, units):
    digits = UNIT_DIGITS[kind.unit]
    if kind.unit == "s":
        units *= 1000
    day, rest = divmod(units, 86400 * 10**digits)
    return f"{date_text(day)} {clock_text(rest, digits)}" + ("Z" if kind.tz else "")


def text_of(scalar, nested):
    """The text of a scalar of a type that has one, else None."""
    kind, types = scalar.type, pyarrow.types
    if types.is_date(kind):
        return date_text(scalar.value if types.is_date32(kind) else scalar.value // 86_400_000)
    if types.is_time(kind):
        scale = 1000 if kind.unit == "s" else 1
        return clock_text(scalar.value * scale, UNIT_DIGITS[kind.unit])
    if types.is_timestamp(kind):
        return timestamp_text(kind, scalar.value)
    if types.is_decimal(kind):
        return Decimal(f"{scalar.as_py():f}") if nested else f"{scalar.as_py():f}"
    if isinstance(scalar, pyarrow.ExtensionScalar):
        return str(scalar.as_py())
    value = scalar.as_py()
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.hex() if nested else value
    return None


def expected_json(scalar):
    """A value inside of another as JSON has it."""
    kind, types = scalar.type, pyarrow.types
    if not scalar.is_valid:
        return None
    if types.is_dictionary(kind):
        return expected_json(scalar.value)
    if types.is_struct(kind):
        return {kind.field(i).name: expected_json(scalar[i]) for i in range(kind.num_fields)}
    if types.is_map(kind):
        return {str(key_text(pair["key"])): expected_json(pair["value"]) for pair in scalar.values}
    if hasattr(scalar, "values") and scalar.values is not None and types.is_nested(kind):
        return [expected_json(value) for value in scalar.values]
    text = text_of(scalar, True)
    if text is not None:
        return text
    value = scalar.as_py()
    if isinstance(value, float):
        return ("real", value, types.is_float32(kind) or types.is_float16(kind)) if math.isfinite(value) else None
    return value


def key_text(scalar):
    value = expected_json(scalar)
    return value[1] if isinstance(value, tuple) else value


def expected(scalar):
    """What the tool prints of a cell; nested values as Python's."""
    kind, types = scalar.type, pyarrow.types
    if not scalar.is_valid:
        return None
    if types.is_dictionary(kind):
        return expected(scalar.value)
    if types.is_nested(kind):
        return expected_json(scalar)
    text = text_of(scalar, False)
    if isinstance(text, bytes):
        return "b:" + text.hex()
    if text is not None:
        return "t:" + text
    value = scalar.as_py()
    if isinstance(value, float) and not math.isfinite(value):
        return "r:" + str(value)
    if isinstance(value, int) and value > 2**63 - 1:
        return f"t:{value}"
    return value


def same_json(got, wanted):
    if isinstance(wanted, tuple):
        value = float(got)
        if wanted[2]:
            import numpy

            return numpy.float32(value) == numpy.float32(wanted[1])
        return value == wanted[1]
    if isinstance(wanted, dict):
        return isinstance(got, dict) and got.keys() == wanted.keys() and all(
            same_json(got[key], value) for key, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(got, list) and len(got) == len(wanted) and all(map(same_json, got, wanted))
    if isinstance(wanted, Decimal):
        return Decimal(got) == wanted
    if isinstance(wanted, bool) or wanted is None:
        return got is wanted
    return type(got) is type(wanted) and got == wanted


def same(got, wanted, nested):
    if nested and wanted is not None:
        assert isinstance(got, str) and got.startswith("t:"), got
        return same_json(json.loads(got[2:], parse_float=Decimal), wanted)
    if isinstance(wanted, float):
        return isinstance(got, float) and repr(got) == repr(wanted)
    return got == wanted and isinstance(got, str) == isinstance(wanted, str)


def assert_read_alike(repository, path, table=None):
    """Sluice reads of the file what Arrow reads, or what is in `table`."""
    table = pyarrow.parquet.read_table(path) if table is None else table
    columns, rows = read_rows(repository, path)
    assert len(columns) == table.num_columns
    assert len(rows) == table.num_rows
    for i, name in enumerate(table.column_names):
        column = table.column(i)
        nested = pyarrow.types.is_nested(column.type)
        for row, (scalar, got) in enumerate(zip(column, (each[i] for each in rows), strict=True)):
            wanted = expected(scalar)
            assert same(got, wanted, nested), (name, str(column.type), row, got, wanted)
    return columns
