"""Every compression of a whole file, opened by the programs and libraries that people open it with.

The codec tool compresses rows as one stream and as joined pieces; each reader has to give them all
back, or refuse for the reason that REFUSED tells. A reader that learns a compression fails the test
until its line is taken out there, and one that reads the first piece only would fail it, too.
"""
import bz2
import csv
import gzip
import io
import json
import lzma
import os
import pathlib
import re
import shutil
import subprocess

import pytest

REPO = pathlib.Path(__file__).resolve().parents[2]
COMPRESSIONS = ["none", "gz", "zst", "br", "xz", "bz2", "lz4"]
LEVELS = ["fast", "small"]
COMMANDS = {"gz": "gzip", "zst": "zstd", "br": "brotli", "xz": "xz", "bz2": "bzip2", "lz4": "lz4"}
ARROW_NAMES = {"gz": "gzip", "zst": "zstd", "br": "brotli", "bz2": "bz2", "lz4": "lz4", "xz": "xz"}
DUCKDB_NAMES = {**ARROW_NAMES, "none": "none"}
# How a file is made of its rows: "block" joins pieces, "stream" does not. 1 MiB is what an export
# cuts at; small pieces put many ends of them into one buffer of a reader.
WAYS = [("stream", 1 << 20), ("block", 1 << 20), ("block", 20_011)]
HEADER = ["id", "name", "amount"]
ROWS = [[str(i), f"name {i * 7919 % 100_003}, \"the\" {i % 17}th", f"{i % 9973}.{i % 100:02}"]
        for i in range(40_000)]

DUCKDB_HAS_NOT = "compression type is not supported"
# Who can't read what, and what they say.
REFUSED = {
    ("arrow stream", "xz"): "Invalid value for compression: 'xz'",
    # Chosen by the file's extension, and these are not among those known: read as if it was text.
    ("arrow csv", "br"): "CSV parse error|invalid UTF",
    ("arrow csv", "xz"): "CSV parse error|invalid UTF",
    ("duckdb csv", "br"): DUCKDB_HAS_NOT,
    ("duckdb csv", "xz"): DUCKDB_HAS_NOT,
    ("duckdb csv", "bz2"): DUCKDB_HAS_NOT,
    ("duckdb csv", "lz4"): DUCKDB_HAS_NOT,
    ("duckdb json", "br"): DUCKDB_HAS_NOT,
    ("duckdb json", "xz"): DUCKDB_HAS_NOT,
    ("duckdb json", "bz2"): DUCKDB_HAS_NOT,
    ("duckdb json", "lz4"): DUCKDB_HAS_NOT,
}


def csv_bytes():
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([HEADER, *ROWS])
    return text.getvalue().encode()


def ndjson_bytes():
    return "".join(json.dumps(dict(zip(HEADER, row))) + "\n" for row in ROWS).encode()


def compress(what, compression, level, piece_bytes, data):
    build = os.environ.get("SLUICE_PRESET", "release")
    tool = pathlib.Path(os.environ.get("SLUICE_CODEC_TOOL", REPO / "build" / build / "codec_tool"))
    if not tool.exists():
        pytest.skip(f"no codec tool at {tool}")
    return subprocess.run([tool, what, compression, level, str(piece_bytes)], input=data,
                          stdout=subprocess.PIPE, check=True).stdout


@pytest.fixture(scope="module")
def texts():
    return {"csv": csv_bytes(), "ndjson": ndjson_bytes()}


@pytest.fixture(scope="module")
def make_file(texts, tmp_path_factory):
    """Makes each file once."""
    folder = tmp_path_factory.mktemp("codecs")

    def make(text, compression, level, what, piece_bytes):
        extension = text if compression == "none" else f"{text}.{compression}"
        file = folder / f"{what}-{level}-{piece_bytes}.{extension}"
        if not file.exists():
            file.write_bytes(compress(what, compression, level, piece_bytes, texts[text]))
        return file

    return make


def as_command(file, compression):
    if compression == "none":
        return file.read_bytes()
    command = COMMANDS[compression]
    if shutil.which(command) is None:
        pytest.skip(f"no {command} on this machine")
    return subprocess.run([command, "-dc", file], stdout=subprocess.PIPE, check=True).stdout


def as_python(file, compression):
    opened = {"none": open, "gz": gzip.open, "bz2": bz2.open, "xz": lzma.open}[compression]
    with opened(file, "rb") as stream:
        return stream.read()


def as_arrow_stream(file, compression):
    arrow = pytest.importorskip("pyarrow")
    if compression == "none":
        return arrow.OSFile(str(file)).read()
    return arrow.CompressedInputStream(arrow.OSFile(str(file)), ARROW_NAMES[compression]).read()


def as_arrow_csv(file, _compression):
    arrow = pytest.importorskip("pyarrow")
    arrow_csv = pytest.importorskip("pyarrow.csv")
    texts_only = arrow_csv.ConvertOptions(column_types={name: arrow.string() for name in HEADER})
    table = arrow_csv.read_csv(file, convert_options=texts_only)
    return [list(row.values()) for row in table.to_pylist()]


def duckdb_rows(call, file):
    duckdb = pytest.importorskip("duckdb")
    # Kept in order, so that rows can be compared one by one.
    with duckdb.connect(config={"preserve_insertion_order": True}) as connection:
        return [list(row) for row in connection.execute(f"SELECT * FROM {call}", [str(file)]).fetchall()]


def as_duckdb_csv(file, compression):
    return duckdb_rows(f"read_csv(?, header = true, delim = ',', quote = '\"', all_varchar = true, "
                       f"compression = '{DUCKDB_NAMES[compression]}')", file)


def as_duckdb_json(file, compression):
    columns = ", ".join(f"{name}: 'VARCHAR'" for name in HEADER)
    return duckdb_rows(f"read_json(?, format = 'newline_delimited', columns = {{{columns}}}, "
                       f"compression = '{DUCKDB_NAMES[compression]}')", file)


# Reader, what it reads, and of which compressions: Python's standard library has three.
READERS = {
    "command": (as_command, "csv", COMPRESSIONS),
    "python": (as_python, "csv", ["none", "gz", "bz2", "xz"]),
    "arrow stream": (as_arrow_stream, "csv", COMPRESSIONS),
    "arrow csv": (as_arrow_csv, "csv", COMPRESSIONS),
    "duckdb csv": (as_duckdb_csv, "csv", COMPRESSIONS),
    "duckdb json": (as_duckdb_json, "ndjson", COMPRESSIONS),
}
CASES = [(reader, compression) for reader, (_, _, compressions) in READERS.items()
         for compression in compressions]


def ways_of(compression):
    """Brotli has no pieces that could be joined."""
    return [way for way in WAYS if way[0] == "stream" or compression != "br"]


@pytest.mark.parametrize("reader,compression", CASES)
def test_reader(reader, compression, make_file, texts):
    read, text, _ = READERS[reader]
    for level in ["fast"] if compression == "none" else LEVELS:
        for what, piece_bytes in ways_of(compression):
            file = make_file(text, compression, level, what, piece_bytes)
            if (reader, compression) in REFUSED:
                with pytest.raises(Exception) as refused:
                    read(file, compression)
                assert re.search(REFUSED[reader, compression], str(refused.value)), refused.value
                continue
            got = read(file, compression)
            expected = texts[text] if isinstance(got, bytes) else ROWS
            # Not compared by pytest, which would show megabytes.
            same = got == expected
            assert same, f"{file.name}: {len(got)} instead of {len(expected)}"


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_nothing_is_a_valid_file(compression, tmp_path):
    for what, _ in ways_of(compression)[:2]:
        file = tmp_path / f"{what}.{compression}"
        file.write_bytes(compress(what, compression, "fast", 1 << 20, b""))
        assert as_command(file, compression) == b""


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_same_rows_same_bytes(compression, texts):
    for what, piece_bytes in ways_of(compression)[:2]:
        made = [compress(what, compression, "fast", piece_bytes, texts["csv"]) for _ in range(2)]
        assert (made[0] == made[1]) is True


@pytest.mark.parametrize("compression,name", [("snappy", "snappy"), ("gz", "gzip"), ("zst", "zstd"),
                                              ("lz4", "lz4_raw"), ("br", "brotli")])
def test_page_opens_with_arrow(compression, name, texts):
    """As Arrow decompresses the pages of a Parquet file."""
    arrow = pytest.importorskip("pyarrow")
    for level in ["fast"] if compression == "snappy" else LEVELS:
        for size in (0, 1, 1000, 1 << 20):
            page = texts["csv"][:size]
            made = compress("page", compression, level, max(size, 1), page)
            if size == 0 and compression == "snappy":
                assert made == b"\0"  # Arrow has no buffer to put nothing into; its size says all.
                continue
            back = arrow.Codec(name).decompress(made, decompressed_size=size, asbytes=True)
            assert (back == page) is True
