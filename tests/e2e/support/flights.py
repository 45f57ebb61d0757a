"""What an export of the flights must look like: asked of the sqlite3 shell, the tool users compare with.

The shell's -csv -header and Sluice print CSV alike, LF line ends included, except for these:

* The shell quotes a text with a space, an apostrophe, a control or non-ASCII character, too; Sluice
  quotes only what a reader needs quoted: a comma, a quote, CR, LF, the empty text.
* The shell prints a REAL with 15 digits (0.333333333333333); Sluice prints the shortest number that
  reads back equal (0.3333333333333333), so that no value changes on its way.
* The shell prints a BLOB as bytes and stops at the first zero byte; Sluice prints base64.

The flights hold none of these, so for them each file must be equal byte for byte. What the two make
of the rest stands in test_must_show_export.py.
"""
import functools
import gzip
import json
import sqlite3
import subprocess

ROWS = 336776
FILES = 185


def shell(database, *arguments):
    """What the sqlite3 shell prints, as bytes."""
    done = subprocess.run(["sqlite3", "-readonly", *arguments[:-1], str(database), arguments[-1]],
                          check=True, capture_output=True)
    assert not done.stderr, done.stderr
    return done.stdout


def partitions(database):
    """Every (month, carrier)."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return connection.execute("SELECT DISTINCT month, carrier FROM flights").fetchall()
    finally:
        connection.close()


@functools.lru_cache(maxsize=None)
def expected_csv(database):
    """{"month=1/UA": bytes}: each partition as the shell prints it."""
    return {f"month={month}/{carrier}": shell(
        database, "-csv", "-header",
        f"SELECT * FROM flights WHERE month = {month} AND carrier = '{carrier}' ORDER BY rowid")
        for month, carrier in partitions(database)}


@functools.lru_cache(maxsize=None)
def expected_ndjson(database):
    """{"month=1/UA": [object, ...]}: each partition's rows, parsed from the shell's -json."""
    return {f"month={month}/{carrier}": json.loads(shell(
        database, "-json", f"SELECT * FROM flights WHERE month = {month} AND carrier = '{carrier}' ORDER BY rowid"))
        for month, carrier in partitions(database)}


def unpack(name, body):
    """The file's name without its extensions, and its content without compression."""
    if name.endswith(".gz"):
        name, body = name.removesuffix(".gz"), gzip.decompress(body)
    for extension in (".csv", ".ndjson"):
        name = name.removesuffix(extension)
    return name, body


def check_export(objects, prefix, extension, database):
    """The objects are exactly the flights, a file per month and carrier, and nothing else."""
    expected = expected_csv(database)
    assert len(expected) == FILES
    wanted = {f"{prefix}{name}{extension}" for name in expected}
    assert set(objects) == wanted, sorted(set(objects) ^ wanted)[:10]
    rows = 0
    for key, body in objects.items():
        name, text = unpack(key.removeprefix(prefix), body)
        assert text == expected[name], f"{key} differs from what the sqlite3 shell prints"
        rows += text.count(b"\n") - 1
    assert rows == ROWS


def check_partial_export(objects, prefix, extension, database):
    """Some of the flights' files: each one there is complete."""
    expected = expected_csv(database)
    for key, body in objects.items():
        assert key.startswith(prefix) and key.endswith(extension), key
        name, text = unpack(key.removeprefix(prefix), body)
        assert text == expected[name], f"{key} is visible and not complete"
