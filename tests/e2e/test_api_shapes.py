"""The shapes of the answers, how parameters travel, and who may call."""
import json
import re

import pytest
import requests

from support.sluice import TOKEN, check_error_body

TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$")
ID = re.compile(r"t_[0-9a-f]{32}$")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
SINK = {"connection": "disk", "path": "local://out", "file_template": "f"}

PIPE = {"id", "name", "description", "endpoint", "created_at", "updated_at", "parent", "type", "last_commit",
        "sink_node", "schedule", "nodes", "url", "tags", "project"}
NODE = {"id", "name", "sql", "description", "materialized", "cluster", "tags", "created_at", "updated_at", "version",
        "project", "result", "ignore_sql_errors", "node_type", "dependencies", "params"}
JOB = {"kind", "id", "job_id", "status", "created_at", "started_at", "updated_at", "is_cancellable", "job_url", "pipe",
       "pipe_id", "pipe_name", "error", "errors", "progress_percentage", "statistics"}
CONNECTION = {"id", "service", "name", "linkers", "sinks", "settings"}


def check_pipe(pipe, kind):
    assert set(pipe) >= PIPE
    assert ID.match(pipe["id"]) and TIME.match(pipe["created_at"]) and TIME.match(pipe["updated_at"])
    assert pipe["type"] == kind
    assert pipe["last_commit"] == {"content_sha": "", "path": "", "status": "changed"}
    assert pipe["description"] is pipe["endpoint"] is pipe["parent"] is None
    for node in pipe["nodes"]:
        check_node(node)


def check_node(node):
    assert set(node) >= NODE
    assert ID.match(node["id"]) and TIME.match(node["created_at"]) and TIME.match(node["updated_at"])
    assert node["tags"] == {} and node["version"] == 0 and node["ignore_sql_errors"] is False
    assert node["materialized"] is node["cluster"] is node["project"] is node["result"] is None


def check_job(job, url):
    assert set(job) >= JOB
    assert UUID.match(job["id"]) and job["job_id"] == job["id"] and job["kind"] == "sink"
    assert TIME.match(job["created_at"]) and TIME.match(job["updated_at"])
    assert job["job_url"] == f"{url}/v0/jobs/{job['id']}"
    assert job["pipe"] == {"id": job["pipe_id"], "name": job["pipe_name"]}
    assert isinstance(job["statistics"]["bytes"], int) and isinstance(job["statistics"]["row_count"], int)


def test_pipe_with_one_statement(sluice):
    pipe = sluice.make_pipe("p", "SELECT month FROM nyc.flights")
    check_pipe(pipe, "default")
    assert pipe["sink_node"] is None and pipe["schedule"] == {}
    assert [(node["name"], node["sql"], node["node_type"]) for node in pipe["nodes"]] == [
        ("p_0", "SELECT month FROM nyc.flights", "standard")]
    assert pipe["nodes"][0]["dependencies"] == ["nyc.flights"]
    assert sluice.api("GET", "/v0/pipes/p") == sluice.api("GET", f"/v0/pipes/{pipe['id']}") == pipe
    assert sluice.api("GET", "/v0/pipes") == {"pipes": [pipe]}


def test_pipe_with_nodes_that_read_each_other(sluice):
    pipe = sluice.api("POST", "/v0/pipes", json={"name": "p", "nodes": [
        {"name": "base", "sql": "SELECT month, carrier FROM nyc.flights"},
        {"name": "ua", "sql": "SELECT month FROM base WHERE carrier = 'UA'", "description": "one carrier"}]})
    check_pipe(pipe, "default")
    assert [node["dependencies"] for node in pipe["nodes"]] == [["nyc.flights"], ["base"]]
    sluice.make_pipe("q", "SELECT count(*) AS n FROM p")
    assert sluice.api("GET", "/v0/pipes/q")["nodes"][0]["dependencies"] == ["p"]
    sluice.make_local()
    sluice.make_sink("q", **SINK)
    sluice.wait(sluice.run("q"))
    assert sluice.local_files()["out/f.csv"] == b"n\n58665\n"


def test_node_from_a_raw_body(sluice):
    sluice.make_pipe("p", "SELECT month FROM nyc.flights")
    node = sluice.api("POST", "/v0/pipes/p/nodes?name=total", data=b"SELECT count(*) AS n FROM p_0 WHERE month = 1")
    check_node(node)
    assert node["name"] == "total" and node["dependencies"] == ["p_0"]
    assert [one["name"] for one in sluice.api("GET", "/v0/pipes/p")["nodes"]] == ["p_0", "total"]
    # SQL with a form's look is SQL all the same.
    node = sluice.api("POST", "/v0/pipes/p/nodes?name=odd", data=b"SELECT 'a=1&b=2' AS c")
    assert node["sql"] == "SELECT 'a=1&b=2' AS c"


def test_delete_pipe(sluice):
    sluice.make_pipe("p", "SELECT 1 AS a")
    assert sluice.raw("DELETE", "/v0/pipes/p").status_code == 204
    sluice.refusal("GET", "/v0/pipes/p", 404, "p")


def test_sink_run_job_and_back(sluice):
    sluice.make_local()
    sluice.make_pipe("p", "SELECT 1 AS a")
    pipe = sluice.make_sink("p", **SINK, schedule_cron="0 */1 * * *")
    check_pipe(pipe, "sink")
    node = pipe["nodes"][0]
    assert pipe["sink_node"] == node["id"] and node["node_type"] == "sink"
    schedule = pipe["schedule"]
    assert (schedule["timezone"], schedule["cron"], schedule["status"]) == ("Etc/UTC", "0 */1 * * *", "running")

    answer = sluice.api("POST", "/v0/pipes/p/sink")
    check_node(answer)
    assert answer["node_type"] == "sink" and answer["id"] == node["id"]
    check_job(answer["job"], sluice.url)
    job = sluice.wait(answer["job"]["id"])
    check_job(job, sluice.url)
    assert TIME.match(job["started_at"]) and job["error"] is None and job["errors"] == []
    assert job["progress_percentage"] == 100 and not job["is_cancellable"]
    assert (job["statistics"]["row_count"], job["statistics"]["bytes"]) == (1, 4)
    assert requests.get(job["job_url"], params={"token": TOKEN}, timeout=10).json() == job

    pipe = sluice.api("DELETE", f"/v0/pipes/{pipe['id']}/nodes/{node['id']}/sink")
    check_pipe(pipe, "default")
    assert pipe["sink_node"] is None and pipe["schedule"] == {}
    assert pipe["nodes"][0]["node_type"] == "standard"


def test_jobs_newest_first_filtered_and_paged(sluice):
    sluice.make_local()
    ids = []
    for name in ("p", "q"):
        sluice.make_pipe(name, "SELECT 1 AS a")
        sluice.make_sink(name, **SINK)
    for name in ("p", "q", "p", "p", "q"):
        ids.append(sluice.run(name))
        sluice.wait(ids[-1])
    newest = list(reversed(ids))

    def listed(query=""):
        return [job["id"] for job in sluice.api("GET", f"/v0/jobs{query}")["jobs"]]

    assert listed() == newest
    assert listed("?pipe_name=q") == [newest[0], newest[3]]
    assert listed("?pipe_id=" + sluice.api("GET", "/v0/pipes/p")["id"]) == [newest[1], newest[2], newest[4]]
    assert listed("?status=done&kind=sink") == newest and listed("?status=error") == []
    middle = sluice.job(newest[2])["created_at"]
    assert listed(f"?created_before={middle}")[-2:] == newest[3:]
    assert newest[0] in listed(f"?created_after={middle}") and newest[4] not in listed(f"?created_after={middle}")
    seen, cursor = [], ""
    while True:
        page = sluice.api("GET", f"/v0/jobs?limit=2{cursor}")
        assert len(page["jobs"]) <= 2
        seen += [job["id"] for job in page["jobs"]]
        if "next_cursor" not in page:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == newest


def test_connections(sluice):
    secret = "s3cr3t-s3cr3t-s3cr3t-s3cr3t"
    made = sluice.api("POST", "/v0/connectors", data={
        "service": "s3", "name": "lake", "s3_region": "eu-central-1", "s3_access_key_id": "AKIAEXAMPLE0000",
        "s3_secret_access_key": secret, "s3_endpoint": "http://127.0.0.1:1", "s3_path_style": "true"})
    sluice.make_local()
    assert set(made) >= CONNECTION and made["service"] == "s3" and made["linkers"] == [] and made["sinks"] == []
    assert made["settings"]["s3_region"] == "eu-central-1"
    pipe = sluice.make_pipe("p", "SELECT 1 AS a")
    sluice.make_sink("p", **SINK)
    everything = sluice.api("GET", "/v0/connectors")["connectors"]
    assert {one["name"] for one in everything} == {"lake", "disk"}
    assert secret not in json.dumps([made, everything])
    disk = sluice.api("GET", "/v0/connectors/disk")
    assert disk["sinks"] == [{"resource_id": pipe["id"], "settings": {"bucket_path": "local://out"}}]
    assert sluice.api("GET", f"/v0/connectors/{disk['id']}") == disk
    assert disk["settings"]["root"] == "disk"


def test_dry_run_makes_nothing(sluice):
    sluice.api("POST", "/v0/connectors", data={"service": "local", "name": "d", "dry_run": "true"})
    assert sluice.api("GET", "/v0/connectors") == {"connectors": []}


@pytest.mark.parametrize("way", ["query", "form", "json", "multipart", "mixed"])
def test_parameters_travel_in_every_way(sluice, way):
    sluice.make_local()
    sluice.make_pipe("p", "SELECT 1 AS a")
    parameters = {**SINK, "file_template": "ü+&=%/x y", "compression": "gz"}
    send = {
        "query": {"params": parameters},
        "form": {"data": parameters},
        "json": {"json": parameters},
        "multipart": {"files": {key: (None, value) for key, value in parameters.items()}},
        "mixed": {"params": {"file_template": parameters["file_template"], "compression": "gz"},
                  "data": {**parameters, "compression": "none", "file_template": "loses"}},
    }[way]
    sluice.api("POST", "/v0/pipes/p/nodes/p_0/sink", **send)
    sluice.wait(sluice.run("p"))
    assert list(sluice.local_files()) == ["out/ü+&=%/x y.csv.gz"]


@pytest.mark.parametrize("override, path", [
    ({"format": "ndjson"}, "out/f.ndjson"), ({"format": "JSON", "compression": "GZIP"}, "out/f.ndjson.gz"),
    ({"path": "local://other/deep"}, "other/deep/f.csv"), ({"file_template": "x.csv"}, "out/x.csv"),
    ({"file_template": "x.csv", "compression": "gz"}, "out/x.csv.gz"), ({"file_template": "{a}/{v}", "v": "w"}, "out/1/w.csv"),
    ({"path": "local:///a//"}, "a/f.csv"), ({"path": "local://"}, "f.csv")])
def test_a_run_overrides(sluice, override, path):
    sluice.make_local()
    sluice.make_pipe("p", "SELECT 1 AS a")
    sluice.make_sink("p", **SINK)
    sluice.wait(sluice.run("p", **override))
    assert list(sluice.local_files()) == [path]
    # For that run only.
    sluice.wait(sluice.run("p"))
    assert set(sluice.local_files()) == {path, "out/f.csv"}


@pytest.mark.parametrize("noise", ["cli_version=1.2.3", "__tb__semver=x", "from=ui", "debug=1"])
def test_client_noise_is_ignored(sluice, noise):
    sluice.make_local()
    sluice.make_pipe("p", "SELECT 1 AS a")
    sluice.api("POST", f"/v0/pipes/p/nodes/p_0/sink?{noise}", data=SINK)


def test_who_may_call(sluice):
    for token in (None, "p.wrong", "", "p." + "x" * 3000):
        answer = sluice.raw("GET", "/v0/pipes", token=token)
        assert answer.status_code == 403
        check_error_body(answer, "ADMIN")
    assert sluice.raw("GET", "/v0/pipes", headers={"Authorization": "Basic " + TOKEN}).status_code == 403
    assert sluice.raw("GET", f"/v0/pipes?token={TOKEN}", token=None).status_code == 200
    assert sluice.raw("GET", "/v0/pipes?token=p.wrong", token=None).status_code == 403
    # Without a token the rest of a request is not even looked at.
    assert sluice.raw("POST", "/v0/pipes/nothing/sink", token=None, data=b"{").status_code == 403
    health = sluice.raw("GET", "/health", token=None)
    assert health.status_code == 200 and health.json()["status"] == "ok"


def test_every_answer_has_a_request_id(sluice):
    ids = [sluice.raw(*call).headers["X-Request-Id"] for call in (
        ("GET", "/health"), ("GET", "/v0/pipes"), ("GET", "/v0/pipes/none"), ("GET", "/nowhere"), ("PATCH", "/v0/jobs"))]
    ids.append(sluice.raw("GET", "/v0/pipes", token=None).headers["X-Request-Id"])
    assert len(set(ids)) == len(ids) and all(ids)


def test_progress_is_seen_while_a_job_runs(sluice, s3, bucket):
    """The store is slowed by nothing: the query itself takes long enough to look at it."""
    sluice.make_s3(s3)
    sluice.make_pipe("p", """WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 20000000)
      SELECT x, 'some text to make it longer' AS t FROM c""")
    sluice.make_sink("p", connection="lake", path=bucket.path("x"), file_template="f", compression="gz")
    job_id = sluice.run("p")
    seen = []
    while True:
        job = sluice.job(job_id)
        check_job(job, sluice.url)
        if job["status"] in ("done", "error"):
            break
        seen.append((job["status"], job["statistics"]["row_count"]))
    assert job["status"] == "done", job
    between = {rows for status, rows in seen if status == "working" and 0 < rows < 20000000}
    assert len(between) >= 2, "no progress was visible"
    assert [rows for _, rows in seen] == sorted(rows for _, rows in seen), "progress went backwards"
