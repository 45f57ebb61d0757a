"""HTTPS, as real clients speak it: requests (OpenSSL) and curl."""
import concurrent.futures
import http.client
import socket
import ssl
import subprocess
import time

import pytest
import requests

from support.sluice import TOKEN
from support.tls import TlsSluice, make_identity


@pytest.fixture(scope="module")
def identity(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    make_identity(folder)
    return folder


@pytest.fixture
def sluice(binary, tmp_path, flights_db, identity):
    server = TlsSluice(binary, tmp_path / "sluice", attach={"nyc": flights_db}, args=[
        "--tls-cert", identity / "cert.pem", "--tls-key", identity / "key.pem"])
    server.ca = str(identity / "cert.pem")
    yield server.start()
    server.end()
    print(server.process.tail())


def test_an_export(sluice):
    sluice.make_local()
    job = sluice.export("p", "SELECT 1 AS a", connection="disk", path="local://x", file_template="f")
    assert job["job_url"].startswith(f"https://localhost:{sluice.port}/v0/jobs/")
    assert sluice.local_files() == {"x/f.csv": b"a\n1\n"}


def test_large_requests_and_answers(sluice):
    """Many records each way, over one connection and over sixteen at a time."""
    values = "SELECT '" + "x" * 120_000 + "' AS a"
    sluice.make_pipe("big", values)
    assert sluice.api("GET", "/v0/pipes/big")["nodes"][0]["sql"] == values

    def ask(number):
        answer = requests.get(sluice.url + "/v0/pipes/big", timeout=60, verify=sluice.ca,
                              headers={"Authorization": f"Bearer {TOKEN}"})
        return answer.json()["nodes"][0]["sql"] == values

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(64)))


def test_requests_in_a_row_and_byte_by_byte(sluice):
    context = ssl.create_default_context(cafile=sluice.ca)
    with context.wrap_socket(socket.create_connection(("127.0.0.1", sluice.port)), server_hostname="localhost") as tls:
        request = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
        tls.sendall(request * 3)
        for _ in range(3):
            answer = http.client.HTTPResponse(tls)
            answer.begin()
            assert answer.status == 200 and answer.read()
        for byte in request:
            tls.sendall(bytes([byte]))
        answer = http.client.HTTPResponse(tls)
        answer.begin()
        assert answer.status == 200


@pytest.mark.parametrize("options, works", [([], True), (["--tls-max", "1.1"], False), (["--tlsv1.3"], True),
                                            (["--tls-max", "1.2"], True), (["--http2"], True)])
def test_curl(sluice, options, works):
    ran = subprocess.run(["curl", "-sS", "--cacert", sluice.ca, *options, sluice.url + "/health"],
                         capture_output=True, text=True, timeout=30)
    assert (ran.returncode == 0) == works, ran.stderr
    assert not works or '"status"' in ran.stdout


def test_a_certificate_nobody_vouches_for_is_not_taken(sluice):
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(sluice.url + "/health", timeout=10)


def test_plain_http_is_told_what_to_do(sluice):
    answer = requests.get(f"http://localhost:{sluice.port}/health", timeout=10)
    assert answer.status_code == 400 and "https://" in answer.json()["error"]


def test_clients_that_stop_in_the_handshake_hold_up_nobody(sluice):
    held = [socket.create_connection(("127.0.0.1", sluice.port)) for _ in range(50)]
    for client in held[:25]:
        client.sendall(b"\x16\x03\x01\x02\x00\x01")  # The beginning of a ClientHello.
    began = time.monotonic()
    assert sluice.raw("GET", "/health").status_code == 200
    assert time.monotonic() - began < 5
    assert sluice.stop() == 0
    for client in held:
        client.close()


@pytest.mark.parametrize("args, mention", [
    (["--tls-cert", "{folder}/cert.pem"], "--tls-key"),
    (["--tls-cert", "{folder}/none.pem", "--tls-key", "{folder}/key.pem"], "none.pem"),
    (["--tls-cert", "{folder}/cert.pem", "--tls-key", "{folder}/cert.pem"], "--tls-key")])
def test_files_that_can_not_be_used_end_the_start(make_sluice, identity, args, mention):
    process = make_sluice(args=[arg.format(folder=identity) for arg in args]).launch()
    assert process.wait(30) in (1, 2)
    assert mention in process.tail()
