"""GET /v0/jobs/{id}/events: server-sent events, as a browser's EventSource reads them."""
import json

from support.process import until

SLOW = "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r LIMIT {}) SELECT n, 'x' AS t FROM r"


def events_of(answer):
    """(event, id, data) of each message until the stream ends."""
    event = {}
    for line in answer.iter_lines(decode_unicode=True):
        if line.startswith(":"):
            continue
        if not line:
            yield event.get("event"), event.get("id"), json.loads(event["data"])
            event = {}
            continue
        name, _, value = line.partition(": ")
        event[name] = value


def prepare(sluice, rows):
    sluice.make_local()
    sluice.make_pipe("p", SLOW.format(rows))
    sluice.make_sink("p", connection="disk", path="local://x", file_template="f")
    return sluice.run("p")


def follow(sluice, job, **headers):
    return sluice.raw("GET", f"/v0/jobs/{job}/events", headers=headers, stream=True)


def test_progress_and_the_end(sluice):
    job = prepare(sluice, 6_000_000)
    answer = follow(sluice, job)
    assert answer.headers["Content-Type"] == "text/event-stream"
    seen = list(events_of(answer))
    assert [kind for kind, _, _ in seen[:-1]] == ["job"] * (len(seen) - 1) and seen[-1][0] == "end"
    rows = [data["statistics"]["row_count"] for _, _, data in seen]
    assert rows == sorted(rows) and rows[-1] == 6_000_000 and len(set(rows)) > 2
    assert len({number for _, number, _ in seen}) == len(seen)
    assert seen[-1][2]["status"] == "done"
    # What a browser does then: it comes again, and is told that this was all.
    assert follow(sluice, job, **{"Last-Event-ID": seen[-1][1]}).status_code == 204
    assert [kind for kind, _, _ in events_of(follow(sluice, job))] == ["end"]


def test_many_follow_and_some_leave(sluice):
    job = prepare(sluice, 100_000_000)
    streams = [follow(sluice, job) for _ in range(100)]
    events = [events_of(stream) for stream in streams]
    assert all(next(one)[2]["id"] == job for one in events)
    for stream in streams[:50]:
        stream.close()
    assert sluice.raw("GET", "/health").elapsed.total_seconds() < 5
    sluice.api("POST", f"/v0/jobs/{job}/cancel")
    for one in events[50:]:
        assert list(one)[-1][2]["status"] == "cancelled"


def test_a_stop_ends_the_streams(sluice):
    job = prepare(sluice, 100_000_000)
    stream = follow(sluice, job)
    next(events_of(stream))
    assert sluice.stop() == 0
    until(lambda: sluice.process.exit_code == 0, 10, "it has stopped")


def test_bad_ones(sluice):
    sluice.refusal("GET", "/v0/jobs/none/events", 404, "none")
    sluice.refusal("GET", "/v0/jobs/none/events", 403, "token", token=None)
