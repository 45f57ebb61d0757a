"""A clock that jumps by an hour and by a day, both ways, and a day of downtime under each catch-up policy."""
import datetime
import time

import pytest

from support.faketime import FakeTime, start
from support.process import until

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
MINUTE = datetime.timedelta(minutes=1)
NOON = datetime.datetime(2026, 3, 10, 12)


def scheduled(sluice, pipe):
    """When its runs were due, oldest first; every one is done."""
    jobs = sluice.api("GET", f"/v0/jobs?kind=sink&limit=1000&pipe_name={pipe}")["jobs"]
    assert all(job["status"] in ("waiting", "working", "done") for job in jobs), jobs
    return sorted(moment(job["scheduled_at"]) for job in jobs)


def job_at(sluice, pipe, due):
    jobs = sluice.api("GET", f"/v0/jobs?kind=sink&limit=1000&pipe_name={pipe}")["jobs"]
    return next(job for job in jobs if moment(job["scheduled_at"]) == due)


def moment(text):
    return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f")


def make(sluice, name, cron, **more):
    sluice.make_pipe(name, "SELECT 1 AS one")
    sluice.make_sink(name, connection="disk", path=f"local://{name}", file_template="{interval_end, '%Y%m%d%H%i'}",
                     write_strategy="truncate", schedule_cron=cron, **more)


def stays(sluice, pipe, expected, seconds=3):
    """Nothing more fires, though there is time for it: the loop looks every second."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert scheduled(sluice, pipe) == expected
        time.sleep(0.2)


def missed(sluice, pipe):
    return sluice.api("GET", f"/v0/pipes/{pipe}/sink/schedule")["missed_runs"]


@pytest.mark.parametrize("cron, step, jump, left_out", [
    ("*/10 * * * *", 10 * MINUTE, HOUR, 5), ("0 * * * *", HOUR, DAY, 23)], ids=["an-hour", "a-day"])
def test_the_clock_jumps(make_sluice, tmp_path, cron, step, jump, left_out):
    fake = FakeTime(tmp_path, NOON - datetime.timedelta(seconds=4))
    sluice = make_sluice(env=fake.env)
    start(sluice, fake)
    sluice.make_local()
    make(sluice, "p", cron)
    until(lambda: scheduled(sluice, "p") == [NOON], 20, "noon fires")
    # On: like downtime. One run for the latest time, whose interval covers all.
    fake.jump(jump)
    until(lambda: scheduled(sluice, "p") == [NOON, NOON + jump], 20, "the time it was put to fires")
    late = job_at(sluice, "p", NOON + jump)
    assert (moment(late["interval_start"]), moment(late["interval_end"])) == (NOON, NOON + jump)
    rows = missed(sluice, "p")
    assert [(row["runs"], row["reason"], row["covered_by"]) for row in rows] == [(left_out, "downtime", late["id"])]
    # Back: what has fired does not fire again.
    fake.jump(-jump)
    stays(sluice, "p", [NOON, NOON + jump])
    fake.jump(jump + step - (fake.now() - NOON))
    fake.jump(-datetime.timedelta(seconds=2) + jump + step - (fake.now() - NOON))
    until(lambda: scheduled(sluice, "p") == [NOON, NOON + jump, NOON + jump + step], 20, "it goes on after that")
    stays(sluice, "p", [NOON, NOON + jump, NOON + jump + step])
    done = job_at(sluice, "p", NOON + jump + step)
    assert moment(done["interval_start"]) == NOON + jump
    sluice.wait(done["id"])
    names = sorted(name for name in sluice.local_files())
    assert len(names) == 3 and len(missed(sluice, "p")) == 1


@pytest.mark.parametrize("policy, limit, fired, left_out", [
    ("none", "", [], 24), ("latest", "", [24], 23), ("all", "", list(range(1, 25)), 0), ("all", "5", list(range(20, 25)), 19)],
    ids=["none", "latest", "all", "all-but-five-at-most"])
@pytest.mark.parametrize("end", ["stopped", "killed"])
def test_a_day_of_downtime(make_sluice, tmp_path, end, policy, limit, fired, left_out):
    fake = FakeTime(tmp_path, NOON - datetime.timedelta(seconds=4))
    sluice = make_sluice(env=fake.env)
    start(sluice, fake)
    sluice.make_local()
    more = {"schedule_catchup_limit": limit} if limit else {}
    make(sluice, "p", "0 * * * *", schedule_catchup=policy, **more)
    sluice.api("POST", "/v0/webhooks", data={"url": "http://127.0.0.1:9/", "events": "missed"})
    until(lambda: scheduled(sluice, "p") == [NOON], 20, "noon fires")
    sluice.wait(job_at(sluice, "p", NOON)["id"])
    sluice.kill9() if end == "killed" else sluice.stop()
    fake.jump(DAY + HOUR / 2)
    start(sluice, fake)

    expected = [NOON] + [NOON + n * HOUR for n in fired]
    until(lambda: scheduled(sluice, "p") == expected, 20, "what the policy makes up for")
    for due in expected:
        sluice.wait(job_at(sluice, "p", due)["id"])
    stays(sluice, "p", expected, seconds=2)
    until(lambda: sum(row["runs"] for row in missed(sluice, "p")) == left_out, 5, "the rest stands in the history")
    told = sluice.state("SELECT body FROM webhook_deliveries WHERE event = 'missed'")
    assert len(told) == (1 if left_out else 0)
    # Nothing falls between two runs, and nothing is covered twice.
    intervals = [(moment(job["interval_start"]), moment(job["interval_end"]))
                 for job in (job_at(sluice, "p", due) for due in expected)]
    if policy == "latest":
        assert intervals[-1] == (NOON, NOON + DAY)
    else:
        assert all(end - begin == HOUR for begin, end in intervals)
    assert len(sluice.local_files()) == len(expected)
    # And the schedule goes on.
    fake.jump(HOUR / 2 - datetime.timedelta(seconds=2) - (fake.now() - NOON - DAY - HOUR / 2))
    until(lambda: scheduled(sluice, "p")[-1] == NOON + DAY + HOUR, 20, "the next hour fires")
