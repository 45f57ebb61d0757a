"""The published Python and JavaScript SDKs against Sluice, for the calls they make that it has so far."""
import json
import os
import shutil
import subprocess

import pytest
import tb.api
import verdin.api.apis
import verdin.client
import verdin.pipe
import verdin.query
from requests import HTTPError

from support.process import until
from support.sluice import FINAL, TOKEN


def test_python_sdk(sluice):
    api = tb.api.API(TOKEN, api_url=sluice.url)
    api.post("/connectors", data={"service": "local", "name": "disk"})
    api.post("/pipes", data={"name": "p", "sql": "SELECT 1 AS a UNION ALL SELECT 2"})
    api.post("/pipes/p/nodes/p_0/sink", data={
        "connection": "disk", "path": "local://py", "file_template": "f", "format": "csv"})
    job = api.post("/pipes/p/sink").json()["job"]

    def ended():
        now = api.get(f"/jobs/{job['id']}").json()
        return now if now["status"] in FINAL else None

    assert until(ended, 30, "the job has ended")["statistics"]["row_count"] == 2
    assert sluice.local_files() == {"py/f.csv": b"a\n1\n2\n"}
    with pytest.raises(HTTPError, match="404"):
        api.get("/pipes/nothing")
    api.send("/pipes/p", method="DELETE")
    assert api.get("/pipes").json()["pipes"] == []


def test_python_sdk_heeds_the_rate_limit(make_sluice):
    """It reads the three headers as whole numbers on every answer."""
    sluice = make_sluice(args=["--rate-limit", "5"]).start()
    api = tb.api.API(TOKEN, api_url=sluice.url)
    api.get("/pipes")
    assert (api.rate_limit_points, api.rate_limit_remaining) == (5, 4)


def test_verdin(sluice):
    apis = verdin.api.apis.Apis(TOKEN, sluice.url)
    sluice.make_pipe("p", "SELECT 1 AS a")
    (pipe,) = apis.pipes.list(dependencies=True, attrs=["id", "name"]).pipes
    assert pipe["name"] == "p"
    assert apis.pipes.get_information("p").info["nodes"][0]["sql"] == "SELECT 1 AS a"
    with pytest.raises(verdin.api.pipes.PipeNotFoundError):
        apis.pipes.get_information("nothing")
    assert [token["name"] for token in apis.tokens.list().tokens] == ["admin"]
    assert apis.tokens.get_information("admin").info["name"] == "admin"
    assert apis.variables.list().variables == []
    assert apis.datasources.list().datasources == []


def test_verdin_keeps_secrets(sluice):
    variables = verdin.api.apis.Apis(TOKEN, sluice.url).variables
    made = variables.create("password", "hidden").variable
    assert made["type"] == "secret" and made["edited_by"] == "token: 'admin'" and "hidden" not in str(made)
    assert variables.update("password", "other").variable["name"] == "password"
    assert [one["name"] for one in variables.list().variables] == ["password"]
    sluice.make_pipe("p", "%SELECT length({{tb_secret('password')}}) AS n")
    assert variables.delete("password").ok
    with pytest.raises(verdin.api.variables.VariableNotFoundError):
        variables.delete("password")


def test_verdin_asks(sluice):
    client = verdin.client.Client(TOKEN, sluice.url)
    answer = client.sql("SELECT count(*) AS flights FROM nyc.flights").json()
    assert answer.data == [{"flights": 336776}] and answer.meta == [{"name": "flights", "type": "Int64"}]
    assert client.sql("SELECT 1 AS a", format=verdin.query.OutputFormat.CSVWithNames).get().text == "a\n1\n"
    lines = client.api.query.query("SELECT 1 AS a UNION ALL SELECT 2", format="JSONEachRow")
    assert lines.data == [{"a": 1}, {"a": 2}]
    sluice.make_pipe("late", "%\nSELECT carrier FROM nyc.flights WHERE arr_delay > {{Int32(least)}}")
    sluice.api("POST", "/v0/pipes/late/nodes/late_0/endpoint")
    pipe = client.pipe("late")
    assert len(pipe.query({"least": "1000"}).data) == 4
    with pytest.raises(verdin.pipe.PipeError, match="least"):
        pipe.query()
    assert client.api.query.query("SELECT count(*) AS n FROM _", pipeline="late", parameters={"least": "1000"}).data == [{"n": 4}]


def test_javascript_sdk(sluice, repository):
    folder = repository / "build/tools/js/node_modules/@tinybirdco/sdk"
    node = shutil.which("node")
    if not folder.exists() or node is None:
        pytest.skip(os.environ.get("SLUICE_E2E_CLIENT_PROBLEM") or "no client: scripts/test installs it")
    script = repository / "tests/e2e/clients/session.mjs"
    ran = subprocess.run([node, script, folder, sluice.url, TOKEN], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["workspace"] == "sluice"
    assert told["connector"]["service"] == "local"
    assert told["job"]["status"] == "done" and told["job"]["statistics"]["row_count"] == 2
    assert sluice.local_files() == {"js/f.ndjson": b'{"a":1}\n{"a":2}\n'}
    assert told["pipes"] == told["pipesV1"] == ["p"]
    assert told["datasources"] == [] and told["connectors"] == ["disk"]
    assert told["detail"]["nodes"][0]["name"] == "p_0"
    assert told["resources"]["pipes"][0]["name"] == "p"
    files = {file["filename"]: file["content"] for kind in told["files"].values() for file in kind}
    assert set(files) == {"p.pipe", "disk.connection"}
    assert "\nTYPE sink\n" in files["p.pipe"] and files["disk.connection"].startswith("TYPE local\n")
    assert told["refusal"]["known"] and told["refusal"]["status"] == 404 and "nothing" in told["refusal"]["message"]
