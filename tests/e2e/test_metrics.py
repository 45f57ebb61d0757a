"""GET /metrics, as Prometheus' own library reads it, and the dashboard that is drawn of it."""
import json
import re

from prometheus_client.parser import text_string_to_metric_families


def families(sluice):
    answer = sluice.raw("GET", "/metrics")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return {family.name: family for family in text_string_to_metric_families(answer.text)}


def value(family, suffix="", **labels):
    (sample,) = [one for one in family.samples
                 if one.name.endswith(suffix) and labels.items() <= one.labels.items()]
    return sample.value


def test_jobs_are_counted(sluice):
    sluice.make_local()
    job = sluice.export("p", "SELECT 1 AS a UNION ALL SELECT 2", connection="disk", path="local://x", file_template="f")
    sluice.make_pipe("bad", "SELECT CAST(x'ff' AS TEXT) AS c")
    sluice.make_sink("bad", connection="disk", path="local://bad", file_template="f")
    sluice.wait(sluice.run("bad"), status="error")
    told = families(sluice)
    assert value(told["sluice_jobs_ended"], status="done", triggered_by="on_demand") == 1
    assert value(told["sluice_jobs_ended"], status="error") == 1
    assert sum(sample.value for sample in told["sluice_jobs_failed"].samples) == 1
    assert value(told["sluice_rows_written"]) == 2
    assert value(told["sluice_bytes_written"]) == job["statistics"]["bytes"]
    assert value(told["sluice_job_duration_seconds"], "_count") == 2
    assert value(told["sluice_jobs"], status="working") == 0
    assert told["sluice_job_wait_seconds"].type == "histogram"


def test_the_dashboard_draws_what_there_is(sluice, repository):
    board = json.loads((repository / "docs/grafana-dashboard.json").read_text())
    used = {name for panel in board["panels"] for target in panel["targets"]
            for name in re.findall(r"sluice_\w+", target["expr"])}
    text = sluice.raw("GET", "/metrics").text
    known = set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE))
    assert len(used) > 8
    assert {re.sub(r"_bucket$", "", name) for name in used} <= known
