"""Webhooks: who is told what, signed; repeated until it is taken, also after kill -9."""
import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from support.process import until
from support.receiver import Receiver


@pytest.fixture
def receiver():
    one = Receiver()
    yield one
    one.end()


@pytest.fixture
def told(sluice, receiver):
    """A pipe whose sink works, and one whose sink fails, and a webhook of everything."""
    sluice.make_local()
    for name, sql in (("good", "SELECT 1 AS n"), ("bad", "SELECT json('x') AS n")):
        sluice.make_pipe(name, sql)
        sluice.make_sink(name, connection="disk", path=f"local://{name}", file_template="f")
    made = sluice.api("POST", "/v0/webhooks", data={"url": receiver.url, "events": "done,error,recovered"})
    receiver.key = made["secret"]
    sluice.hook = made["id"]
    return sluice


def types(receiver):
    return [kind for kind, _ in receiver.events()]


def deliveries(told):
    """What the server has written down, which it does after the receiver has answered."""
    return told.api("GET", f"/v0/webhooks/{told.hook}")["deliveries"]


def test_done_error_and_recovered(told, receiver):
    done = told.wait(told.run("good"))
    until(lambda: types(receiver) == ["sink.done"], 20, "it is told")
    kind, data = receiver.events()[0]
    assert data["job_id"] == done["id"] and data["rows"] == 1 and data["pipe"]["name"] == "good"
    failed = told.wait(told.run("bad"), "error")
    until(lambda: len(types(receiver)) == 2, 20, "the failure is told")
    assert receiver.events()[1][1]["error"] == failed["error"]
    told.api("PUT", "/v0/pipes/bad/nodes/bad_0", data="SELECT 2 AS n", headers={"Content-Type": "text/plain"})
    told.wait(told.run("bad"))
    until(lambda: sorted(types(receiver)) == ["sink.done", "sink.done", "sink.error", "sink.recovered"], 20, "recovered")
    until(lambda: [one["status"] for one in deliveries(told)] == ["delivered"] * 4, 20, "that it was taken is written down")


def test_a_forged_body_is_found(told, receiver):
    told.wait(told.run("good"))
    until(lambda: receiver.told, 20, "it is told")
    headers, body, _ = receiver.told[0]
    headers = {name.lower(): value for name, value in headers.items()}
    Webhook(receiver.key).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(receiver.key).verify(body.replace(b"good", b"evil"), headers)


def test_it_is_repeated_until_it_is_taken(told, receiver):
    receiver.answers = [500]
    told.wait(told.run("good"))
    until(lambda: types(receiver) == ["sink.done"], 30, "the second attempt is taken")
    ids = {headers["webhook-id"] for headers, _, _ in receiver.told}
    assert len(receiver.told) == 2 and len(ids) == 1
    delivery = until(lambda: [one for one in deliveries(told) if one["status"] == "delivered"], 20,
                     "that it was taken is written down")[0]
    assert (delivery["attempts"], delivery["http_status"]) == (2, 204)


def test_killed_before_it_was_told_it_is_told_later(told, receiver):
    receiver.answers = [503]
    told.wait(told.run("good"))
    until(lambda: receiver.told, 20, "the first attempt came")
    told.kill9()
    told.start()
    until(lambda: types(receiver) == ["sink.done"], 30, "it is told after the restart")


def test_one_pipe_alone_and_a_test_message(told, receiver):
    other = Receiver()
    try:
        made = told.api("POST", "/v0/webhooks", data={"url": other.url, "events": "error", "pipe": "bad"})
        other.key = made["secret"]
        assert told.api("POST", f"/v0/webhooks/{made['id']}/test") == {"ok": True, "http_status": 204, "error": None}
        told.wait(told.run("good"))
        told.wait(told.run("bad"), "error")
        until(lambda: types(other) == ["sink.test", "sink.error"], 20, "the one it asked for")
        told.api("DELETE", f"/v0/webhooks/{made['id']}", expect=204)
        told.wait(told.run("bad"), "error")
        until(lambda: len(types(receiver)) == 3, 20, "the other one is told")
        assert len(other.told) == 2
    finally:
        other.end()


def test_nothing_of_the_address_but_its_host_is_shown(told, receiver):
    told.wait(told.run("good"))
    for path in ("/v0/webhooks", f"/v0/webhooks/{told.hook}"):
        text = told.raw("GET", path).text
        assert "with-a-secret" not in text and "hidden" not in text and receiver.key not in text
    files = [file for file in told.data_dir.rglob("*") if file.is_file()]
    assert not [file for file in files if b"with-a-secret" in file.read_bytes()]
    assert "with-a-secret" not in told.log.read_text()


def test_where_connections_may_not_go_webhooks_may_not_either(told):
    made = told.api("POST", "/v0/webhooks", data={"url": "http://169.254.169.254/latest", "events": "done"})
    answer = told.api("POST", f"/v0/webhooks/{made['id']}/test")
    assert answer["ok"] is False and "169.254.169.254" in answer["error"]
