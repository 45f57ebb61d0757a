"""The API keeps to its own description: schemathesis calls every operation of /openapi.json with what it describes and
with what it does not."""
import collections
import json
import os
import re
import subprocess
import sys

import pytest

from support import gcs
from support.sluice import TOKEN

EXAMPLES = 25  # Random calls an operation, beside those that cover its description.

# Left out, since they say more than the description does: whether a body that has the right form is also right in what
# it says (a cron expression, a template), and 401 for a call without a token, which the public API answers with 403.
LEFT_OUT = "positive_data_acceptance,missing_required_header"


@pytest.fixture
def world(make_sluice, flights_db, tmp_path):
    """A server with one of everything, and the ids of it."""
    account = gcs.Account().write(tmp_path / "key.json", "https://oauth2.googleapis.com/token")
    sluice = make_sluice(attach={"nyc": flights_db}, args=[
        "--aws-principal", "arn:aws:iam::123456789012:user/sluice", "--gcp-credentials", account]).start()
    disk = sluice.make_local()
    pipe = sluice.make_pipe("p", "SELECT 1 AS a, 'x' AS b")
    sluice.make_sink("p", connection="disk", path="local://x", file_template="{b}", schedule_cron="0 0 1 1 *")
    job = sluice.wait(sluice.run("p"))
    token = sluice.api("POST", "/v0/tokens", data={"name": "t", "scope": "PIPES:CREATE"})
    sluice.make_pipe("q", "SELECT 1 AS a")
    sluice.make_sink("q", connection="disk", path="local://q", file_template="{interval_start, '%Y-%m-%d'}",
                     schedule_cron="0 0 * * *")
    backfill = sluice.api("POST", "/v0/pipes/q/sink/backfill", data={"start": "2026-01-01", "end": "2026-01-03"})
    source = sluice.api("POST", "/v0/datasources", data={"name": "d", "schema": "id Int64"})["datasource"]
    webhook = sluice.api("POST", "/v0/webhooks", data={"url": "http://127.0.0.1:9/", "events": "missed"})
    return sluice, {"pipe": pipe["id"], "node": pipe["nodes"][0]["id"], "connection": disk["id"], "job": job["id"],
                    "token": token["id"], "backfill": backfill["id"], "webhook": webhook["id"],
                    "datasource": source["id"]}


def call_everything(sluice, folder, *options, names=None):
    folder.mkdir()
    lines = [f'"path.{key}" = "{value}"' for key, value in (names or {}).items()]
    (folder / "schemathesis.toml").write_text("\n".join(["[parameters]", *lines, ""]))
    ran = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", sluice.url + "/openapi.json",
         "-H", f"Authorization: Bearer {TOKEN}", "--seed", os.environ["SLUICE_SEED"], "-n", str(EXAMPLES),
         "--phases", "examples,coverage,fuzzing", "--exclude-checks", LEFT_OUT, "--warnings", "off",
         "--request-timeout", "30", "--report", "json", "--report-json-path", folder / "report.json", *options],
        cwd=folder, capture_output=True, text=True, timeout=900)
    print(ran.stdout[-20_000:], ran.stderr[-2000:])
    return ran


def check(ran, operations, record_property):
    assert ran.returncode == 0, ran.stdout[-20_000:]
    tested = int(re.search(r"Tested: (\d+)", ran.stdout)[1])
    cases = int(re.search(r"(\d+) generated", ran.stdout)[1])
    assert tested == operations and cases > 10 * tested
    record_property("schemathesis", re.search(r"\d+ generated.*", ran.stdout)[0] + f", {tested} operations")


def operations_of(sluice):
    paths = sluice.api("GET", "/openapi.json")["paths"]
    # Schemathesis reads /openapi.json and does not test it.
    return [(method.upper(), path) for path, item in paths.items() for method in item if path != "/openapi.json"]


def test_names_that_are_there(world, tmp_path, record_property):
    """Deleting is left to the other test, so that what is called stays there."""
    sluice, names = world
    operations = [one for one in operations_of(sluice) if one[0] != "DELETE"]
    check(call_everything(sluice, tmp_path / "run", "--exclude-method", "DELETE", names=names), len(operations),
          record_property)
    assert sluice.process.exit_code is None


def test_any_name(world, tmp_path, record_property):
    sluice, _ = world
    check(call_everything(sluice, tmp_path / "run"), len(operations_of(sluice)), record_property)
    assert sluice.process.exit_code is None


def test_no_route_without_its_scope(world):
    """Each operation without a token, with one that is not known, and with one that has no scope at all."""
    sluice, names = world
    token = sluice.api("POST", "/v0/tokens", data={"name": "none", "scope": "DATASOURCES:DROP:nothing"})["token"]
    openapi = sluice.api("GET", "/openapi.json")
    closed = 0
    for path, item in openapi["paths"].items():
        for method, operation in item.items():
            url = path.format_map(collections.defaultdict(lambda: "json", names))
            if operation.get("security") == []:
                assert sluice.raw(method.upper(), url, token=None).status_code == 200, path
                continue
            needed = re.fullmatch(r"Needs the scope (.*)\.", operation["description"])[1]
            for bad in (None, "p.nobody", *([token] if needed != "of any kind" else [])):
                answer = sluice.raw(method.upper(), url, token=bad)
                assert answer.status_code == 403, f"{method} {url} with {bad} answered {answer.status_code}"
                assert set(answer.json()) == {"error", "documentation"}
            closed += 1
    assert closed > 50


def test_every_error_links_to_what_explains_it(world):
    sluice, names = world
    answer = sluice.raw("POST", "/v0/pipes/p/nodes/nothing/sink", data={"connection": "disk"})
    link = answer.json()["documentation"]
    page, _, anchor = link.partition("#")
    assert page == sluice.url + "/docs"
    shown = sluice.raw("GET", "/docs", token=None).text
    assert f'id="{anchor}"' in shown, json.dumps(link)
