"""Twenty planted secrets, everything run at debug level, and none of them found: not in the log, an answer, the state,
the spool, or a core dump."""
import contextlib
import os
import pathlib
import resource
import secrets
import signal
import time

import pytest

from support.gcs import Account
from support.process import free_port, until
from support.sluice import TOKEN, Sluice


def planted(prefix="x"):
    return prefix + secrets.token_hex(20)


class Places:
    """Where the secrets could turn up, and what was seen there."""

    def __init__(self, sluice):
        self.sluice = sluice
        self.seen = []
        call = sluice.raw

        def raw(method, path, **more):
            answer = call(method, path, **more)
            self.seen.append((f"{method} {path}", f"{answer.headers}\n{answer.text}"))
            return answer

        sluice.raw = raw

    def texts(self):
        yield from self.seen
        yield "the log", self.sluice.log.read_text()
        for file in sorted(self.sluice.data_dir.rglob("*")):
            # These two hold secrets, for their owner alone.
            if file.is_file() and file.name not in ("admin.token", "secret.key"):
                yield str(file), file.read_bytes().decode("latin-1")

    def find(self, hidden):
        return [f"{name} in {place}" for place, text in self.texts() for name, value in hidden.items() if value in text]


@pytest.fixture
def hidden(s3):
    account = Account()
    key = account.private_key.splitlines()
    return {
        "the admin token": TOKEN, "the secret key": secrets.token_hex(32), "an S3 secret": s3.secret_key,
        "a wrong S3 secret": planted(), "a session token": planted("FwoGZXIv"), "a secret of GCS": planted("goog"),
        "a line of the Google key": key[3], "another line of it": key[-3], "a password in a header": planted(),
        "our own AWS secret": planted(), "our own AWS session": planted(), "a secret in a dry run": planted(),
        "a secret by a wrong name": planted(), "a secret in an unknown place": planted(),
        "a secret in broken JSON": planted(), "a secret with a bad escape": planted(),
        "a password in an endpoint": planted(), "an unknown token": planted("p."), "a token in a path": planted("p."),
        "a token in a query": planted("p."), "a secret sent twice": planted(),
        "a variable": planted(), "a variable's new value": planted(), "a variable of a bad name": planted(),
        "a variable that is too long": planted(), "a variable sent again": planted(),
    }, account


def use_variables(sluice, hidden):
    """Secrets of SQL templates: made, changed, used by a sink, in its preview, and by statements that fail over them."""
    def variable(method, path, data):
        return sluice.raw(method, f"/v0/variables{path}", data=data)
    assert variable("POST", "", {"name": "hidden", "value": hidden["a variable"]}).status_code == 200
    assert variable("PUT", "/hidden", {"value": hidden["a variable's new value"]}).status_code == 200
    assert variable("POST", "", {"name": "hidden", "value": hidden["a variable sent again"]}).status_code == 409
    assert variable("POST", "", {"name": "a b", "value": hidden["a variable of a bad name"]}).status_code == 400
    assert variable("POST", "", {"name": "long", "value": hidden["a variable that is too long"] * 2000}).status_code == 413
    assert variable("PUT", "/none", {"value": hidden["a variable that is too long"]}).status_code == 404
    assert variable("PUT", "/hidden", {"value": hidden["a variable's new value"], "type": "x"}).status_code == 400
    sluice.raw("GET", "/v0/variables")
    sluice.raw("GET", "/v0/variables/hidden")
    sink = {"connection": "good", "file_template": "f"}
    for name, sql, status in (
            ("uses", "%SELECT length({{tb_secret('hidden')}}) AS n, {{Int32(n, 1)}} AS m", "done"),
            ("fails", "%SELECT json_extract('{}', {{tb_secret('hidden')}}) AS n", "error"),
            ("casts", "%SELECT abs({{tb_secret('hidden')}} || 'x') + json({{tb_secret('hidden')}}) AS n", "error")):
        assert sluice.raw("POST", "/v0/pipes", data={"name": name, "sql": sql}).status_code == 200
        where = {**sink, "path": sluice.bucket.path(name), "manifest": "true"}
        assert sluice.raw("POST", f"/v0/pipes/{name}/nodes/{name}_0/sink", data=where).status_code == 200
        sluice.raw("POST", f"/v0/pipes/{name}/sink/preview")
        job = sluice.run(name)
        sluice.wait(job, status=status)
        for path in (f"/v0/pipes/{name}", f"/v0/pipes/{name}.pipe", f"/v0/pipes/{name}/nodes/{name}_0",
                     f"/v0/jobs/{job}", f"/v0/jobs/{job}/files"):
            sluice.raw("GET", path)
    for sql in ("SELECT tb_secret('hidden')", "% SELECT {{tb_secret('hidden')}} FROM none", "%{{error(tb_secret('hidden'))}}"):
        sluice.raw("POST", "/v0/pipes", data={"name": "bad", "sql": sql})
        sluice.raw("GET", "/v0/sql_tables", params={"q": sql})
    sluice.raw("DELETE", "/v0/variables/hidden")
    assert "hidden" in sluice.raw("POST", "/v0/pipes/uses/sink").text


def use_everything(sluice, hidden, account, s3, bucket):
    """Good calls and bad ones; what they answer does not matter here."""
    s3_keys = {"service": "s3", "s3_region": "us-east-1", "s3_access_key_id": "AKIAEXAMPLE"}
    bad = [
        ("POST", "/v0/connectors", {"data": {**s3_keys, "name": "wrong", "s3_endpoint": s3.endpoint,
                                             "s3_secret_access_key": hidden["a wrong S3 secret"],
                                             "s3_session_token": hidden["a session token"]}}),
        ("POST", "/v0/connectors", {"data": {"service": "gcs_hmac", "name": "hmac", "gcs_endpoint": s3.endpoint,
                                             "gcs_hmac_access_id": "GOOG1", "gcs_region": "us-east-1",
                                             "gcs_hmac_secret": hidden["a secret of GCS"]}}),
        ("POST", "/v0/connectors", {"data": {"service": "gcs", "name": "google", "gcs_project_id": "p",
                                             "gcs_client_email": account.email, "gcs_endpoint": s3.endpoint,
                                             "gcs_token_endpoint": s3.endpoint,
                                             "gcs_private_key_id": "key1",
                                             "gcs_private_key": account.private_key}}),
        ("POST", "/v0/connectors", {"data": {"service": "gcs", "name": "cut", "gcs_project_id": "p",
                                             "gcs_client_email": account.email, "gcs_private_key_id": "k",
                                             "gcs_private_key": account.private_key[:900]}}),
        ("POST", "/v0/connectors", {"data": {**s3_keys, "name": "dry", "dry_run": "true",
                                             "s3_secret_access_key": hidden["a secret in a dry run"]}}),
        ("POST", "/v0/connectors", {"data": {**s3_keys, "name": "typo",
                                             "s3_secret_key": hidden["a secret by a wrong name"]}}),
        ("POST", "/v0/connectors", {"data": {"service": hidden["a secret in an unknown place"][:3] + "?",
                                             "password": hidden["a secret in an unknown place"]}}),
        ("POST", "/v0/connectors", {"data": '{"s3_secret_access_key": "' + hidden["a secret in broken JSON"],
                                    "headers": {"Content-Type": "application/json"}}),
        ("POST", "/v0/connectors", {"data": "s3_secret_access_key=%zz" + hidden["a secret with a bad escape"],
                                    "headers": {"Content-Type": "application/x-www-form-urlencoded"}}),
        ("POST", "/v0/connectors", {"data": [("s3_secret_access_key", hidden["a secret sent twice"])] * 2}),
        ("POST", "/v0/connectors", {"data": {**s3_keys, "name": "user", "s3_secret_access_key": "x" * 20,
                                             "s3_endpoint": f"http://u:{hidden['a password in an endpoint']}@host"}}),
        ("GET", "/v0/pipes", {"token": hidden["an unknown token"]}),
        ("DELETE", f"/v0/tokens/{hidden['a token in a path']}", {}),
        ("GET", f"/v0/jobs?token={hidden['a token in a query']}", {"token": None}),
        ("GET", "/v0/jobs", {"headers": {"Authorization": f"Basic {hidden['a password in a header']}"}}),
    ]
    for method, path, more in bad:
        sluice.raw(method, path, **more)
    sluice.make_s3(s3, name="good")
    for name in ("wrong", "hmac", "google"):
        sluice.make_pipe(name, "SELECT 1 AS a")
        scheme = "s3" if name == "wrong" else "gs"
        target = {"connection": name, "path": f"{scheme}://{bucket.name}/x", "file_template": "f"}
        assert sluice.raw("POST", f"/v0/pipes/{name}/nodes/{name}_0/sink", data=target).status_code >= 400
        sluice.raw("POST", f"/v0/connectors/{name}/test", data={"path": target["path"]})
        sluice.raw("GET", f"/v0/connectors/{name}")
        sluice.raw("GET", f"/v0/connectors/{name}.connection")
    sluice.export("p", "SELECT 1 AS a", connection="good", path=bucket.path("x"), file_template="f", manifest="true")
    sluice.wait(sluice.run("p", connection="wrong"), status="error")
    sluice.bucket = bucket
    use_variables(sluice, hidden)
    for path in ("/v0/connectors", "/v0/tokens", "/v0/jobs", "/v0/pipes", "/v0/workspace", "/openapi.json", "/docs",
                 "/v0/auth", "/v0/pipes/p.pipe", "/metrics", "/health"):
        sluice.raw("GET", path)


def test_none_of_twenty_secrets_is_found(make_sluice, flights_db, s3, bucket, hidden):
    hidden, account = hidden
    assert len(set(hidden.values())) >= 20
    sluice = make_sluice(attach={"nyc": flights_db}, args=["--log-level", "debug"], env={
        "SLUICE_SECRET_KEY": hidden["the secret key"], "AWS_ACCESS_KEY_ID": "AKIAOURS",
        "AWS_SECRET_ACCESS_KEY": hidden["our own AWS secret"], "AWS_SESSION_TOKEN": hidden["our own AWS session"]})
    sluice.start()
    places = Places(sluice)
    use_everything(sluice, hidden, account, s3, bucket)
    made = sluice.api("POST", "/v0/tokens", data={"name": "made", "scope": "PIPES:CREATE"})
    hidden["a token that was made"] = made["token"]
    del places.seen[-1]  # The one answer that shows it.
    sluice.raw("GET", "/v0/tokens/made")
    sluice.kill9()  # What is on the disk is there without a clean end.
    assert places.find(hidden) == []
    stored = b"".join(file.read_bytes() for file in sluice.data_dir.glob("state.db*"))
    assert b"wrong" in stored and b"tb_secret(" in stored and len(places.seen) > 60  # It looked in the right places.


def cores_in(folder):
    return [file for file in folder.iterdir() if file.name.startswith("core")]


def dies_with_a_core(pid):
    os.kill(pid, signal.SIGABRT)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status)
    return os.WCOREDUMP(status)


def test_a_crash_leaves_no_core(binary, tmp_path):
    pattern = pathlib.Path("/proc/sys/kernel/core_pattern").read_text().strip()
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    if pattern.startswith("|") or "/" in pattern or hard == 0:
        pytest.skip(f"core dumps go elsewhere here: {pattern}, limit {hard}")

    def spawn(command, **env):
        pid = os.fork()
        if pid == 0:
            with contextlib.suppress(BaseException):
                resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
                os.chdir(tmp_path)
                os.execve(command[0], [str(word) for word in command], {**os.environ, **env})
            os._exit(127)
        return pid

    plain = spawn(["/bin/sleep", "60"])
    time.sleep(0.5)
    assert dies_with_a_core(plain), "a program that does not forbid it leaves none either: this shows nothing"
    for file in cores_in(tmp_path):
        file.unlink()
    port = free_port()
    pid = spawn([binary, "serve", "--port", port, "--data-dir", tmp_path / "data"], SLUICE_ADMIN_TOKEN=TOKEN)
    shell = Sluice(binary, tmp_path / "client")
    shell.port = port

    def is_up():
        with contextlib.suppress(OSError):
            return shell.raw("GET", "/health").status_code == 200

    until(is_up, 30, "the server answers")
    assert not dies_with_a_core(pid)
    assert cores_in(tmp_path) == []
