"""The scripts a stranger meets first, and the files around them."""
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

from support import flights
from support.s3 import Bucket


def test_shellcheck(repository):
    if not shutil.which("shellcheck"):
        pytest.skip("there is no shellcheck")
    scripts = [path for path in (repository / "scripts").rglob("*") if path.suffix == ".sh"
               or path.is_file() and path.read_bytes()[:40].startswith(b"#!/usr/bin/env bash")]
    assert len(scripts) >= 8
    done = subprocess.run(["shellcheck", *map(str, scripts), str(repository / ".ci/run")],
                          cwd=repository, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_dockerfile(repository):
    linter = shutil.which("hadolint", path=str(pathlib.Path(sys.executable).parent))
    if not linter:
        pytest.skip("there is no hadolint in the tests' Python environment")
    done = subprocess.run([linter, str(repository / "Dockerfile")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("script", ["build", "quickstart", "test", "s3-server"])
def test_help_and_bad_options(repository, tmp_path, script):
    done = subprocess.run([repository / "scripts" / script, "--help"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.startswith(f"Usage: scripts/{script}")
    done = subprocess.run([repository / "scripts" / script, "--nonsense"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2 and "Usage:" in done.stderr


def quickstart(repository, tmp_path, env):
    done = subprocess.run([repository / "scripts/quickstart"], cwd=tmp_path, capture_output=True, text=True,
                          timeout=900, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "185 files" in done.stdout and "month=12/" in done.stdout and "336,776 rows" in done.stdout
    assert "year,month,day,dep_time" in done.stdout
    assert re.search(r"status = done", done.stdout)
    token = (repository / "quickstart-data/sluice/admin.token").read_text().strip()
    assert token not in done.stdout + done.stderr, "the token is echoed"
    port = re.search(r"SLUICE=http://127.0.0.1:(\d+)", done.stdout)[1]
    left = subprocess.run(["bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{port}"], capture_output=True)
    assert left.returncode != 0, "the server was left running"
    return done.stdout


def test_quickstart_to_a_folder(repository, tmp_path, environment, flights_db):
    quickstart(repository, tmp_path, environment)
    root = repository / "quickstart-data/sluice/objects/demo"
    files = {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}
    flights.check_export(files, "flights/", ".csv.gz", flights_db)


def test_quickstart_to_s3(repository, tmp_path, environment, s3, flights_db):
    bucket = Bucket(s3)
    printed = quickstart(repository, tmp_path, {
        **environment, "SLUICE_DEMO_S3_ENDPOINT": s3.endpoint, "SLUICE_DEMO_S3_BUCKET": bucket.name,
        "SLUICE_DEMO_S3_ACCESS_KEY_ID": s3.access_key, "SLUICE_DEMO_S3_SECRET_ACCESS_KEY": s3.secret_key})
    assert s3.secret_key not in printed, "the secret key is echoed"
    objects = bucket.objects()
    prefix = re.match(r"sluice-quickstart/[^/]+/flights/", next(iter(objects)))[0]
    flights.check_export(objects, prefix, ".csv.gz", flights_db)


@pytest.fixture
def environment(binary):
    """As a user has it. The script builds `release` itself, so it is tried with that preset only."""
    if binary.parent.name != "release":
        pytest.skip("the quickstart is for the release preset")
    return {key: value for key, value in os.environ.items() if not key.startswith("SLUICE_")}
