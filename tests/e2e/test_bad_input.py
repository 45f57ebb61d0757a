"""Bad requests: each a 4xx with a sentence that names what is wrong, and nothing changed by it."""
import pytest

from support.sluice import check_error_body

SINK = "/v0/pipes/p/nodes/p_0/sink"


@pytest.fixture
def ready(sluice):
    """A server with the pipe `p` and the local connection `disk`, and no sink."""
    sluice.make_local()
    sluice.make_pipe("p", "SELECT month, carrier FROM nyc.flights LIMIT 10")
    return sluice


def sink(**changes):
    parameters = {"connection": "disk", "path": "local://out", "file_template": "f", **changes}
    return {key: value for key, value in parameters.items() if value is not None}


# Names that are not there.

@pytest.mark.parametrize("method, path", [
    ("GET", "/v0/pipes/nopipe"), ("DELETE", "/v0/pipes/nopipe"), ("POST", "/v0/pipes/nopipe/sink"),
    ("POST", "/v0/pipes/nopipe/nodes/n/sink"), ("DELETE", "/v0/pipes/nopipe/nodes/n/sink")])
def test_unknown_pipe(ready, method, path):
    ready.refusal(method, path, 404, "nopipe")


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_unknown_node(ready, method):
    ready.refusal(method, "/v0/pipes/p/nodes/nonode/sink", 404, "nonode", data=sink() if method == "POST" else None)


def test_node_of_another_pipe(ready):
    ready.make_pipe("q", "SELECT 1 AS a")
    ready.refusal("POST", "/v0/pipes/p/nodes/q_0/sink", 404, "q_0", data=sink())


def test_unknown_connection(ready):
    ready.refusal("POST", SINK, 404, "elsewhere", data=sink(connection="elsewhere"))
    ready.refusal("GET", "/v0/connectors/elsewhere", 404, "elsewhere")
    ready.refusal("DELETE", "/v0/connectors/elsewhere", 404, "elsewhere")


def test_unknown_job(ready):
    job = "00000000-0000-4000-8000-000000000000"
    ready.refusal("GET", f"/v0/jobs/{job}", 404, job)
    ready.refusal("POST", f"/v0/jobs/{job}/cancel", 404, job)


def test_unknown_route_and_method(ready):
    ready.refusal("GET", "/v0/nothing/here", 404, "/v0/nothing/here")
    answer = ready.raw("PATCH", "/v0/jobs")
    assert answer.status_code == 405 and "GET" in answer.headers["Allow"]
    check_error_body(answer, "PATCH")


# Sink parameters.

@pytest.mark.parametrize("change, mention", [
    ({"format": "exccel"}, "exccel"), ({"format": "parquet!"}, "parquet!"),
    ({"compression": "rar"}, "rar"), ({"write_strategy": "merge"}, "merge"), ({"empty_result": "maybe"}, "maybe"),
    ({"schedule_cron": "61 * * * *"}, "61"), ({"schedule_cron": "* * *"}, "* * *"),
    ({"schedule_cron": "@fortnightly"}, "@fortnightly"), ({"schedule_cron": "0 0 30 2 *"}, "30"),
    ({"schedule_cron": "* * * * * *"}, "* * * * * *"), ({"schedule_timezone": "Mars/Olympus", "schedule_cron": "@daily"}, "Mars/Olympus"),
    ({"file_template": "a/{"}, "{"), ({"file_template": "{0}"}, "0"), ({"file_template": "{1001}"}, "1001"),
    ({"path": "nowhere"}, "nowhere"), ({"path": "ftp://x/y"}, "ftp"), ({"path": "s3://bucket/x"}, "s3://"),
    ({"connection": None}, "connection"), ({"path": None}, "path"), ({"file_template": None}, "file_template"),
    ({"file_template": ""}, "template"), ({"flie_template": "x"}, "flie_template")])
def test_bad_sink_parameter(ready, change, mention):
    ready.refusal("POST", SINK, 400, mention, data=sink(**change))
    assert ready.api("GET", "/v0/pipes/p")["type"] == "default"


@pytest.mark.parametrize("where", ["path", "file_template"])
@pytest.mark.parametrize("text", ["../up", "a/../../up", "a/..", "..", "/../x", "a/./b", "..\\up", "a\nb", "a\0b"])
def test_nothing_leaves_its_folder(ready, where, text):
    value = "local://" + text if where == "path" else text
    ready.refusal("POST", SINK, 400, data=sink(**{where: value}))
    assert ready.local_files() == {}


def test_unknown_column_in_the_template(ready):
    """Set may still leave it to a variable; a schedule and a run may not."""
    ready.refusal("POST", SINK, 400, "colour", "carrier", data=sink(file_template="{colour}", schedule_cron="@daily"))
    ready.api("POST", SINK, data=sink(file_template="{colour}"))
    ready.refusal("POST", "/v0/pipes/p/sink", 400, "colour")
    ready.wait(ready.run("p", colour="blue"))
    assert list(ready.local_files()) == ["out/blue.csv"]


@pytest.mark.parametrize("value, name", [("../../up", "..%2F..%2Fup"), ("..", "%2E%2E"), ("a\\b", "a%5Cb")])
def test_a_variable_does_not_leave_its_folder(ready, value, name):
    ready.api("POST", SINK, data=sink(file_template="{v}"))
    ready.wait(ready.run("p", v=value))
    assert list(ready.local_files()) == [f"out/{name}.csv"]


def test_a_run_takes_no_schedule(ready):
    ready.api("POST", SINK, data=sink())
    ready.refusal("POST", "/v0/pipes/p/sink", 400, "schedule_cron", data={"schedule_cron": "@daily"})
    ready.refusal("POST", "/v0/pipes/p/sink", 400, "exccel", data={"format": "exccel"})
    assert ready.api("GET", "/v0/jobs")["jobs"] == []


def test_sink_where_there_is_one_and_where_there_is_none(ready):
    ready.refusal("POST", "/v0/pipes/p/sink", 400, "not a sink")
    ready.refusal("DELETE", SINK, 400, "not a sink")
    ready.api("POST", SINK, data=sink())
    ready.refusal("POST", SINK, 403, "already a sink", data=sink())


# SQL.

@pytest.mark.parametrize("sql", [
    "DELETE FROM nyc.flights", "UPDATE nyc.flights SET month = 1", "INSERT INTO nyc.flights DEFAULT VALUES",
    "DROP TABLE nyc.flights", "CREATE TABLE x (a)", "CREATE TEMP TABLE x (a)", "ATTACH 'x.db' AS x", "DETACH nyc",
    "VACUUM INTO 'copy.db'", "VACUUM nyc", "PRAGMA journal_mode = DELETE", "PRAGMA user_version = 7", "BEGIN",
    "REINDEX", "ANALYZE", "REPLACE INTO nyc.flights DEFAULT VALUES", "WITH a AS (SELECT 1) DELETE FROM nyc.flights",
    "SELECT load_extension('x')"])
def test_sql_that_writes(ready, sql):
    ready.refusal("POST", "/v0/pipes", 403, data={"name": "bad", "sql": sql})
    ready.refusal("GET", "/v0/pipes/bad", 404)


@pytest.mark.parametrize("sql, mention", [
    ("SELECT 1; SELECT 2", "statement"), ("SELECT 1; DROP TABLE nyc.flights", "statement"),
    ("SELEC 1", "SELEC"), ("SELECT colour FROM nyc.flights", "colour"), ("SELECT * FROM nyc.fights", "fights"),
    ("SELECT * FROM other.t", "other"), ("SELECT nosuch(1)", "nosuch"), ("SELECT 'open", "'open"), ("", "sql"),
    ("-- nothing", ""), ("SELECT ?", "")])
def test_sql_that_is_wrong(ready, sql, mention):
    ready.refusal("POST", "/v0/pipes", 400, mention, data={"name": "bad", "sql": sql})
    ready.refusal("GET", "/v0/pipes/bad", 404)


@pytest.mark.parametrize("sql", [
    "SELECT * FROM tokens", "SELECT * FROM main.tokens", "SELECT * FROM state.tokens", "SELECT * FROM connections",
    "SELECT * FROM jobs", "SELECT readfile('state.db')", "SELECT * FROM pragma_database_list"])
def test_sql_does_not_see_the_state(ready, sql):
    answer = ready.raw("POST", "/v0/pipes", data={"name": "bad", "sql": sql})
    assert answer.status_code in (400, 403), answer.text
    check_error_body(answer)
    assert str(ready.data_dir) not in answer.text


@pytest.mark.parametrize("name", ["", "a b", "1a", "a/b", "a;b", "x" * 129, "ü", "a'b"])
def test_bad_pipe_name(ready, name):
    ready.refusal("POST", "/v0/pipes", 400, data={"name": name, "sql": "SELECT 1"})


def test_pipe_name_twice(ready):
    answer = ready.raw("POST", "/v0/pipes", data={"name": "p", "sql": "SELECT 1"})
    assert answer.status_code in (400, 403, 409), answer.text
    check_error_body(answer, "p")


# Bodies.

def test_body_that_is_not_json(ready):
    headers = {"Content-Type": "application/json"}
    for body in (b'{"name": ', b"[1, 2", b"nonsense", b'{"name": "a"} {"name": "b"}', b'["a"]', b'"a"', b"{" * 5000):
        ready.refusal("POST", "/v0/pipes", 400, "json", data=body, headers=headers)


def test_body_that_is_not_utf8(ready):
    ready.refusal("POST", "/v0/pipes", 400, "utf-8", data=b'{"name": "a", "sql": "SELECT \'\xff\'"}',
                  headers={"Content-Type": "application/json"})
    ready.refusal("POST", "/v0/pipes", 400, "utf-8", data=b"name=a&sql=SELECT+%27%ff%27",
                  headers={"Content-Type": "application/x-www-form-urlencoded"})
    ready.refusal("POST", "/v0/pipes?name=%ff", 400, "utf-8", data=b"sql=SELECT+1")
    ready.refusal("POST", "/v0/pipes/p/nodes?name=x", 400, "utf-8", data=b"SELECT '\xff'")


def test_body_that_is_too_large(ready):
    answer = ready.raw("POST", "/v0/pipes", data={"name": "big", "sql": "SELECT '" + "x" * 3_000_000 + "'"})
    assert answer.status_code == 413
    check_error_body(answer)
    ready.refusal("POST", "/v0/pipes", 413, data={"name": "big", "sql": "SELECT '" + "x" * 200_000 + "'"})
    assert ready.api("GET", "/health")["status"] == "ok"


def test_the_same_key_twice(ready):
    ready.refusal("POST", "/v0/pipes?name=a&name=b", 400, "name", data={"sql": "SELECT 1"})
    ready.refusal("POST", "/v0/pipes", 400, "name", data="name=a&name=b&sql=SELECT+1",
                  headers={"Content-Type": "application/x-www-form-urlencoded"})
    ready.refusal("POST", "/v0/pipes", 400, "name", data='{"name": "a", "name": "b", "sql": "SELECT 1"}',
                  headers={"Content-Type": "application/json"})


# Connections.

@pytest.mark.parametrize("parameters, mention", [
    ({"service": "ftp", "name": "c"}, "ftp"), ({"service": "local"}, "name"), ({"name": "c"}, "service"),
    ({"service": "local", "name": "c", "root": "../up"}, "../up"), ({"service": "local", "name": "c", "root": "/etc"}, "/etc"),
    ({"service": "local", "name": "c", "colour": "blue"}, "colour"),
    ({"service": "s3", "name": "c", "s3_region": "us-east-1", "s3_access_key_id": "a"}, "s3_secret_access_key"),
    ({"service": "s3", "name": "c", "s3_region": "us east", "s3_access_key_id": "a", "s3_secret_access_key": "b"}, "us east"),
    ({"service": "s3", "name": "c", "s3_region": "us-east-1", "s3_access_key_id": "a", "s3_secret_access_key": "b",
      "s3_endpoint": "file:///etc/passwd"}, "file:///etc/passwd")])
def test_bad_connection(ready, parameters, mention):
    ready.refusal("POST", "/v0/connectors", 400, mention, data=parameters)
    assert [connection["name"] for connection in ready.api("GET", "/v0/connectors")["connectors"]] == ["disk"]


def test_connection_in_use_is_not_deleted(ready):
    ready.api("POST", SINK, data=sink())
    ready.refusal("DELETE", "/v0/connectors/disk", 403, "p")
    ready.api("DELETE", SINK)
    ready.api("DELETE", "/v0/connectors/disk", 204)


@pytest.mark.parametrize("query", ["status=sleeping", "limit=0", "limit=x", "created_after=yesterday", "kind=party"])
def test_bad_job_filter(ready, query):
    ready.refusal("GET", f"/v0/jobs?{query}", 400, query.split("=")[1])


def test_cancel_of_a_finished_job(ready):
    ready.api("POST", SINK, data=sink())
    job_id = ready.run("p")
    ready.wait(job_id)
    ready.refusal("POST", f"/v0/jobs/{job_id}/cancel", 409)
