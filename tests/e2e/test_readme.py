"""The README's lines work as they stand, in their order."""
import json
import re
import subprocess

from support import gcs
from support.sluice import TOKEN

ROUTE_ROW = re.compile(r"^\| `((?:GET|POST|PUT|PATCH|DELETE) \S+)` \|.*\| `(.+)` \|$")

# What these calls delete is no resource: they answer what is left of it.
UNDO = ("/sink", "/endpoint", "/materialization", "/copy")


def routes_of_readme(repository):
    rows = []
    for line in (repository / "README.md").read_text().splitlines():
        if match := ROUTE_ROW.match(line):
            rows.append((match[1], match[2].replace("\\|", "|")))
    return rows


def routes_of_source(repository):
    table = (repository / "src/api/route_table.cpp").read_text()
    return re.findall(r'\{"([A-Z]+)",\s+"(/[^"]*)"', table)


def test_every_route_has_a_line(repository):
    documented = {re.sub(r"\{\w+\}", "{}", route) for route, _ in routes_of_readme(repository)}
    known = {re.sub(r"\{\w+\}", "{}", f"{method} {path}") for method, path in routes_of_source(repository)}
    assert documented == known and len(known) > 10


def test_lines_work_in_their_order(repository, make_sluice, flights_db, tmp_path):
    account = gcs.Account().write(tmp_path / "key.json", "https://oauth2.googleapis.com/token")
    sluice = make_sluice(attach={"nyc": flights_db}, args=[
        "--aws-principal", "arn:aws:iam::123456789012:user/sluice", "--gcp-credentials", account])
    sluice.start()
    shown = (repository / "README.md").read_text()
    alias = re.search(r"^alias api='(.*)'$", shown, re.MULTILINE)[1]
    for route, line in routes_of_readme(repository):
        script = f'api() {{ {alias} "$@"; }}\n{line}'
        environment = {"SLUICE": sluice.url, "TOKEN": TOKEN, "PATH": "/usr/local/bin:/usr/bin:/bin"}
        if "/cancel" in route:
            script = script.replace("api -X POST", "api -o /dev/null -w '%{http_code}' -X POST", 1)
        ran = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, timeout=60)
        assert ran.returncode == 0, f"{route}: {line}\n{ran.stderr}"
        if "/cancel" in route:
            # The job may be over before the line comes to cancel it.
            assert ran.stdout in ("200", "409"), f"{route}: {line}\n{ran.stdout}"
        elif route.startswith("DELETE /v0/variables"):
            assert json.loads(ran.stdout) == {"ok": True}, "as the public API answers"
        elif route.startswith("DELETE") and not route.endswith(UNDO):
            assert ran.stdout == "", f"{route}: {line}\n{ran.stdout}"
        elif route.endswith(".pipe"):
            assert "\nNODE late\n" in ran.stdout, ran.stdout
        elif route.endswith(".datasource"):
            assert ran.stdout.startswith("SCHEMA >\n"), ran.stdout
        elif route.endswith(".connection"):
            assert ran.stdout.startswith("TYPE local\n"), ran.stdout
        elif route.startswith("GET") and route.endswith("/events"):
            assert ran.stdout.startswith("event: "), ran.stdout
        elif "webhooks" in route and route.endswith("/test"):
            assert json.loads(ran.stdout)["ok"] is False, "nobody is at the address of the example"
        elif route.endswith("/metrics"):
            assert ran.stdout.startswith("# HELP sluice_"), ran.stdout[:200]
        elif route.endswith("/docs"):
            assert ran.stdout.startswith("<!doctype html>"), ran.stdout[:200]
        else:
            assert json.loads(ran.stdout).get("error") in (None, False), ran.stdout
