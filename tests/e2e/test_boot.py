"""Starting and stopping: the data folder, the token, the port, and what is kept of secrets."""
import hashlib
import os
import pathlib
import re
import signal
import socket
import stat
import subprocess
import time

import pytest
import requests

from support.process import until
from support.sluice import TOKEN


def refuses_to_start(sluice, *mentions, seconds=15):
    """The process ends by itself, not with 0, and says why in one sentence."""
    code = sluice.launch().wait(seconds)
    words = sluice.log.read_text()
    assert code not in (0, -signal.SIGSEGV, -signal.SIGABRT), words
    for text in mentions:
        assert text in words, words
    assert "terminate called" not in words
    return words


def test_port_in_use(make_sluice):
    sluice = make_sluice()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", sluice.port))
        taken.listen()
        refuses_to_start(sluice, str(sluice.port))


def test_data_folder_that_cannot_be_made(make_sluice):
    refuses_to_start(make_sluice("a", data_dir="/proc/sluice"), "/proc/sluice")
    other = make_sluice("b")
    (other.folder / "file").write_text("in the way")
    other.data_dir = other.folder / "file"
    refuses_to_start(other, str(other.data_dir))


def test_data_folder_that_is_read_only(make_sluice, tmp_path):
    sluice = make_sluice()
    if os.geteuid() == 0:
        folder = tmp_path / "ro"
        folder.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", str(folder)],
                                 capture_output=True, text=True)
        if mounted.returncode:
            pytest.skip(f"no read-only file system can be mounted here: {mounted.stderr.strip()}")
        try:
            sluice.data_dir = folder
            refuses_to_start(sluice, str(folder))
        finally:
            subprocess.run(["umount", str(folder)], check=True)
    else:
        sluice.data_dir.mkdir()
        sluice.data_dir.chmod(0o500)
        refuses_to_start(sluice, str(sluice.data_dir))


def test_second_process_on_the_same_folder(make_sluice):
    first = make_sluice("first").start()
    refuses_to_start(make_sluice("second", data_dir=first.data_dir), "running", str(first.data_dir))
    assert first.api("GET", "/v0/pipes") == {"pipes": []}
    # A killed process leaves no lock behind.
    first.kill9()
    make_sluice("third", data_dir=first.data_dir).start()


@pytest.mark.parametrize("args, mention", [
    (["--attach", "nyc"], "NAME=FILE"), (["--attach", "nyc=missing.db"], "missing.db"), (["--port", "x"], "--port"),
    (["--workers", "0"], "--workers"), (["--nonsense"], "--nonsense"), (["--log-level", "loud"], "loud")])
def test_bad_command_line(make_sluice, args, mention):
    refuses_to_start(make_sluice(args=args), mention)


def test_attached_file_that_is_no_database(make_sluice, tmp_path):
    file = tmp_path / "text.db"
    file.write_text("this is no database, though it is long enough to look at" * 50)
    refuses_to_start(make_sluice(attach={"bad": file}), str(file))


def test_newer_database_is_refused(make_sluice):
    sluice = make_sluice().start()
    sluice.stop()
    subprocess.run(["sqlite3", str(sluice.data_dir / "state.db"), "PRAGMA user_version = 9999"], check=True)
    refuses_to_start(sluice, "newer")


@pytest.mark.parametrize("option, mention", [("--help", "serve"), ("--version", "sluice")])
def test_help_and_version(binary, option, mention):
    done = subprocess.run([binary, option], capture_output=True, text=True, timeout=10)
    assert done.returncode == 0 and mention in done.stdout


def test_help_names_every_flag(binary):
    done = subprocess.run([binary, "serve", "--help"], capture_output=True, text=True, timeout=10)
    for flag in ("--host", "--port", "--data-dir", "--attach", "--workers", "--local-root", "--log-level"):
        assert flag in done.stdout
    assert "SLUICE_DATA_DIR" in done.stdout


def test_flags_from_the_environment(make_sluice, flights_db, tmp_path):
    sluice = make_sluice(env={"SLUICE_PORT": None, "SLUICE_ATTACH": f"nyc={flights_db},again={flights_db}",
                              "SLUICE_LOCAL_ROOT": str(tmp_path / "files"), "SLUICE_WORKERS": "1"})
    sluice.env.update(SLUICE_PORT=str(sluice.port), SLUICE_DATA_DIR=str(sluice.data_dir))
    sluice.command = lambda: [sluice.binary, "serve"]
    sluice.start()
    sluice.make_local()
    sluice.export("p", "SELECT count(*) AS n FROM nyc.flights a JOIN again.flights b ON a.rowid = b.rowid",
                  connection="disk", path="local://x", file_template="f")
    assert (tmp_path / "files/disk/x/f.csv").read_bytes() == b"n\n336776\n"


def test_relative_attach_is_from_the_working_directory(make_sluice, flights_db):
    sluice = make_sluice()
    (sluice.folder / "near.db").symlink_to(flights_db)
    sluice.attach = {"near": "near.db"}
    sluice.start()
    sluice.make_pipe("p", "SELECT month FROM near.flights")


# The token.

def test_given_token(make_sluice):
    sluice = make_sluice().start()
    assert sluice.api("GET", "/v0/pipes") == {"pipes": []}
    assert TOKEN not in sluice.log.read_text()


def test_made_token(make_sluice):
    sluice = make_sluice(env={"SLUICE_ADMIN_TOKEN": None}).start()
    file = sluice.data_dir / "admin.token"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    token = file.read_text().strip()
    assert len(token) >= 40
    assert sluice.log.read_text().count(token) == 1, "it is printed once, on the first start"
    assert sluice.api("GET", "/v0/pipes", token=token) == {"pipes": []}
    assert sluice.raw("GET", "/v0/pipes").status_code == 403
    sluice.restart()
    assert file.read_text().strip() == token
    assert sluice.api("GET", "/v0/pipes", token=token) == {"pipes": []}
    assert sluice.log.read_text().count(token) == 1


def everything_stored(sluice):
    """Every byte of the data folder but the token's own file, and the log."""
    return {file: file.read_bytes() for file in [*sluice.data_dir.rglob("*"), sluice.log]
            if file.is_file() and file.name != "admin.token"}


def test_only_hashes_and_ciphertext_are_stored(make_sluice, s3, bucket):
    sluice = make_sluice(args=["--log-level", "debug"]).start()
    sluice.make_s3(s3)
    sluice.export("p", "SELECT 1 AS a", connection="lake", path=bucket.path("x"), file_template="f")
    sluice.raw("GET", f"/v0/pipes?token={TOKEN}", token=None)
    hashes = {row["hash"] for row in sluice.state("SELECT hash FROM tokens")}
    assert hashlib.sha256(TOKEN.encode()).hexdigest() in hashes
    for when in ("running", "stopped"):
        for file, content in everything_stored(sluice).items():
            for secret in (TOKEN, s3.secret_key, s3.access_key):
                assert secret.encode() not in content, f"{secret} stands in {file} ({when})"
        if when == "running":
            assert sluice.stop() == 0
    key = sluice.data_dir / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    # The connection still works after the restart: what was stored can be read again.
    sluice.start()
    sluice.wait(sluice.run("p"))


# Stopping.

@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_cleanly(make_sluice, number):
    sluice = make_sluice().start()
    held = requests.Session()
    held.get(sluice.url + "/health", timeout=5)  # A kept-alive connection does not hold it up.
    with socket.create_connection(("127.0.0.1", sluice.port)) as idle:
        idle.send(b"GET /hea")
        began = time.monotonic()
        assert sluice.stop(number, seconds=20) == 0
        assert time.monotonic() - began < 15
    assert not (sluice.data_dir / "state.db-wal").exists() or (sluice.data_dir / "state.db-wal").stat().st_size == 0
    sluice.start()


def test_a_second_signal_ends_at_once(make_sluice, proxy, s3, bucket, flights_db):
    """The first one waits for a job whose store does not answer; the second one does not."""
    from support.proxy import stall
    sluice = make_sluice(attach={"nyc": flights_db}).start()
    sluice.make_s3(s3.at(proxy.endpoint))
    sluice.make_pipe("p", "SELECT * FROM nyc.flights")
    sluice.make_sink("p", connection="lake", path=bucket.path("x"), file_template="f")
    proxy.fault("part", stall(), times=1000)
    parts = proxy.count("part")
    sluice.run("p")
    until(lambda: proxy.count("part") > parts, 30, "an upload hangs")
    sluice.process.signal(signal.SIGTERM)
    time.sleep(0.3)
    if sluice.process.exit_code is None:
        sluice.process.signal(signal.SIGTERM)
    began = time.monotonic()
    sluice.process.wait(10)
    assert time.monotonic() - began < 3


def test_state_survives_a_restart(make_sluice, flights_db):
    sluice = make_sluice(attach={"nyc": flights_db}).start()
    sluice.make_local()
    sluice.make_pipe("p", "SELECT 1 AS a")
    sluice.make_sink("p", connection="disk", path="local://x", file_template="f", schedule_cron="@yearly")
    sluice.wait(sluice.run("p"))
    calls = ("/v0/pipes", "/v0/jobs", "/v0/connectors")
    before = [sluice.api("GET", path) for path in calls]
    sluice.restart()
    assert [sluice.api("GET", path) for path in calls] == before
    sluice.kill9()
    sluice.start()
    assert [sluice.api("GET", path) for path in calls] == before


def test_the_state_database_is_readable_in_the_shell(make_sluice):
    sluice = make_sluice().start()
    tables = {row["name"] for row in sluice.state("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert tables >= {"pipes", "nodes", "sinks", "schedules", "connections", "tokens", "jobs"}
    assert sluice.state("PRAGMA journal_mode") == [{"journal_mode": "wal"}]
    assert pathlib.Path(sluice.data_dir / "state.db").exists()
    assert re.match(r"[0-9a-f]{64}$", sluice.state("SELECT hash FROM tokens")[0]["hash"])
