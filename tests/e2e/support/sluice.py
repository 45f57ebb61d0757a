"""A Sluice server under test, and its API as the tests call it."""
import contextlib
import json
import os
import pathlib
import signal
import sqlite3

import requests

from support import sanitizers
from support.process import Process, free_port, until

TOKEN = "p.e2e-admin-token-0123456789abcdefghijklmnop"
FINAL = ("done", "error", "cancelled")


class Sluice:
    """One data folder and the process on it; the process can be killed and started again."""

    def __init__(self, binary, folder, attach=None, args=(), env=None, data_dir=None):
        self.binary = binary
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data_dir = pathlib.Path(data_dir or self.folder / "data")
        self.log = self.folder / "sluice.log"
        self.attach = dict(attach or {})
        self.args = list(args)
        self.env = dict(env or {})
        self.port = free_port()
        self.process = None
        self.session = requests.Session()

    # The process.

    def command(self):
        line = [self.binary, "serve", "--port", self.port, "--data-dir", self.data_dir]
        for name, file in self.attach.items():
            line += ["--attach", f"{name}={file}"]
        return line + self.args

    def launch(self):
        """Starts the process without waiting for it."""
        env = {key: value for key, value in os.environ.items() if not key.startswith("SLUICE_")}
        env.update({"SLUICE_ADMIN_TOKEN": TOKEN}, **self.env)
        env = {key: value for key, value in env.items() if value is not None}
        self.session = requests.Session()
        self.process = Process(self.command(), self.log, env=env, cwd=self.folder)
        return self.process

    def start(self, seconds=30):
        self.launch()
        return self.await_start(seconds)

    def await_start(self, seconds=30):
        until(self._is_up, seconds, "the server answers GET /health")
        return self

    def _is_up(self):
        code = self.process.exit_code
        assert code is None, f"the server ended with {code}:\n{self.process.tail()}"
        with contextlib.suppress(requests.ConnectionError):
            return requests.get(self.url + "/health", timeout=5).status_code == 200

    def kill9(self):
        self.process.signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self, number=signal.SIGTERM, seconds=30):
        """Asks it to stop and returns its exit code."""
        self.process.signal(number)
        return self.process.wait(seconds)

    def restart(self):
        if self.process.exit_code is None:
            self.stop()
        return self.start()

    def end(self):
        """Whatever state it is in. Fails where a sanitizer has found something."""
        if self.process is not None:
            self.process.end(10 * sanitizers.slowness(self.binary))  # Leaks are looked for at its end.
            sanitizers.check(self.log)

    # The API.

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def raw(self, method, path, token=TOKEN, headers=None, timeout=None, **more):
        timeout = timeout or 60 * sanitizers.slowness(self.binary)
        headers = dict(headers or {})
        if token is not None:
            headers.setdefault("Authorization", f"Bearer {token}")
        return self.session.request(method, self.url + path, headers=headers, timeout=timeout, **more)

    def api(self, method, path, expect=200, **more):
        """The JSON answer of a call that must answer `expect`."""
        answer = self.raw(method, path, **more)
        assert answer.status_code == expect, f"{method} {path} answered {answer.status_code}: {answer.text[:2000]}"
        return answer.json() if answer.content else None

    def refusal(self, method, path, status, *mentions, **more):
        """The sentence of an answer that must be an error of that status and mention these texts."""
        answer = self.raw(method, path, **more)
        assert answer.status_code == status, f"{method} {path} answered {answer.status_code}: {answer.text[:2000]}"
        return check_error_body(answer, *mentions)

    # What most tests do.

    def make_s3(self, store, name="lake", **changes):
        parameters = {
            "service": "s3", "name": name, "s3_endpoint": store.endpoint, "s3_path_style": "true",
            "s3_region": store.region, "s3_access_key_id": store.access_key,
            "s3_secret_access_key": store.secret_key, **changes}
        return self.api("POST", "/v0/connectors", data=parameters)

    def make_local(self, name="disk", **more):
        return self.api("POST", "/v0/connectors", data={"service": "local", "name": name, **more})

    def make_pipe(self, name, sql):
        return self.api("POST", "/v0/pipes", data={"name": name, "sql": sql})

    def make_sink(self, pipe, **parameters):
        return self.api("POST", f"/v0/pipes/{pipe}/nodes/{pipe}_0/sink", data=parameters)

    def run(self, pipe, **overrides):
        """Starts a job and returns its id."""
        return self.api("POST", f"/v0/pipes/{pipe}/sink", data=overrides)["job"]["id"]

    def job(self, job_id):
        return self.api("GET", f"/v0/jobs/{job_id}")

    def wait(self, job_id, status="done", seconds=120):
        """The job, once it has ended, which must be with this status."""
        job = until(lambda: self._ended(job_id), seconds, f"job {job_id} has ended")
        assert job["status"] == status, f"the job ended with {json.dumps(job, indent=1)}"
        return job

    def _ended(self, job_id):
        job = self.job(job_id)
        return job if job["status"] in FINAL else None

    def export(self, pipe, sql, seconds=120, **sink):
        """A pipe, its sink and one run of it; returns the job, done."""
        self.make_pipe(pipe, sql)
        self.make_sink(pipe, **sink)
        return self.wait(self.run(pipe), seconds=seconds)

    # The disk.

    def local_files(self, root="disk"):
        """{path: bytes} of everything under the local root, staging included."""
        base = self.data_dir / "objects"
        return {str(file.relative_to(base / root)) if file.is_relative_to(base / root) else str(file):
                file.read_bytes() for file in base.rglob("*") if file.is_file()}

    def state(self, query, *values):
        """Rows of the state database, as dictionaries."""
        with contextlib.closing(sqlite3.connect(f"file:{self.data_dir}/state.db?mode=ro", uri=True)) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(query, values)]


def check_error_body(answer, *mentions):
    assert answer.headers["Content-Type"].startswith("application/json"), answer.headers
    body = answer.json()
    assert set(body) >= {"error", "documentation"}, body
    sentence = body["error"]
    assert isinstance(sentence, str) and len(sentence) > 10 and sentence.rstrip()[-1] in ".!?", sentence
    assert isinstance(body["documentation"], str) and body["documentation"], body
    for text in mentions:
        assert text.lower() in sentence.lower(), f"{sentence!r} does not mention {text!r}"
    return sentence
