"""The real S3 server of the test run (scripts/lib/s3_server.sh builds it), and what is in it."""
import os
import secrets

import boto3
import requests
from botocore.config import Config
from botocore.exceptions import ClientError

from support.process import Process, free_port, until


class Store:
    """How to reach an S3 store; `at` gives the same one behind a proxy."""

    region = "us-east-1"

    def __init__(self, endpoint, access_key, secret_key):
        self.endpoint = endpoint
        self.access_key = access_key
        self.secret_key = secret_key

    def at(self, endpoint):
        return Store(endpoint, self.access_key, self.secret_key)

    def client(self, secret_key=None):
        return boto3.client(
            "s3", endpoint_url=self.endpoint, aws_access_key_id=self.access_key,
            aws_secret_access_key=secret_key or self.secret_key, region_name=self.region,
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}))


class S3Server(Store):
    def __init__(self, binary, folder):
        super().__init__(f"http://127.0.0.1:{free_port()}", "e2e" + secrets.token_hex(8), secrets.token_hex(20))
        self.objects = folder / "objects"  # A folder a bucket, a file an object.
        self.objects.mkdir(parents=True)
        (folder / "users").mkdir()
        env = {**os.environ, "ROOT_ACCESS_KEY": self.access_key, "ROOT_SECRET_KEY": self.secret_key}
        self.process = Process(
            [binary, "--quiet", "--keep-alive", "--health", "/health", "--port", self.endpoint.removeprefix("http://"),
             "--iam-dir", folder / "users", "posix", self.objects], folder / "server.log", env=env)
        until(self._is_up, 20, "the S3 server answers")
        self.prove_that_it_checks_signatures()

    def _is_up(self):
        assert self.process.exit_code is None, self.process.tail()
        try:
            return requests.get(self.endpoint + "/health", timeout=5).ok
        except requests.ConnectionError:
            return False

    def prove_that_it_checks_signatures(self):
        """Without this, every test that writes with good keys would prove nothing."""
        client = self.client()
        client.create_bucket(Bucket="proof")
        try:
            self.client(secret_key="x" * 40).put_object(Bucket="proof", Key="a", Body=b"a")
        except ClientError as refused:
            assert refused.response["Error"]["Code"] == "SignatureDoesNotMatch", refused
        else:
            raise AssertionError("the S3 server takes a wrong secret: nothing it says can be trusted")
        assert "Contents" not in client.list_objects_v2(Bucket="proof")

    def end(self):
        self.process.end()


class Bucket:
    """One test's bucket, read with boto3."""

    def __init__(self, server):
        self.name = "e2e-" + secrets.token_hex(6)
        self.client = server.client()
        self.client.create_bucket(Bucket=self.name)

    def path(self, prefix=""):
        return f"s3://{self.name}/{prefix}"

    def keys(self, prefix=""):
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

    def read(self, key):
        return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()

    def head(self, key):
        return self.client.head_object(Bucket=self.name, Key=key)

    def put(self, key, body):
        self.client.put_object(Bucket=self.name, Key=key, Body=body)

    def objects(self, prefix=""):
        """{key: bytes} of everything in the bucket."""
        return {key: self.read(key) for key in self.keys(prefix)}

    def uploads(self):
        """Keys of multipart uploads that are neither completed nor aborted."""
        return [upload["Key"] for upload in self.client.list_multipart_uploads(Bucket=self.name).get("Uploads", [])]
