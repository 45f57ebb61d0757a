"""Must show 3: a schedule of every minute fires on the minute, for three minutes of real time."""
import datetime
import time

from support.process import until

MINUTE = datetime.timedelta(minutes=1)
LATE = datetime.timedelta(seconds=5)


def moment(text):
    return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f")


def scheduled_jobs(sluice, pipe):
    jobs = sluice.api("GET", f"/v0/jobs?kind=sink&pipe_name={pipe}")["jobs"]
    return sorted(jobs, key=lambda job: job["created_at"])


def test_every_minute_for_three_minutes(sluice, s3, bucket):
    sluice.make_s3(s3)
    sluice.make_pipe("tick", "SELECT count(*) AS flights FROM nyc.flights")
    # Not in a minute's last second: which minute comes first must be clear.
    until(lambda: datetime.datetime.utcnow().second < 58, 5, "the minute is over")
    began = datetime.datetime.utcnow()
    pipe = sluice.make_sink("tick", connection="lake", path=bucket.path("t"), file_template="f",
                            schedule_cron="* * * * *")
    assert pipe["schedule"]["cron"] == "* * * * *"
    assert pipe["schedule"]["timezone"] == "Etc/UTC"
    assert pipe["schedule"]["status"] == "running"

    first = began.replace(second=0, microsecond=0) + MINUTE
    expected = [first, first + MINUTE, first + 2 * MINUTE]
    finish = expected[-1] + 2 * LATE
    time.sleep((finish - datetime.datetime.utcnow()).total_seconds())
    jobs = scheduled_jobs(sluice, "tick")

    assert len(jobs) == 3, [job["created_at"] for job in jobs]
    for job, due in zip(jobs, expected):
        late = moment(job["created_at"]) - due
        assert datetime.timedelta(0) <= late < LATE, f"due {due}, made {job['created_at']}"
        assert moment(job["started_at"]) - due < LATE
        assert job["kind"] == "sink"
        assert job["status"] == "done", job
        assert job["statistics"]["row_count"] == 1
    # Strategy `new`: each run has left a file of its own.
    assert bucket.objects() == {name: b"flights\n336776\n" for name in ("t/f.csv", "t/f.1.csv", "t/f.2.csv")}

    # A removed sink fires no more; the pipe stays.
    pipe = sluice.api("DELETE", "/v0/pipes/tick/nodes/tick_0/sink")
    assert pipe["type"] == "default" and pipe["schedule"] == {}
    after = finish.replace(second=0, microsecond=0) + MINUTE + LATE
    time.sleep((after - datetime.datetime.utcnow()).total_seconds())
    assert len(scheduled_jobs(sluice, "tick")) == 3


def test_a_missed_firing_is_made_up_for_at_most_once(make_sluice, flights_db):
    """Off over the full minute: after the start the schedule goes on, without a burst of old firings."""
    sluice = make_sluice(attach={"nyc": flights_db}).start()
    sluice.make_local()
    sluice.make_pipe("tick", "SELECT 1 AS one")
    sluice.make_sink("tick", connection="disk", path="local://t", file_template="f", schedule_cron="* * * * *")
    assert sluice.stop() == 0
    due = datetime.datetime.utcnow().replace(second=0, microsecond=0) + MINUTE
    time.sleep(max(0, (due + datetime.timedelta(seconds=1) - datetime.datetime.utcnow()).total_seconds()))
    sluice.start()
    until(lambda: datetime.datetime.utcnow() > due + datetime.timedelta(seconds=10), 20, "some seconds have passed")
    assert len(scheduled_jobs(sluice, "tick")) <= 1
    until(lambda: any(moment(job["created_at"]) >= due + MINUTE for job in scheduled_jobs(sluice, "tick")), 70,
          "the next minute fires")


def test_on_demand_and_once(sluice):
    sluice.make_local()
    for pipe, cron, jobs in (("never", "@on-demand", 0), ("none", "None", 0), ("empty", "", 0), ("once", "@once", 1)):
        sluice.make_pipe(pipe, "SELECT 1 AS one")
        view = sluice.make_sink(pipe, connection="disk", path="local://o", file_template=pipe, schedule_cron=cron)
        assert view["schedule"] == {}, view["schedule"]
        made = scheduled_jobs(sluice, pipe)
        assert len(made) == jobs, pipe
        for job in made:
            sluice.wait(job["id"])


def test_hourly_macro_shows_its_next_run(sluice):
    sluice.make_local()
    sluice.make_pipe("h", "SELECT 1 AS one")
    view = sluice.make_sink("h", connection="disk", path="local://o", file_template="h", schedule_cron="@hourly")
    rows = sluice.state("SELECT cron, timezone, status, next_run_at FROM schedules")
    assert len(rows) == 1 and rows[0]["status"] == "running"
    assert moment(rows[0]["next_run_at"]).minute == 0
    assert moment(rows[0]["next_run_at"]) > datetime.datetime.utcnow()
    assert view["schedule"]["status"] == "running"
