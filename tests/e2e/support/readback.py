"""Files that Sluice wrote, read with other programs' readers; and values as those readers give them."""
import base64
import csv
import datetime
import gzip
import io
import json
import re
import subprocess

from support.naming import moment

UTC = datetime.timezone.utc


def unpacked(compression, body):
    if compression == "gz":
        return gzip.decompress(body)
    if compression == "zst":
        return subprocess.run(["zstd", "-dcq"], input=body, capture_output=True, check=True).stdout
    return body


def read_csv(text, delimiter, null_text):
    """Rows of a CSV file, NULL as None. The csv module reads the same, but does not tell NULL from
    a text in quotes; so the fields are taken apart here and compared with what it says."""
    field = re.compile(r'(?:"((?:[^"]|"")*)"|([^"\r\n%s]*))(%s|\n)' % (re.escape(delimiter), re.escape(delimiter)))
    rows, row, at = [], [], 0
    while at < len(text):
        found = field.match(text, at)
        assert found, f"no CSV field begins with {text[at:at + 60]!r}"
        quoted, plain, end = found.groups()
        row.append(quoted.replace('""', '"') if quoted is not None else None if plain == null_text else plain)
        if end == "\n":
            rows.append(row)
            row = []
        at = found.end()
    assert not row, "the last line has no end"
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    assert read == [[null_text if each is None else each for each in row] for row in rows]
    return rows[0], rows[1:]


def read_ndjson(text):
    assert text.endswith("\n")
    objects = [json.loads(line, object_pairs_hook=list) for line in text[:-1].split("\n")]
    names = [name for name, _ in objects[0]]
    assert all([name for name, _ in pairs] == names for pairs in objects)
    return names, [[value for _, value in pairs] for pairs in objects]


def in_utc(value):
    """pyarrow takes its own class for UTC, which is equal to Python's but looks different."""
    return value.astimezone(UTC) if isinstance(value, datetime.datetime) else value


def read_parquet(body):
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(io.BytesIO(body), page_checksum_verification=True) as file:
        table = file.read()
    columns = [[in_utc(value) for value in column.to_pylist()] for column in table.columns]
    return table.column_names, [list(row) for row in zip(*columns, strict=True)]


def read_file(body, file_format, compression, delimiter=",", null_text=""):
    """(column names, rows)"""
    if file_format == "parquet":
        return read_parquet(body)
    text = unpacked(compression, body).decode()
    return read_ndjson(text) if file_format == "ndjson" else read_csv(text, delimiter, null_text)


def value_in_csv(value, _):
    if value is None or isinstance(value, str):
        return value
    return base64.b64encode(value).decode() if isinstance(value, bytes) else repr(value)


def value_in_ndjson(value, _):
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def value_in_parquet(value, declared):
    """What pyarrow gives for it in a column of that declared type."""
    if value is None:
        return None
    if declared == "BOOLEAN":
        return value in (1, "true")
    if declared == "TIMESTAMP":
        return moment(value).replace(tzinfo=UTC)
    return moment(value).date() if declared == "DATE" else value


VALUE_IN = {"csv": value_in_csv, "ndjson": value_in_ndjson, "parquet": value_in_parquet}
