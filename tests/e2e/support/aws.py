"""AWS as far as roles need it: IAM, STS and S3 of moto's server, which checks signatures, policies and
trust policies; and a door before it that also lets session tokens expire, which moto does not."""
import datetime
import json
import os
import re
import secrets
import sys
import threading

import boto3
import requests
from botocore.config import Config

from support.process import Process, free_port, until
from support.proxy import FaultProxy, answer

ACCOUNT = "123456789012"
REGION = "us-east-1"


def policy(action, resource="*"):
    return json.dumps({"Version": "2012-10-17",
                       "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]})


def trust_policy(principal, external_id):
    return json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": principal},
        "Condition": {"StringEquals": {"sts:ExternalId": external_id}}}]})


class Aws:
    """moto's server with authentication on; `user` is who Sluice is."""

    def __init__(self, folder):
        self.endpoint = f"http://127.0.0.1:{free_port()}"
        port = self.endpoint.rpartition(":")[2]
        env = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        self.process = Process([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", port],
                               folder / "moto.log", env=env)
        until(self._is_up, 60, "moto's server answers")
        self._keys = ("test", "test")
        admin = self._make_user("admin", policy("*"))
        self.user_arn, self.user_keys = self._make_user("sluice", policy("sts:AssumeRole"))
        self._keys = admin[1]
        requests.post(self.endpoint + "/moto-api/reset-auth", data=b"0", timeout=10).raise_for_status()

    def _is_up(self):
        assert self.process.exit_code is None, self.process.tail()
        try:
            return requests.get(self.endpoint + "/moto-api/", timeout=5).ok
        except requests.ConnectionError:
            return False

    def client(self, service):
        return boto3.client(service, endpoint_url=self.endpoint, region_name=REGION,
                            aws_access_key_id=self._keys[0], aws_secret_access_key=self._keys[1],
                            config=Config(s3={"addressing_style": "path"}))

    def _make_user(self, name, allowed):
        iam = self.client("iam")
        arn = iam.create_user(UserName=name)["User"]["Arn"]
        iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=allowed)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return arn, (key["AccessKeyId"], key["SecretAccessKey"])

    def make_role(self, external_id, principal=None, allowed=None):
        """A role that the user may assume with this external id; returns its ARN."""
        name = "role-" + secrets.token_hex(4)
        iam = self.client("iam")
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust_policy(
            principal or self.user_arn, external_id))["Role"]["Arn"]
        iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=allowed or policy("s3:*"))
        return arn

    def make_bucket(self):
        name = "role-" + secrets.token_hex(6)
        self.client("s3").create_bucket(Bucket=name)
        return name

    def environment(self, keys=None):
        """What tells Sluice who it is, and nothing of this machine's own."""
        keys = keys or self.user_keys
        return {"AWS_ACCESS_KEY_ID": keys[0], "AWS_SECRET_ACCESS_KEY": keys[1], "AWS_SESSION_TOKEN": None,
                "AWS_EC2_METADATA_DISABLED": "true", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent"}

    def end(self):
        self.process.end()


class ExpiringDoor(FaultProxy):
    """Stands before `Aws`: sessions last so many seconds, as their answer says, and a request with a
    token after that is refused as S3 refuses it."""

    def __init__(self, aws, seconds):
        super().__init__(aws.endpoint)
        self.seconds = seconds
        self.refused = 0
        self.sessions = []  # Names and ends, in the order they were issued.
        self._ends = {}
        self._state = threading.Lock()

    def end_all(self):
        """Every token issued so far is refused from now on."""
        with self._state:
            self._ends.clear()
        return True

    def take(self, request):
        fault = super().take(request)
        if request.method == "POST" and request.target == "/":
            return self._issue
        token = re.search(rb"(?im)^x-amz-security-token: *(\S+)", request.head)
        if token is None or self._is_good(token[1].decode()):
            return fault
        self.refused += 1
        return answer(400, "ExpiredToken", "The provided token has expired.")

    def _is_good(self, token):
        with self._state:
            end = self._ends.get(token)
        return end is not None and datetime.datetime.now(datetime.timezone.utc) < end

    def _issue(self, connection, request):
        request.body = connection.read(request.length)
        reply = connection.ask_server(request)
        token = re.search(rb"<SessionToken>([^<]+)</SessionToken>", reply)
        if token is None:
            connection.send(reply)
            return False
        # Whole seconds, as STS writes them: what the answer says is when the token ends.
        end = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        end += datetime.timedelta(seconds=self.seconds)
        name = re.search(rb"RoleSessionName=([^&]+)", request.body)[1].decode()
        with self._state:
            self._ends[token[1].decode()] = end
            self.sessions.append(name)
        text = re.sub(rb"<Expiration>[^<]*<", b"<Expiration>" + end.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + b"<",
                      reply)
        head, _, body = text.partition(b"\r\n\r\n")
        head = re.sub(rb"(?i)\r\ncontent-length: *\d+", b"\r\nContent-Length: %d" % len(body), head)
        connection.send(head + b"\r\n\r\n" + body)
        return False
