"""The published command line client, as its users have it, against Sluice: every command ends with exit status 0.

What it printed is docs/cli-session.txt, less what differs from run to run; SLUICE_RECORD=1 writes that file anew.
"""
import contextlib
import os
import re
import shlex
import sqlite3
import subprocess

import pytest

from support.sluice import TOKEN

PIPE = """DESCRIPTION >
    Flights that came late

NODE late_flights
SQL >
    SELECT * FROM nyc.flights WHERE arr_delay > 600

TYPE sink
EXPORT_SERVICE s3
EXPORT_CONNECTION_NAME lake
EXPORT_BUCKET_URI {path}
EXPORT_FILE_TEMPLATE {{carrier}}
EXPORT_SCHEDULE 0 6 * * *
EXPORT_FORMAT csv
EXPORT_COMPRESSION gz
EXPORT_WRITE_STRATEGY truncate
"""

SESSION = [
    "tb --host {url} --token {token} auth",
    "tb auth info",
    "tb auth ls",
    "tb workspace current",
    "tb workspace ls",
    "tb connection ls",
    "tb check late.pipe",
    "tb push late.pipe --yes",
    "tb push late.pipe --force --yes",
    "tb pipe ls",
    "tb pipe sink run late --wait --yes",
    "tb pipe sink run late --wait --yes --param label=monday --param file_template={{label}}",
    "tb job ls",
    "tb job details {job}",
    "tb pull --force",
    "tb diff late.pipe",
    "tb token ls",
    "tb datasource ls",
    "tb dependencies",
    "tb sql 'SELECT carrier, count(*) AS flights FROM late GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 2'",
    "tb sql --format csv 'SELECT status, count(*) AS jobs FROM jobs_log GROUP BY 1'",
    "tb pipe rm late --yes",
    "tb connection rm {connection} --force true",
]


class Client:
    def __init__(self, repository, folder):
        self.program = repository / "build/tools/cli/bin/tb"
        if not self.program.exists():
            pytest.skip(os.environ.get("SLUICE_E2E_CLIENT_PROBLEM") or "no client: scripts/test installs it")
        self.folder = folder
        self.folder.mkdir()
        self.said = ""
        self.environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8", "NO_PROXY": "127.0.0.1",
            "TB_CLI_TELEMETRY_OPTOUT": "1", "TB_VERSION_WARNING": "0", "COLUMNS": "200"}

    def run(self, line, **names):
        """What the command printed; it must end with exit status 0."""
        shown = [word.format(**names) for word in shlex.split(line)]
        ran = subprocess.run([self.program, *shown[1:]], cwd=self.folder, env=self.environment, text=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        text = re.sub(r"\x1b\[[0-9;]*m", "", ran.stdout)
        assert ran.returncode == 0, f"{' '.join(shown)} ended with {ran.returncode}:\n{text}"
        self.said += f"$ {line.format(**names)}\n{text.strip()}\n\n"
        return text


def settled(text, **known):
    """The session without what differs from run to run."""
    for name, value in known.items():
        text = text.replace(value, f"<{name}>")
    text = re.sub(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "<uuid>", text)
    text = re.sub(r"\bt_[0-9a-f]{32}\b", "<id>", text)
    text = re.sub(r"\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?", "<time>", text)
    text = re.sub(r"'bytes': \d+", "'bytes': <bytes>", text)  # The codec is another one on other processors.
    # Tables are as wide as what stood in them, and a bar shows how far a job was when it was asked.
    text = re.sub(r"-{5,}", "-----", text)
    text = re.sub(r"[^\n]*\r", "", text)
    return re.sub(r"[ \t]+(\n|\|)", lambda end: end[1] if end[1] == "\n" else " |", text)


def test_a_session(repository, make_sluice, flights_db, s3, bucket, tmp_path):
    sluice = make_sluice(attach={"nyc": flights_db}).start()
    sluice.make_s3(s3)
    client = Client(repository, tmp_path / "project")
    path = bucket.path("late")
    (client.folder / "late.pipe").write_text(PIPE.format(path=path))
    names = {"url": sluice.url, "token": TOKEN, "connection": sluice.api("GET", "/v0/connectors/lake")["id"], "job": ""}
    for line in SESSION:
        said = client.run(line, **names)
        if "sink run" in line:
            names["job"] = sluice.api("GET", "/v0/jobs?limit=1")["jobs"][0]["id"]
            assert names["job"] in said
    with contextlib.closing(sqlite3.connect(flights_db)) as database:
        late = database.execute("SELECT DISTINCT carrier FROM flights WHERE arr_delay > 600").fetchall()
    assert sorted(bucket.keys()) == sorted(f"late/{name}.csv.gz" for name in ["monday", *(row[0] for row in late)])
    assert sluice.api("GET", "/v0/pipes")["pipes"] == [] and sluice.api("GET", "/v0/connectors")["connectors"] == []
    session = settled(client.said, url=sluice.url, token=TOKEN, folder=str(client.folder), path=path)
    record = repository / "docs/cli-session.txt"
    if os.environ.get("SLUICE_RECORD"):
        record.write_text(session)
    assert session == record.read_text()
