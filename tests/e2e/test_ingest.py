"""POST /v0/events: many small requests, what is acknowledged is there, and what is wrong with rows is kept beside them."""
import contextlib
import gzip
import json
import sqlite3
import threading

import pytest
import requests
from support.sluice import TOKEN


def rows_of(sluice, query):
    with contextlib.closing(sqlite3.connect(f"file:{sluice.data_dir}/warehouse.db?mode=ro", uri=True)) as database:
        return database.execute(query).fetchall()


def send(sluice, body, name="clicks", expect=202, **more):
    return sluice.api("POST", "/v0/events", expect=expect, params={"name": name, **more}, data=body)


def lines(*objects):
    return "".join(json.dumps(one) + "\n" for one in objects)


def test_first_events_make_the_data_source(sluice):
    told = send(sluice, lines({"id": 1, "who": "ann"}, {"id": 2, "who": "bob"}))
    assert told == {"successful_rows": 2, "quarantined_rows": 0}
    assert send(sluice, lines({"id": 3, "who": "cy", "unknown": [1]}), expect=200, wait="true") == {
        "successful_rows": 1, "quarantined_rows": 0}
    assert rows_of(sluice, "SELECT id, who FROM clicks") == [(1, "ann"), (2, "bob"), (3, "cy")]
    assert sluice.api("GET", "/v0/datasources/clicks")["statistics"]["row_count"] == 3
    assert "sluice_events_rows_total 3" in sluice.raw("GET", "/metrics").text


def test_bad_rows_are_kept_with_their_reasons(sluice):
    sluice.api("POST", "/v0/datasources", params={"name": "clicks", "schema": "id Int32, who String"})
    bad = (b'{"id": 1, "who": "ann"}\n' b"{broken\n" b'{"id": "one", "who": "bob"}\n' b'{"id": 5000000000, "who": "c"}\n'
           b'{"who": "dee"}\n' b'{"id": 6, "who": "\xff\xfe"}\n' b"[1, 2]\n" b'{"id": 7, "who": "eve", "more": {"x": 1}}\n')
    told = send(sluice, bad)
    assert told == {"successful_rows": 2, "quarantined_rows": 6}
    assert rows_of(sluice, "SELECT id FROM clicks") == [(1,), (7,)]
    held = rows_of(sluice, "SELECT c__line, c__error_column, c__error, c__import_id FROM clicks_quarantine ORDER BY 1")
    assert [row[0] for row in held] == [2, 3, 4, 5, 6, 7]
    assert json.loads(held[1][1]) == ["id"] and json.loads(held[0][1]) == []
    assert all(json.loads(row[2]) and row[3] is None for row in held)


@pytest.mark.parametrize("body, status", [
    (b"", 400), (b"\n\n", 400), (b"{broken\n", 400), (b"[1]\n", 400), (b"\xff\xfe\n", 400),
    (gzip.compress(b'{"id": 1}\n' * 100)[:-20], 400)], ids=["nothing", "blank", "broken", "list", "bytes", "torn"])
def test_nothing_to_make_a_data_source_of(sluice, body, status):
    answer = sluice.raw("POST", "/v0/events", params={"name": "clicks"}, data=body)
    assert answer.status_code == status, answer.text
    assert sluice.api("GET", "/v0/datasources")["datasources"] == []


def test_compressed_events(sluice):
    body = lines(*({"id": i} for i in range(1000))).encode()
    send(sluice, gzip.compress(body))
    sluice.api("POST", "/v0/events", expect=202, params={"name": "clicks"}, data=gzip.compress(body),
               headers={"Content-Encoding": "gzip"})
    assert rows_of(sluice, "SELECT count(*), sum(id) FROM clicks") == [(2000, 999000)]


def test_bombs_and_too_much(sluice):
    send(sluice, lines({"id": 1}))
    for bomb in (b"\n" * 300_000_000, b'{"id": 2, "text": "' + b"x" * 100_000_000 + b'"}\n'):
        answer = sluice.raw("POST", "/v0/events", params={"name": "clicks"}, data=gzip.compress(bomb))
        assert answer.status_code in (400, 413), answer.text[:300]
    assert rows_of(sluice, "SELECT id FROM clicks") == [(1,)]
    # Many rows in few bytes are no bomb: they go to the disk as those of a file do.
    many = gzip.compress(b'{"id": 3}\n' * 500_000)
    assert send(sluice, many) == {"successful_rows": 500_000, "quarantined_rows": 0}
    assert rows_of(sluice, "SELECT count(*) FROM clicks") == [(500_001,)]


def test_refusals(sluice):
    sluice.refusal("POST", "/v0/events", 400, "name", data=b'{"id": 1}\n')
    sluice.refusal("POST", "/v0/events", 400, "CSV", params={"name": "a", "format": "csv"}, data=b"id\n1\n")
    sluice.refusal("POST", "/v0/events", 400, params={"name": "jobs_log"}, data=b'{"id": 1}\n')
    sluice.refusal("POST", "/v0/events", 400, params={"name": "a", "wait": "perhaps"}, data=b'{"id": 1}\n')
    token = sluice.api("POST", "/v0/tokens", data={"name": "a", "scope": "DATASOURCES:APPEND:clicks"})["token"]
    sluice.refusal("POST", "/v0/events", 404, "clicks", params={"name": "clicks"}, data=b'{"id": 1}\n', token=token)
    sluice.refusal("POST", "/v0/events", 403, "other", params={"name": "other"}, data=b'{"id": 1}\n', token=token)
    send(sluice, lines({"id": 1}))
    send(sluice, lines({"id": 2}), token=token)
    assert rows_of(sluice, "SELECT count(*) FROM clicks") == [(2,)]


def run_clients(sluice, clients, calls, body_of, **parameters):
    """Runs them at once and returns the ids that were acknowledged, and what went wrong."""
    acknowledged, failures = set(), []
    begin = threading.Barrier(clients)

    def client(number):
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {TOKEN}"
        begin.wait()
        for call in range(calls):
            ids, body = body_of(number, call)
            answer = session.post(sluice.url + "/v0/events", params={"name": "clicks", **parameters}, data=body, timeout=60)
            if answer.status_code in (200, 202) and answer.json() == {"successful_rows": len(ids), "quarantined_rows": 0}:
                acknowledged.update(ids)
            else:
                failures.append((answer.status_code, answer.text))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return acknowledged, failures


def test_writers_that_make_one_data_source_at_once(sluice):
    acknowledged, failures = run_clients(sluice, 16, 1, lambda client, call: ({client}, lines({"id": client})))
    assert failures == [] and len(acknowledged) == 16
    assert rows_of(sluice, "SELECT count(*), count(DISTINCT id) FROM clicks") == [(16, 16)]


@pytest.mark.parametrize("wait", ["true", "false"])
def test_64_clients_lose_nothing(sluice, wait, record_property):
    def body_of(client, call):
        ids = {(client * 20 + call) * 5 + i for i in range(5)}
        return ids, lines(*({"id": one, "text": "x" * 50} for one in ids))

    acknowledged, failures = run_clients(sluice, 64, 20, body_of, wait=wait)
    assert failures == [] and len(acknowledged) == 64 * 20 * 5
    assert rows_of(sluice, "SELECT count(*), count(DISTINCT id) FROM clicks") == [(6400, 6400)]
    assert sluice.api("GET", "/v0/datasources/clicks")["statistics"]["row_count"] == 6400
    commits = int(sluice.raw("GET", "/metrics").text.split("sluice_events_commits_total ")[-1].split()[0])
    record_property("transactions of 1,280 requests, wait=" + wait, commits)
    assert commits < 1281


def test_acknowledged_events_outlive_kill_9(sluice):
    send(sluice, lines({"id": -1}))
    acknowledged, sent = {-1}, threading.Event()

    def client(number):
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {TOKEN}"
        for call in range(10_000):
            one = number * 10_000 + call
            try:
                answer = session.post(sluice.url + "/v0/events?name=clicks", data=lines({"id": one}), timeout=10)
            except requests.RequestException:
                return
            if answer.status_code == 202:
                acknowledged.add(one)
            if len(acknowledged) > 200:
                sent.set()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    assert sent.wait(60)
    sluice.kill9()
    for thread in threads:
        thread.join()
    sluice.start()
    stored = {row[0] for row in rows_of(sluice, "SELECT id FROM clicks")}
    assert acknowledged <= stored and len(stored) <= len(acknowledged) + 8
    assert sluice.api("GET", "/v0/datasources/clicks")["statistics"]["row_count"] == len(stored)
