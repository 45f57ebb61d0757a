"""Sluice's S3 signatures and addresses, call by call against botocore's.

botocore builds and signs each request (a client whose sending is intercepted); the sign tool builds
the URL from the same key and signs the same headers. Both must be equal to the byte.
"""

import hashlib
import json
import os
import pathlib
import random
import subprocess
import urllib.parse

import pytest

boto3 = pytest.importorskip("boto3")
from botocore.awsrequest import AWSRequest, AWSResponse  # noqa: E402
from botocore.auth import S3SigV4Auth  # noqa: E402
from botocore.config import Config  # noqa: E402
from botocore.credentials import Credentials  # noqa: E402

REPO = pathlib.Path(__file__).resolve().parents[2]
CASES = int(os.environ.get("SLUICE_SIGN_CASES", "2000"))
AWKWARD = ["+", " ", "%", "~", "//", "..", ".", "/", "%2F", "%25", "&", "=", "?", "#", "'", '"', "*",
           "(", ")", "!", "@", ":", ";", ",", "$", "\\", "^", "`", "|", "<", ">", "{", "}", "[", "]",
           "\u00fc", "\u1234", "\U0001f600", "\u00a0", "\u2028", "e\u0301", "\t", "\x7f", "\x01"]


def sign_tool():
    build = os.environ.get("SLUICE_PRESET", "release")
    path = os.environ.get("SLUICE_SIGN_TOOL") or REPO / "build" / build / "sluice_sign_tool"
    if not os.access(path, os.X_OK):
        pytest.skip(f"no sign tool at {path}")
    return str(path)


@pytest.fixture(scope="module")
def rng():
    seed = int(os.environ.get("SLUICE_SEED") or random.SystemRandom().randrange(2**32))
    print(f"\nseed: SLUICE_SEED={seed}")
    return random.Random(seed)


def random_char(rng):
    while True:
        top = rng.choice([0x7F, 0x7FF, 0xFFFF, 0x10FFFF])
        code = rng.randrange(1, top + 1)
        if not 0xD800 <= code <= 0xDFFF:
            return chr(code)


def random_key(rng):
    pieces = [rng.choice(AWKWARD) if rng.random() < 0.5 else random_char(rng)
              for _ in range(rng.randrange(1, 24))]
    # A key that begins with a slash is left out: botocore strips it in some versions.
    return "".join(pieces).lstrip("/") or "k"


def ask(cases):
    lines = "\n".join(json.dumps(case) for case in cases) + "\n"
    done = subprocess.run([sign_tool()], input=lines.encode(), capture_output=True, check=False,
                          timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def header_text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def signed_headers_of(headers):
    """The headers that botocore has signed, but for the token, which the tool adds itself."""
    authorization = header_text(headers["Authorization"])
    names = authorization.split("SignedHeaders=")[1].split(",")[0].split(";")
    return authorization, {name: header_text(headers[name]) for name in names
                           if name not in ("host", "x-amz-security-token")}


def test_requests_that_the_client_builds(rng):
    sent = []

    def keep(request, **_):
        sent.append(request)
        return AWSResponse(request.url, 500, {}, None)

    cases, wanted = [], []
    clients = {}
    for number in range(CASES // 2):
        endpoint = rng.choice(["http://127.0.0.1:9000", "https://store.example.org"])
        path_style = endpoint.startswith("http:") or rng.random() < 0.5
        region = rng.choice(["us-east-1", "eu-central-1", "auto"])
        token = rng.choice(["", "token/with+signs=="])
        name = (endpoint, path_style, region, token)
        if name not in clients:
            session = boto3.session.Session()
            clients[name] = session.client(
                "s3", endpoint_url=endpoint, region_name=region, aws_access_key_id="AKIDTEST",
                aws_secret_access_key="secret/with+signs", aws_session_token=token or None,
                config=Config(signature_version="s3v4", retries={"max_attempts": 0, "mode": "standard"},
                              request_checksum_calculation="when_required",
                              s3={"addressing_style": "path" if path_style else "virtual",
                                  "payload_signing_enabled": True}))
            clients[name].meta.events.register("before-send.s3", keep)
        client, key = clients[name], random_key(rng)
        body = rng.randbytes(rng.randrange(0, 40))
        call = rng.choice(["put", "part", "head", "abort", "create"])
        try:
            if call == "put":
                client.put_object(Bucket="bucket", Key=key, Body=body, ContentType="text/csv",
                                  Metadata={"sluice-job": f"job  {number} "}, IfNoneMatch="*")
            elif call == "part":
                client.upload_part(Bucket="bucket", Key=key, Body=body, UploadId="a/+ %~b",
                                   PartNumber=7)
            elif call == "head":
                client.head_object(Bucket="bucket", Key=key)
            elif call == "abort":
                client.abort_multipart_upload(Bucket="bucket", Key=key, UploadId="x&y=z")
            else:
                client.create_multipart_upload(Bucket="bucket", Key=key)
        except Exception as error:  # The answer is always 500: only what was sent matters.
            assert sent and len(sent) == number + 1, f"{call} {key!r} was not sent: {error}"
        request = sent[-1]
        url = header_text(request.url)
        authorization, headers = signed_headers_of(request.headers)
        parts = urllib.parse.urlsplit(url)
        headers["host"] = parts.netloc
        cases.append({"method": request.method, "endpoint": endpoint, "bucket": "bucket", "key": key,
                      "path_style": path_style, "query": parts.query, "headers": headers,
                      "body_sha256": header_text(request.headers["X-Amz-Content-SHA256"]),
                      "access_key": "AKIDTEST", "secret": "secret/with+signs",
                      "session_token": token, "region": region,
                      "amz_date": header_text(request.headers["X-Amz-Date"])})
        wanted.append((url, authorization, key))
    for answer, (url, authorization, key) in zip(ask(cases), wanted, strict=True):
        assert answer["url"] == url, repr(key)
        assert answer["authorization"] == authorization, repr(key)


class KeepingAuth(S3SigV4Auth):
    def canonical_request(self, request):
        self.kept = super().canonical_request(request)
        return self.kept


def test_canonical_requests(rng):
    cases, wanted = [], []
    for _ in range(CASES - CASES // 2):
        key = random_key(rng)
        names = [random_key(rng) for _ in range(rng.randrange(0, 4))]
        query = "&".join(f"{urllib.parse.quote(n, safe='-_.~')}={urllib.parse.quote(random_key(rng), safe='-_.~')}"
                         for n in names)
        host = rng.choice(["127.0.0.1:8333", "bucket.s3.eu-west-1.amazonaws.com"])
        url = f"http://{host}/{urllib.parse.quote(key, safe='/-_.~')}" + (f"?{query}" if query else "")
        body = rng.randbytes(rng.randrange(0, 100))
        headers = {"Content-Type": rng.choice(["text/csv", "  a   b  ", "application/xml"]),
                   "x-amz-meta-sluice-job": rng.choice(["job", " spaced   out ", ""])}
        token = rng.choice(["", "token=="])
        request = AWSRequest(method=rng.choice(["GET", "PUT", "POST", "HEAD", "DELETE"]), url=url,
                             data=body, headers=dict(headers))
        request.context["client_config"] = Config(s3={"payload_signing_enabled": True})
        auth = KeepingAuth(Credentials("AKIDTEST", "secret", token or None), "s3", "eu-west-1")
        auth.add_auth(request)
        amz_date = request.context["timestamp"]
        digest = hashlib.sha256(body).hexdigest()
        headers.update({"Host": host, "X-Amz-Date": amz_date, "X-Amz-Content-SHA256": digest})
        cases.append({"method": request.method, "url": url, "headers": headers,
                      "body_sha256": digest, "access_key": "AKIDTEST", "secret": "secret",
                      "session_token": token, "region": "eu-west-1", "amz_date": amz_date})
        wanted.append((auth.kept, request.headers["Authorization"], url))
    for answer, (canonical, authorization, url) in zip(ask(cases), wanted, strict=True):
        assert answer["canonical_request"] == canonical, url
        assert answer["authorization"] == authorization, url
