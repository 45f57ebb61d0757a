"""What holds for connections of every service: where endpoints may point, regions and clocks that are
wrong, how objects are created, and the trial of a connection."""
import datetime
import email.utils

import pytest
from botocore.exceptions import ClientError

from support.proxy import answer


def refused_sink(sluice, status, *mentions, path="s3://some-bucket/x"):
    sluice.make_pipe("p", "SELECT 1 AS a")
    return sluice.refusal("POST", "/v0/pipes/p/nodes/p_0/sink", status, *mentions, data={
        "connection": "lake", "path": path, "file_template": "f"})


# Where an endpoint may point.

def test_a_server_for_others_does_not_ask_its_own_machine(make_sluice, s3, bucket):
    sluice = make_sluice(args=["--host", "0.0.0.0"]).start()
    sluice.make_s3(s3)
    refused_sink(sluice, 403, "127.0.0.1", "--allow-endpoint", path=bucket.path())
    sluice.args += ["--allow-endpoint", s3.endpoint]
    sluice.restart()
    sluice.make_sink("p", connection="lake", path=bucket.path(), file_template="f")
    sluice.wait(sluice.run("p"))
    assert bucket.keys() == ["f.csv"]


@pytest.mark.parametrize("endpoint", ["http://169.254.169.254", "http://[fd00:ec2::254]", "http://2852039166",
                                      "http://[::ffff:169.254.169.254]", "http://0.0.0.0:9000"])
def test_metadata_addresses_stay_closed(make_sluice, s3, endpoint):
    sluice = make_sluice(args=["--allow-endpoint", "*", "--allow-endpoint", "0.0.0.0/0"]).start()
    sluice.make_s3(s3, s3_endpoint=endpoint)
    refused_sink(sluice, 403, "link-local, metadata")


def test_private_networks_are_closed_unless_they_are_named(make_sluice, s3):
    sluice = make_sluice().start()
    for service in ({}, {"service": "s3_iamrole"}):
        name = "lake" + service.get("service", "")
        parameters = {"service": "s3", "name": name, "s3_endpoint": "http://10.255.255.1:9", "s3_region": "us-east-1",
                      "s3_access_key_id": "a", "s3_secret_access_key": "b"}
        if service:
            parameters = {"service": "s3_iamrole", "name": name, "sts_endpoint": "http://10.255.255.1:9",
                          "s3_iamrole_region": "us-east-1", "s3_iamrole_arn": "arn:aws:iam::123456789012:role/r"}
        sluice.api("POST", "/v0/connectors", data=parameters)
    sluice.make_pipe("p", "SELECT 1 AS a")
    sluice.refusal("POST", "/v0/pipes/p/nodes/p_0/sink", 403, "private network", "10.255.255.1", data={
        "connection": "lake", "path": "s3://some-bucket/x", "file_template": "f"})


def test_a_malformed_pattern_ends_the_start(make_sluice):
    process = make_sluice(args=["--allow-endpoint", "http://user@host"]).launch()
    assert process.wait(30) == 2
    assert "http://user@host" in process.tail()


# Regions and clocks.

def test_the_region_that_the_store_names_is_used(sluice, s3, bucket, proxy):
    """The store refuses the first request of the trial and of the job as AWS refuses those that are signed for
    another region; what it refuses of a HEAD has no body."""
    sluice.make_s3(s3.at(proxy.endpoint), s3_region="eu-central-1")
    body = "AuthorizationHeaderMalformed</Code><Region>us-east-1</Region><Code>"
    proxy.fault("create", answer(400, body))
    proxy.fault("head", answer(400, "", headers=["x-amz-bucket-region: us-east-1"]))
    job = sluice.export("p", "SELECT 1 AS a", connection="lake", path=bucket.path("x"), file_template="f")
    assert bucket.keys() == ["x/f.csv"] and job["statistics"]["files"] == 1


def test_a_clock_that_is_off_is_corrected(sluice, s3, bucket, proxy):
    sluice.make_s3(s3.at(proxy.endpoint))
    theirs = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=5)
    proxy.fault("create", answer(403, "RequestTimeTooSkewed",
                                 headers=["Date: " + email.utils.format_datetime(theirs, usegmt=True)]))
    sluice.export("p", "SELECT 1 AS a", connection="lake", path=bucket.path("x"), file_template="f")
    assert bucket.keys() == ["x/f.csv"]
    first, second = [request for request in proxy.seen if request.kind == "create"][:2]
    sent = second.head.decode().lower().partition("x-amz-date: ")[2][:16]
    assert sent[:13] == theirs.strftime("%Y%m%dt%H%M"), (sent, first.head)


def test_regions_are_checked_against_the_published_list(make_sluice, s3):
    keys = {"service": "s3", "s3_access_key_id": "a", "s3_secret_access_key": "b"}
    sluice = make_sluice().start()
    sluice.refusal("POST", "/v0/connectors", 400, "us-est-1", "us-east-1", "--custom-regions",
                   data={**keys, "name": "a", "s3_region": "us-est-1"})
    sluice.make_s3(s3, name="b", s3_region="us-est-1")
    sluice.args.append("--custom-regions")
    sluice.restart()
    sluice.api("POST", "/v0/connectors", data={**keys, "name": "a", "s3_region": "us-est-1"})


# How objects are created.

def test_objects_are_created_as_the_connection_says(sluice, s3, bucket, proxy):
    said = {"s3_server_side_encryption": "aws:kms", "s3_kms_key_id": "alias/ours", "s3_storage_class": "STANDARD_IA",
            "s3_acl": "bucket-owner-full-control", "s3_session_token": "a-token"}
    made = sluice.make_s3(s3.at(proxy.endpoint), **said)
    assert {name: made["settings"].get(name) for name in said} == {**said, "s3_session_token": None}
    # The store of these tests knows no KMS; what it is asked is what counts here.
    sluice.make_pipe("p", "SELECT 1 AS a")
    sluice.raw("POST", "/v0/pipes/p/nodes/p_0/sink", data={
        "connection": "lake", "path": bucket.path(), "file_template": "f"})
    head = next(request for request in proxy.seen if request.kind == "create").head.decode().lower()
    for line in ("x-amz-server-side-encryption: aws:kms", "x-amz-server-side-encryption-aws-kms-key-id: alias/ours",
                 "x-amz-storage-class: standard_ia", "x-amz-acl: bucket-owner-full-control",
                 "x-amz-security-token: a-token"):
        assert line in head, head
    signed = head.partition("signedheaders=")[2].partition(",")[0].split(";")
    assert {"x-amz-acl", "x-amz-storage-class", "x-amz-server-side-encryption", "x-amz-security-token"} <= set(signed)


# The trial of a connection.

def trial(sluice, connection, **parameters):
    return sluice.api("POST", f"/v0/connectors/{connection}/test", data=parameters)


def test_a_connection_is_tried_and_nothing_stays(sluice, s3, bucket):
    made = sluice.make_s3(s3)
    report = trial(sluice, made["id"], path=bucket.path("a/b"))
    assert report["ok"] and report["failed_step"] is None, report
    assert [(step["step"], step["status"]) for step in report["steps"]] == [
        ("list", "ok"), ("write", "ok"), ("delete", "ok")]
    assert bucket.keys() == [] and bucket.uploads() == []
    sluice.make_local()
    assert trial(sluice, "disk")["ok"]
    assert sluice.local_files() == {}


def test_without_a_path_the_sinks_own_is_tried(sluice, s3, bucket):
    sluice.make_s3(s3)
    sluice.refusal("POST", "/v0/connectors/lake/test", 400, "path")
    sluice.make_pipe("p", "SELECT 1 AS a")
    sluice.make_sink("p", connection="lake", path=bucket.path("of-the-sink"), file_template="f")
    report = trial(sluice, "lake")
    assert report["ok"] and "of-the-sink/.sluice-test-" in report["steps"][1]["detail"], report


@pytest.mark.parametrize("changes, path, step, word", [
    ({"s3_secret_access_key": "wrong-secret"}, None, "list", "SignatureDoesNotMatch"),
    ({"s3_access_key_id": "nobody"}, None, "list", "InvalidAccessKeyId"),
    ({}, "s3://no-such-bucket-here/x", "list", "NoSuchBucket"),
    ({"s3_endpoint": "http://127.0.0.1:1"}, None, "list", "127.0.0.1:1")])
def test_the_step_that_failed_is_named(sluice, s3, bucket, changes, path, step, word):
    sluice.make_s3(s3, **changes)
    report = trial(sluice, "lake", path=path or bucket.path("x"))
    assert not report["ok"] and report["failed_step"] == step, report
    assert word in report["error"] and "wrong-secret" not in str(report), report
    assert [entry["status"] for entry in report["steps"]] == ["failed", "skipped", "skipped"]


def test_a_write_that_is_not_allowed(sluice, s3, bucket, proxy):
    sluice.make_s3(s3.at(proxy.endpoint))
    proxy.fault("put", answer(403, "AccessDenied"))
    report = trial(sluice, "lake", path=bucket.path("x"))
    assert report["failed_step"] == "write" and "AccessDenied" in report["error"], report
    with pytest.raises(ClientError):
        bucket.head(next(request for request in proxy.seen if request.kind == "put").key)
