"""Large request bodies, as curl sends them: on the disk while they come, never in memory, and gone afterwards."""
import gzip
import json
import os
import pathlib
import sqlite3
import subprocess
import threading
import time

import pytest
import urllib3

from support.process import until
from support.sanitizers import memory_limit
from support.sluice import TOKEN, Sluice
from support.stream import MemoryWatch
from support.tls import TlsSluice, make_identity

MIB = 1024 * 1024
LINE = b"%010d,the rest of the row is the same for each of them: abcdefghijklmnopqrstuvwxyz\n"
LINE_BYTES = len(LINE % 0)
SCHEMA = "id Int64, words String"


def write_rows(file, size, first=0):
    """A CSV of about `size` bytes without a header; returns how many rows it has."""
    rows = size // LINE_BYTES + 1
    with open(file, "wb") as out:
        for begin in range(first, first + rows, 10_000):
            out.write(b"".join(LINE % i for i in range(begin, min(begin + 10_000, first + rows))))
    return rows


@pytest.fixture
def sluice(binary, tmp_path):
    server = Sluice(binary, tmp_path / "sluice").start()
    yield server
    server.end()
    print(server.process.tail())


def target(server, mode="append", name="rows", more=""):
    return f"{server.url}/v0/datasources?name={name}&mode={mode}&format=csv{more}"


def make_source(server, name="rows"):
    server.api("POST", f"/v0/datasources?name={name}&mode=create", data={"schema": SCHEMA})


def curl(server, *arguments, token=TOKEN, **more):
    """Status, the bytes that were sent, the seconds it took and the JSON answer."""
    line = ["curl", "--silent", "--show-error", "--write-out", "\n%{http_code} %{size_upload} %{time_total}",
            "-H", f"Authorization: Bearer {token}", *map(str, arguments)]
    if isinstance(server, TlsSluice):
        line += ["--cacert", server.ca]
    done = subprocess.run(line, capture_output=True, timeout=600, check=False, **more)
    body, _, numbers = done.stdout.decode().rpartition("\n")
    status, sent, seconds = numbers.split()
    return int(status), int(sent), float(seconds), json.loads(body) if body else None


def stored(server, name="rows"):
    """How many rows the data source has, and the sum of their ids."""
    with sqlite3.connect(f"file:{server.data_dir}/warehouse.db?mode=ro", uri=True) as warehouse:
        return tuple(warehouse.execute(f"SELECT count(*), coalesce(sum(id), 0) FROM {name}").fetchone())


def spool_files(server):
    """Open files of the server in its spool; those without a name are of bodies."""
    spool = str(server.data_dir / "spool")
    found = []
    for link in pathlib.Path(f"/proc/{server.process.pid}/fd").iterdir():
        try:
            path = os.readlink(link)
        except FileNotFoundError:  # closed meanwhile
            continue
        if path.startswith(spool):
            found.append(path)
    return found


def expect_nothing_left(server):
    until(lambda: not spool_files(server), 20, "no file of a body is open")
    assert list((server.data_dir / "spool").iterdir()) == []


def ids(rows):
    return rows, rows * (rows - 1) // 2


def test_200_megabytes_take_no_memory(sluice, tmp_path, record_property):
    file = tmp_path / "rows.csv"
    rows = write_rows(file, 200 * MIB)
    make_source(sluice)
    with MemoryWatch(sluice.process.pid) as watch:
        status, sent, seconds, answer = curl(sluice, "-X", "POST", "-T", file, target(sluice))
    assert status == 200, answer
    assert sent == file.stat().st_size
    assert stored(sluice) == ids(rows)
    assert watch.highest < memory_limit(sluice.binary, 150 * MIB), f"{watch.highest / MIB:.0f} MiB"
    expect_nothing_left(sluice)
    record_property("200 MB of CSV through POST /v0/datasources",
                    f"{sent / seconds / 1e6:.0f} MB/s, {watch.highest / MIB:.0f} MiB of anonymous memory")


def test_a_gigabyte_that_is_not_taken(sluice, tmp_path, record_property):
    """The door alone: what came is no gzip although its first bytes say so, which is told at the end of it."""
    file = tmp_path / "zeros"
    with open(file, "wb") as out:
        out.write(b"\x1f\x8b\x08")
        out.truncate(1024 * MIB)
    make_source(sluice)
    asked = []
    stop = threading.Event()

    def ask():
        while not stop.is_set():
            begin = time.monotonic()
            assert sluice.raw("GET", "/health").ok
            asked.append(time.monotonic() - begin)

    others = threading.Thread(target=ask)
    others.start()
    with MemoryWatch(sluice.process.pid) as watch:
        status, sent, seconds, answer = curl(sluice, "-X", "POST", "-T", file, target(sluice))
    stop.set()
    others.join()
    assert status == 400, answer
    assert sent == 1024 * MIB
    assert watch.highest < memory_limit(sluice.binary, 150 * MIB), f"{watch.highest / MIB:.0f} MiB"
    assert stored(sluice) == (0, 0)
    expect_nothing_left(sluice)
    p99 = sorted(asked)[len(asked) * 99 // 100]
    assert p99 < 1, f"others waited {p99:.3f} s"
    record_property("1 GiB through the door", f"{sent / seconds / 1e6:.0f} MB/s, p99 of others {p99 * 1000:.0f} ms")


def test_every_way_to_send_a_file(sluice, tmp_path):
    plain = tmp_path / "rows.csv"
    rows = write_rows(plain, 3 * MIB)
    packed = tmp_path / "rows.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes(), 1))
    zstd = tmp_path / "rows.csv.zst"
    subprocess.run(["zstd", "-q", plain, "-o", zstd], check=True)
    stored_gzip = tmp_path / "stored.csv.gz"  # not smaller than what is in it, so it is spooled
    stored_gzip.write_bytes(gzip.compress(plain.read_bytes(), 0))
    ways = {
        "body": ["--data-binary", f"@{plain}"],
        "chunks": ["-X", "POST", "-T", "-", "-H", "Transfer-Encoding: chunked"],
        "gzip": ["--data-binary", f"@{packed}"],
        "gzip_named": ["--data-binary", f"@{packed}", "-H", "Content-Encoding: gzip"],
        "gzip_large": ["--data-binary", f"@{stored_gzip}", "-H", "Content-Encoding: gzip"],
        "zstd": ["--data-binary", f"@{zstd}", "-H", "Content-Encoding: zstd"],
        "form": ["-F", f"csv=@{plain}"],
        "form_gzip": ["-F", f"csv=@{packed}"],
        "form_gzip_large": ["-F", f"csv=@{stored_gzip}"],
    }
    for name, arguments in ways.items():
        make_source(sluice, name)
        status, _, _, answer = curl(sluice, *arguments, target(sluice, name=name), input=plain.read_bytes())
        assert status == 200, (name, answer)
        assert stored(sluice, name) == ids(rows), name
    expect_nothing_left(sluice)


def test_parameters_of_a_large_form(sluice, tmp_path):
    file = tmp_path / "rows.csv"
    rows = write_rows(file, 5 * MIB)
    status, _, _, answer = curl(
        sluice, "-F", "name=rows", "-F", "mode=create", "-F", "format=csv", "-F", f"schema={SCHEMA}",
        "-F", f"csv=@{file};type=text/csv;filename=\"a \\\"b\\\".csv\"", sluice.url + "/v0/datasources")
    assert status == 200, answer
    assert stored(sluice) == ids(rows)
    status, _, _, answer = curl(sluice, "-F", f"csv=@{file};encoder=base64", target(sluice))
    assert status == 400 and "transfer encoding" in answer["error"]
    assert stored(sluice) == ids(rows)


def test_a_form_of_another_writer(sluice, tmp_path):
    """As urllib3 writes it, with contents that look like its boundary."""
    make_source(sluice)
    boundary = "b0undary"
    words = ["--b0undary-", "--b0undary x", "--b0undar", "-", "--", "plain"]
    lines = [f'{i},"{words[i % len(words)]}\r\n{words[i * 7 % len(words)]}"\r\n' for i in range(60_000)]
    body, kind = urllib3.encode_multipart_formdata(
        [("csv", ("rows.csv", "".join(lines).encode(), "text/csv"))], boundary=boundary)
    assert len(body) > MIB
    answer = sluice.api("POST", target(sluice).removeprefix(sluice.url), data=body, headers={"Content-Type": kind})
    assert answer["quarantined_rows"] == 0
    assert stored(sluice) == ids(60_000)


def test_who_may_not_send_it_does_not(sluice, tmp_path):
    """curl waits for "100 Continue" with large bodies: none of these is sent."""
    file = tmp_path / "sparse"
    with open(file, "wb") as out:
        out.truncate(11 * 1024 * MIB)
    make_source(sluice)
    reader = sluice.api("POST", "/v0/tokens", data={"name": "reader", "scope": "DATASOURCES:READ:rows"})["token"]
    status, sent, _, answer = curl(sluice, "-X", "POST", "-T", file, target(sluice))
    assert (status, sent) == (413, 0), answer
    os.truncate(file, 5 * MIB)
    for token in ("p.unknown", reader):
        status, sent, _, answer = curl(sluice, "-X", "POST", "-T", file, target(sluice), token=token)
        assert (status, sent) == (403, 0), answer
        assert "DATASOURCES:APPEND" in answer["error"]
    assert stored(sluice) == (0, 0)
    expect_nothing_left(sluice)


def test_a_client_that_gives_up_leaves_nothing(sluice, tmp_path):
    file = tmp_path / "rows.csv"
    write_rows(file, 40 * MIB)
    make_source(sluice)
    for arguments in (["-T", file], ["-T", file, "-H", "Transfer-Encoding: chunked"]):
        client = subprocess.Popen(["curl", "-s", "--limit-rate", "4M", "-X", "POST", *arguments,
                                   "-H", f"Authorization: Bearer {TOKEN}", target(sluice)])
        until(lambda: spool_files(sluice), 20, "the body is on the disk")
        client.kill()
        client.wait()
        expect_nothing_left(sluice)
    assert stored(sluice) == (0, 0)


def test_a_kill_leaves_nothing(sluice, tmp_path):
    file = tmp_path / "rows.csv"
    rows = write_rows(file, 20 * MIB)
    make_source(sluice)
    client = subprocess.Popen(["curl", "-s", "--limit-rate", "4M", "-X", "POST", "-T", file,
                               "-H", f"Authorization: Bearer {TOKEN}", target(sluice)])
    until(lambda: spool_files(sluice), 20, "the body is on the disk")
    sluice.kill9()
    client.wait()
    sluice.start()
    assert list((sluice.data_dir / "spool").iterdir()) == []
    assert curl(sluice, "-X", "POST", "-T", file, target(sluice))[0] == 200
    assert stored(sluice) == ids(rows)


def test_over_tls(binary, tmp_path):
    make_identity(tmp_path)
    server = TlsSluice(binary, tmp_path / "sluice",
                       args=["--tls-cert", tmp_path / "cert.pem", "--tls-key", tmp_path / "key.pem"])
    server.ca = str(tmp_path / "cert.pem")
    try:
        server.start()
        file = tmp_path / "rows.csv"
        rows = write_rows(file, 30 * MIB)
        for name, arguments in {"body": ["-X", "POST", "-T", file], "form": ["-F", f"csv=@{file}"]}.items():
            make_source(server, name)
            status, _, _, answer = curl(server, *arguments, target(server, name=name))
            assert status == 200, answer
            assert stored(server, name) == ids(rows)
        status, sent, _, _ = curl(server, "-X", "POST", "-T", file, target(server), token="p.unknown")
        assert (status, sent) == (403, 0)
        expect_nothing_left(server)
    finally:
        server.end()
