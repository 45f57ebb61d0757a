"""Must show 4: exports with an assumed role, against an IAM that really checks; its keys expire and are
refreshed in the middle of an upload."""
import time

import pytest

pytest.importorskip("moto.server", reason="moto is not installed: PyPI gave none")

from support import flights  # noqa: E402
from support.aws import ACCOUNT, REGION, Aws, ExpiringDoor, policy  # noqa: E402
from support.proxy import call  # noqa: E402


# moto gives the checksum of an object of parts without the number of the parts, as no store does: the
# tests compare the bytes themselves.
NO_CHECKSUMS = {"s3_provider": "b2"}


@pytest.fixture(scope="module")
def aws(tmp_path_factory):
    server = Aws(tmp_path_factory.mktemp("aws"))
    yield server
    server.end()


def connect(sluice, arn, endpoint, name="lake", **changes):
    return sluice.api("POST", "/v0/connectors", data={
        "service": "s3_iamrole", "name": name, "s3_iamrole_arn": arn, "s3_iamrole_region": REGION,
        "s3_endpoint": endpoint, "sts_endpoint": endpoint, "s3_path_style": "true", **changes})


@pytest.fixture
def sluice(make_sluice, flights_db, aws):
    return make_sluice(attach={"nyc": flights_db}, env=aws.environment()).start()


@pytest.fixture
def external_id(sluice, aws):
    """Of this Sluice: shown by any connection to a role."""
    made = connect(sluice, f"arn:aws:iam::{ACCOUNT}:role/none", aws.endpoint, name="asked")
    return made["settings"]["s3_iamrole_external_id"]


def sink_refusal(sluice, status, *mentions, connection="lake", bucket="some-bucket"):
    sluice.make_pipe("p", "SELECT 1 AS a")
    return sluice.refusal("POST", "/v0/pipes/p/nodes/p_0/sink", status, *mentions, data={
        "connection": connection, "path": f"s3://{bucket}/x", "file_template": "f"})


def test_exports_with_a_role(sluice, aws, external_id):
    connect(sluice, aws.make_role(external_id), aws.endpoint)
    bucket = aws.make_bucket()
    job = sluice.export("flights", "SELECT * FROM nyc.flights LIMIT 1000", connection="lake",
                        path=f"s3://{bucket}/out", file_template="f", format="csv")
    body = aws.client("s3").get_object(Bucket=bucket, Key="out/f.csv")["Body"].read()
    assert body.count(b"\n") == 1001
    assert job["statistics"]["bytes"] == len(body)


def test_the_external_id_is_one_for_all_connections_and_kept(sluice, aws, external_id):
    assert len(external_id) >= 32
    again = connect(sluice, aws.make_role("x"), aws.endpoint, name="second")
    assert again["settings"]["s3_iamrole_external_id"] == external_id
    sluice.restart()
    third = connect(sluice, aws.make_role("x"), aws.endpoint, name="third")
    assert third["settings"]["s3_iamrole_external_id"] == external_id


def test_the_session_has_the_jobs_name_and_is_refreshed_during_the_upload(sluice, aws, external_id, flights_db):
    """Tokens end after four seconds, the parts take longer than that, and no request comes too late."""
    with ExpiringDoor(aws, seconds=4) as door:
        connect(sluice, aws.make_role(external_id), door.endpoint, **NO_CHECKSUMS)
        bucket = aws.make_bucket()


        def slow(connection, request):
            time.sleep(2)
            return True

        door.fault("part", slow, times=4)
        job = sluice.export("flights", "SELECT * FROM nyc.flights", connection="lake", path=f"s3://{bucket}/out",
                            file_template="all", format="csv")
        assert door.count("part") >= 3
        assert door.sessions.count(f"sluice-{job['id']}") >= 2, door.sessions
        assert door.refused == 0, "a refresh came too late"
    body = aws.client("s3").get_object(Bucket=bucket, Key="out/all.csv")["Body"].read()
    assert body == flights.shell(flights_db, "-csv", "-header", "SELECT * FROM flights")
    assert len(body) == job["statistics"]["bytes"]


def test_a_token_that_ends_early_is_replaced_when_it_is_refused(sluice, aws, external_id, flights_db):
    """The answer promises an hour; at the second part the store forgets the token."""
    with ExpiringDoor(aws, seconds=3600) as door:
        connect(sluice, aws.make_role(external_id), door.endpoint, **NO_CHECKSUMS)
        bucket = aws.make_bucket()
        door.fault("part", call(lambda _: door.end_all()), skip=1)
        job = sluice.export("flights", "SELECT * FROM nyc.flights", connection="lake", path=f"s3://{bucket}/out",
                            file_template="all", format="csv")
        assert door.refused >= 1
        assert door.sessions.count(f"sluice-{job['id']}") == 2, door.sessions
    body = aws.client("s3").get_object(Bucket=bucket, Key="out/all.csv")["Body"].read()
    assert body == flights.shell(flights_db, "-csv", "-header", "SELECT * FROM flights")


def test_a_wrong_external_id_is_refused(sluice, aws, external_id):
    connect(sluice, aws.make_role("another-external-id"), aws.endpoint)
    sink_refusal(sluice, 403, "AccessDenied", "trust policy", bucket=aws.make_bucket())


def test_a_role_of_somebody_else_is_refused(sluice, aws, external_id):
    connect(sluice, aws.make_role(external_id, principal=f"arn:aws:iam::{ACCOUNT}:user/other"), aws.endpoint)
    sink_refusal(sluice, 403, "AccessDenied", bucket=aws.make_bucket())


def test_a_role_that_may_not_write_is_refused(sluice, aws, external_id):
    connect(sluice, aws.make_role(external_id, allowed=policy("s3:ListBucket")), aws.endpoint)
    sink_refusal(sluice, 403, "AccessDenied", bucket=aws.make_bucket())


def test_a_missing_bucket_is_not_found(sluice, aws, external_id):
    connect(sluice, aws.make_role(external_id), aws.endpoint)
    sink_refusal(sluice, 404, "NoSuchBucket", bucket="no-such-bucket-here")


@pytest.mark.parametrize("arn", ["sluice", f"arn:aws:iam::{ACCOUNT}:user/x", "arn:aws:iam::12:role/x"])
def test_a_bad_arn_is_a_400(sluice, aws, arn):
    sluice.refusal("POST", "/v0/connectors", 400, arn, "s3_iamrole_arn", data={
        "service": "s3_iamrole", "name": "lake", "s3_iamrole_arn": arn, "s3_iamrole_region": REGION})


@pytest.mark.parametrize("keys, code", [(("AKIAAAAAAAAAAAAAAAAA", "x" * 40), "InvalidClientTokenId"),
                                        (None, "SignatureDoesNotMatch")])
def test_wrong_keys_of_our_own_are_a_401(make_sluice, aws, keys, code):
    keys = keys or (aws.user_keys[0], "x" * 40)
    sluice = make_sluice(env=aws.environment(keys)).start()
    connect(sluice, aws.make_role("x"), aws.endpoint)
    sentence = sink_refusal(sluice, 401, code)
    assert keys[1] not in sentence


def test_without_keys_of_our_own_the_places_are_named(make_sluice, aws):
    sluice = make_sluice(env={**aws.environment(), "AWS_ACCESS_KEY_ID": None}).start()
    connect(sluice, aws.make_role("x"), aws.endpoint)
    sink_refusal(sluice, 403, "AWS_ACCESS_KEY_ID", "/nonexistent")


def test_keys_from_a_shared_credentials_file(make_sluice, aws, tmp_path):
    file = tmp_path / "credentials"
    file.write_text(f"[ours]\naws_access_key_id = {aws.user_keys[0]}\n"
                    f"aws_secret_access_key = {aws.user_keys[1]}\n")
    sluice = make_sluice(env={**aws.environment(), "AWS_ACCESS_KEY_ID": None, "AWS_PROFILE": "ours",
                              "AWS_SHARED_CREDENTIALS_FILE": str(file)}).start()
    made = connect(sluice, f"arn:aws:iam::{ACCOUNT}:role/none", aws.endpoint, name="asked")
    connect(sluice, aws.make_role(made["settings"]["s3_iamrole_external_id"]), aws.endpoint)
    bucket = aws.make_bucket()
    sluice.export("p", "SELECT 1 AS a", connection="lake", path=f"s3://{bucket}/x", file_template="f")
    assert aws.client("s3").get_object(Bucket=bucket, Key="x/f.csv")["Body"].read() == b"a\n1\n"


def test_the_trial_of_a_role_that_may_not_delete(sluice, aws, external_id):
    rights = ["s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"]
    connect(sluice, aws.make_role(external_id, allowed=policy(rights)), aws.endpoint)
    bucket = aws.make_bucket()
    report = sluice.api("POST", "/v0/connectors/lake/test", data={"path": f"s3://{bucket}/x"})
    assert report["ok"], report
    assert [step["status"] for step in report["steps"]] == ["ok", "ok", "skipped"]
    assert "begun and aborted" in report["steps"][1]["detail"]
    assert "Contents" not in aws.client("s3").list_objects_v2(Bucket=bucket)
