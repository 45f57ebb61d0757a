"""Fixtures of the end-to-end suite. scripts/test gives the programs to use in the environment."""
import contextlib
import os
import pathlib
import random
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from support import sanitizers  # noqa: E402
from support.clickhouse import ChdbServer, ClickHouseServer  # noqa: E402
from support.proxy import FaultProxy  # noqa: E402
from support.s3 import Bucket, S3Server  # noqa: E402
from support.sluice import Sluice  # noqa: E402

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
# All servers here are on this machine; whatever proxy the machine uses is not for them.
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"


def pytest_configure():
    """One seed for every random test of the run, its worker processes included; sanitizers' options."""
    os.environ.setdefault("SLUICE_SEED", str(random.SystemRandom().randrange(2**32)))
    sanitizers.set_options()
    # The tools that tests run are those of the same build as the server.
    os.environ.setdefault("SLUICE_PRESET", server_binary().parent.name)


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(f"random tests: SLUICE_SEED={os.environ['SLUICE_SEED']}")
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            terminalreporter.write_line(f"{name}: {value} ({report.nodeid.split('::')[-1]})")


def pytest_collection_modifyitems(items):
    """The files that wait for minutes to pass begin first, beside the others."""
    first = ("test_schedule.py", "test_faults.py", "test_bad_exports.py")
    items.sort(key=lambda item: first.index(item.path.name) if item.path.name in first else len(first))


def server_binary():
    return pathlib.Path(os.environ.get("SLUICE_E2E_BINARY", REPOSITORY / "build/release/sluice"))


@pytest.fixture(scope="session")
def repository():
    return REPOSITORY


@pytest.fixture(scope="session")
def binary():
    file = server_binary()
    assert file.exists(), f"{file} is not built: run scripts/test, or scripts/build first"
    return file


@pytest.fixture(scope="session")
def flights_db(tmp_path_factory):
    """All flights, in the table `flights`. Read it only."""
    file = tmp_path_factory.mktemp("flights") / "flights.db"
    subprocess.run(["bash", "-c", '. scripts/lib/flights.sh && make_flights_database "$1"', "-", str(file)],
                   check=True, cwd=REPOSITORY)
    return file


@pytest.fixture(scope="session")
def s3(tmp_path_factory):
    """A real S3 server that checks signatures."""
    binary = os.environ.get("SLUICE_E2E_S3_SERVER")
    if not binary:
        built = sorted((REPOSITORY / "build/tools/bin").glob("versitygw-*"))
        if not built or os.environ.get("SLUICE_E2E_S3_PROBLEM"):
            pytest.skip(os.environ.get("SLUICE_E2E_S3_PROBLEM") or "no S3 server: scripts/test builds one")
        binary = built[-1]
    server = S3Server(binary, tmp_path_factory.mktemp("s3"))
    yield server
    server.end()


@pytest.fixture
def bucket(s3):
    return Bucket(s3)


@pytest.fixture(scope="session")
def clickhouse(tmp_path_factory):
    """Debian's ClickHouse server, of 2018. It starts when a test first asks for it."""
    binary = os.environ.get("SLUICE_E2E_CLICKHOUSE") or REPOSITORY / "build/tools/clickhouse/usr/sbin/clickhouse-server"
    if os.environ.get("SLUICE_E2E_CLICKHOUSE_PROBLEM") or not pathlib.Path(binary).exists():
        pytest.skip(os.environ.get("SLUICE_E2E_CLICKHOUSE_PROBLEM") or "no ClickHouse server: scripts/test installs one")
    server = ClickHouseServer(binary, tmp_path_factory.mktemp("clickhouse"))
    yield server
    server.end()


@pytest.fixture(scope="session")
def chdb(tmp_path_factory):
    """The current engine of ClickHouse behind HTTP. It starts when a test first asks for it."""
    if ChdbServer.problem():
        pytest.skip(ChdbServer.problem())
    server = ChdbServer(tmp_path_factory.mktemp("chdb"))
    yield server
    server.end()


@pytest.fixture(params=["clickhouse", "chdb"])
def any_clickhouse(request):
    """Each of the two in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def make_sluice(binary, tmp_path):
    """Makes servers that are gone after the test; what they logged is shown where it fails."""
    with contextlib.ExitStack() as ends:  # One that fails at its end does not keep the others.
        def make(name="sluice", **options):
            server = Sluice(binary, tmp_path / name, **options)
            ends.callback(end, server)
            return server

        def end(server):
            try:
                server.end()
            finally:
                if server.log.exists():
                    print(f"--- {server.log}\n{server.process.tail()}")

        yield make


@pytest.fixture
def sluice(make_sluice, flights_db):
    """A running server that reads the flights as `nyc.flights`."""
    return make_sluice(attach={"nyc": flights_db}).start()


@pytest.fixture
def proxy(s3):
    """The S3 server behind a proxy that can be told to misbehave."""
    with FaultProxy(s3.endpoint) as between:
        yield between


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 6 MB, and a function that makes it larger."""
    if os.geteuid() != 0:
        pytest.skip("a file system can be mounted by root only")
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)],
                             capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    yield folder, lambda: subprocess.run(["mount", "-o", "remount,size=300m", str(folder)], check=True)
    subprocess.run(["umount", "-l", str(folder)], check=True)
