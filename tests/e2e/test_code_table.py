"""The table of codes of the public API, cell by cell: each row here is one reason of one cell.

Reasons that can't arise are not here: "limit reached" and "forbidden keywords" of delete and run (what is deleted or
run has been checked when it was set; a queue that is full is 429), and "already a sink pipe" of the same two.
"""
import pytest

pytest.importorskip("moto.server", reason="moto is not installed: PyPI gave none")

from support.aws import REGION, Aws  # noqa: E402
from support.gcs import Account  # noqa: E402
from support.process import free_port  # noqa: E402

SET, DELETE, RUN = ("POST", "/v0/pipes/p/nodes/p_0/sink"), ("DELETE", "/v0/pipes/p/nodes/p_0/sink"), (
    "POST", "/v0/pipes/p/sink")
TARGET = {"connection": "disk", "path": "local://x", "file_template": "f"}
POLICIES = "/v0/integrations/s3/policies"


@pytest.fixture(scope="module")
def aws(tmp_path_factory):
    server = Aws(tmp_path_factory.mktemp("aws"))
    yield server
    server.end()


@pytest.fixture
def start(make_sluice, flights_db, aws, s3):
    """Starts a server with the pipe `p`, the connection `disk`, and `lake` with good keys."""
    def start(*args, sink=False, sinks=2):
        sluice = make_sluice(attach={"nyc": flights_db}, args=["--max-sinks", str(sinks), *args],
                             env=aws.environment()).start()
        sluice.make_local()
        sluice.make_s3(s3)
        sluice.make_pipe("p", "SELECT 1 AS a")
        sluice.make_pipe("q", "SELECT 1 AS a")
        if sink:
            sluice.make_sink("p", **TARGET)
        return sluice
    return start


def role(arn, endpoint, **changes):
    return {"service": "s3_iamrole", "name": "role", "s3_iamrole_arn": arn, "s3_iamrole_region": REGION,
            "s3_endpoint": endpoint, "sts_endpoint": endpoint, "s3_path_style": "true", **changes}


def token_with(sluice, scope):
    return sluice.api("POST", "/v0/tokens", data={"name": "other", "scope": scope})["token"]


# Set.

def test_set_200(start):
    pipe = start().api(*SET, data=TARGET)
    assert pipe["type"] == "sink" and pipe["sink_node"]


@pytest.mark.parametrize("missing", list(TARGET))
def test_set_400_a_missing_parameter(start, missing):
    start().refusal(*SET, 400, missing, data={key: value for key, value in TARGET.items() if key != missing})


@pytest.mark.parametrize("change, value, allowed", [
    ({"format": "xml"}, "xml", "parquet"), ({"compression": "rar"}, "rar", "zst"),
    ({"write_strategy": "merge"}, "merge", "truncate"), ({"path": "ftp://x"}, "ftp://x", "local://"),
    ({"schedule_cron": "61 * * * *"}, "61", "0-59"), ({"colour": "red"}, "colour", "file_template"),
    ({"schedule_cron": "0 * * * *", "file_template": "{nothing}"}, "nothing", "column")])
def test_set_400_an_invalid_parameter(start, change, value, allowed):
    start().refusal(*SET, 400, value, allowed, data={**TARGET, **change})


def test_set_400_a_bad_arn(start, aws):
    sluice = start()
    sluice.refusal("POST", "/v0/connectors", 400, "arn:aws:s3:::bucket", "s3_iamrole_arn",
                   data=role("arn:aws:s3:::bucket", aws.endpoint))


def test_set_400_an_invalid_region_name(start):
    sluice = start()
    sluice.refusal(*SET, 400, "mars-east-1", data={**TARGET, "region": "mars-east-1"})
    sluice.refusal("POST", "/v0/connectors", 400, "mars-east-1", data={
        "service": "s3", "name": "x", "s3_access_key_id": "a", "s3_secret_access_key": "b", "s3_region": "mars-east-1"})


def test_set_401_invalid_credentials(start, s3, bucket):
    sluice = start()
    sluice.make_s3(s3, name="wrong", s3_secret_access_key="w" * 40)
    sentence = sluice.refusal(*SET, 401, "SignatureDoesNotMatch", data={
        **TARGET, "connection": "wrong", "path": bucket.path("x")})
    assert "w" * 40 not in sentence


def test_set_403_a_limit_is_reached(start):
    sluice = start(sinks=1, sink=True)
    sluice.refusal("POST", "/v0/pipes/q/nodes/q_0/sink", 403, "1", "--max-sinks", data=TARGET)


@pytest.mark.parametrize("sql", ["DROP TABLE nyc.flights", "INSERT INTO nyc.flights DEFAULT VALUES",
                                 "ATTACH 'state.db' AS s", "PRAGMA user_version"])
def test_set_403_forbidden_keywords(start, sql):
    """Such SQL does not become a node, so no sink can have it."""
    start().refusal("POST", "/v0/pipes", 403, sql.split()[0], "SELECT", data={"name": "bad", "sql": sql})


def test_set_403_already_a_sink_pipe(start):
    start(sink=True).refusal(*SET, 403, "already", "p", "PUT", data=TARGET)


@pytest.mark.parametrize("kind, undo", [("endpoint", "DELETE"), ("materialized", "DELETE"), ("copy", "DELETE")])
def test_set_403_what_is_to_be_undone(start, kind, undo):
    sluice = start()
    sluice.api("POST", "/v0/pipes", json={"name": "r", "nodes": [{"name": "n", "sql": "SELECT 1 AS a", "type": kind}]})
    sluice.refusal("POST", "/v0/pipes/r/nodes/n/sink", 403, undo, "r", data=TARGET)


def test_set_403_the_role_cannot_be_assumed(start, aws):
    sluice = start()
    sluice.api("POST", "/v0/connectors", data=role(aws.make_role("somebody else's id"), aws.endpoint))
    sluice.refusal(*SET, 403, "AccessDenied", data={
        **TARGET, "connection": "role", "path": f"s3://{aws.make_bucket()}/x"})


def test_set_403_the_token(start):
    sluice = start()
    sluice.refusal(*SET, 403, "ADMIN", data=TARGET, token=token_with(sluice, "PIPES:CREATE"))


@pytest.mark.parametrize("path, change, name", [
    ("/v0/pipes/nothing/nodes/p_0/sink", {}, "nothing"), ("/v0/pipes/p/nodes/nothing/sink", {}, "nothing"),
    ("/v0/pipes/p/nodes/q_0/sink", {}, "q_0"), (SET[1], {"connection": "nothing"}, "nothing"),
    (SET[1], {"connection": "lake", "path": "s3://no-such-bucket-anywhere/x"}, "no-such-bucket-anywhere")])
def test_set_404(start, path, change, name):
    start().refusal("POST", path, 404, name, data={**TARGET, **change})


def test_set_502_a_store_that_is_not_there(start, s3):
    sluice = start()
    port = free_port()
    sluice.make_s3(s3.at(f"http://127.0.0.1:{port}"), name="dead")
    sluice.refusal(*SET, 502, str(port), data={**TARGET, "connection": "dead", "path": "s3://some-bucket/x"},
                   timeout=120)


# Delete.

def test_delete_200(start):
    pipe = start(sink=True).api(*DELETE)
    assert pipe["type"] == "default" and pipe["schedule"] == {} and len(pipe["nodes"]) == 1


def test_delete_400_not_a_sink_pipe(start):
    start().refusal(*DELETE, 400, "p")


def test_delete_403_the_token(start):
    sluice = start(sink=True)
    sluice.refusal(*DELETE, 403, "ADMIN", token=token_with(sluice, "PIPES:READ:p"))


@pytest.mark.parametrize("path", ["/v0/pipes/nothing/nodes/p_0/sink", "/v0/pipes/p/nodes/nothing/sink"])
def test_delete_404(start, path):
    start(sink=True).refusal("DELETE", path, 404, "nothing")


# Run.

def test_run_200(start):
    node = start(sink=True).api(*RUN)
    assert node["node_type"] == "sink" and node["job"]["id"] and node["job"]["job_url"].startswith("http://")


@pytest.mark.parametrize("override, mention", [
    ({"format": "xml"}, "xml"), ({"path": "nowhere"}, "nowhere"), ({"schedule_cron": "* * * * *"}, "schedule"),
    ({"file_template": "{nothing}"}, "nothing")])
def test_run_400_an_invalid_parameter(start, override, mention):
    start(sink=True).refusal(*RUN, 400, mention, data=override)


def test_run_400_not_a_sink_pipe(start):
    start().refusal(*RUN, 400, "p")


def test_run_403_the_token(start):
    sluice = start(sink=True)
    reader = token_with(sluice, "PIPES:READ:p")
    sluice.refusal(*RUN, 403, "ADMIN", token=reader, data={"path": "local://elsewhere"})
    sluice.refusal("POST", "/v0/pipes/q/sink", 403, "PIPES:READ:q", token=reader)
    assert sluice.api(*RUN, token=reader)["job"]["id"]


@pytest.mark.parametrize("path, override", [("/v0/pipes/nothing/sink", {}), (RUN[1], {"connection": "nothing"})])
def test_run_404(start, path, override):
    start(sink=True).refusal("POST", path, 404, "nothing", data=override)


def test_run_429_the_queue_is_full(start):
    sluice = start("--max-queue", "1", "--workers", "1")
    sluice.make_pipe("slow", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n")
    sluice.make_sink("slow", **TARGET)
    codes = [sluice.raw("POST", "/v0/pipes/slow/sink").status_code for _ in range(4)]
    assert codes[0] == 200 and codes[-1] == 429, codes
    sluice.refusal("POST", "/v0/pipes/slow/sink", 429, "--max-queue")


# Policies and accounts.

def test_trust_policy(start):
    principal = "arn:aws:iam::123456789012:user/sluice"
    policy = start("--aws-principal", principal).api("GET", f"{POLICIES}/trust-policy")
    statement = policy["Statement"][0]
    assert policy["Version"] == "2012-10-17" and statement["Action"] == "sts:AssumeRole"
    assert statement["Principal"] == {"AWS": principal} and statement["Condition"]["StringEquals"]["sts:ExternalId"]


def test_trust_policy_404_where_it_is_not_configured(start):
    start().refusal("GET", f"{POLICIES}/trust-policy", 404, "--aws-principal")


@pytest.mark.parametrize("query, bucket", [("", "<bucket>"), ("?bucket=lake", "lake")])
def test_access_policy(start, query, bucket):
    on_bucket, on_objects = start().api("GET", f"{POLICIES}/access-policy{query}")["Statement"]
    assert on_bucket["Resource"] == f"arn:aws:s3:::{bucket}" and on_objects["Resource"] == f"arn:aws:s3:::{bucket}/*"
    assert {"s3:GetBucketLocation", "s3:ListBucket"} <= set(on_bucket["Action"])
    assert {"s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"} <= set(on_objects["Action"])


def test_bigquery_credentials_503(start):
    start().refusal("GET", "/v0/datasources-bigquery-credentials", 503, "--gcp-credentials")


def test_bigquery_credentials_200(start, tmp_path):
    account = Account()
    file = account.write(tmp_path / "key.json", "https://oauth2.googleapis.com/token")
    told = start("--gcp-credentials", file).api("GET", "/v0/datasources-bigquery-credentials")
    assert told == {"account": account.email}
