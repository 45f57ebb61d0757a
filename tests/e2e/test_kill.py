"""Must show 4: kill -9 during an export leaves nothing half visible, and after a restart the job ends
`done` with the same files as an undisturbed run. The proxy kills at an exact moment of the export."""
import threading

import pytest

from support import flights
from support.process import until
from support.proxy import call, lose_answer

SQL = "SELECT * FROM nyc.flights"
MANY = {"file_template": "month={month}/{carrier}", "compression": "gz"}
ONE = {"file_template": "all"}


def prepare(sluice, proxy, s3, bucket, **sink):
    sluice.make_s3(s3.at(proxy.endpoint))
    sluice.make_pipe("flights", SQL)
    sluice.make_sink("flights", connection="lake", path=bucket.path("out"), **sink)


class Killer:
    """Kills the server at the moment a request of that kind comes by, once."""

    def __init__(self, sluice, proxy, kind, skip, forward):
        self.sluice = sluice
        self.done = threading.Event()
        proxy.fault(kind, call(self.kill, forward), skip=skip)

    def kill(self, request):
        self.sluice.kill9()
        self.done.set()

    def wait(self):
        assert self.done.wait(60), "the moment to kill never came"


def check_complete(bucket, flights_db, sink):
    objects = bucket.objects()
    if sink is ONE:
        assert objects == {"out/all.csv": flights.shell(flights_db, "-csv", "-header", "SELECT * FROM flights")}
    else:
        flights.check_export(objects, "out/", ".csv.gz", flights_db)
    assert bucket.uploads() == [], "an upload was left behind"


def finish_after_restart(sluice, job_id):
    sluice.start()
    job = sluice.wait(job_id)
    assert job["statistics"]["row_count"] == flights.ROWS
    assert [row["id"] for row in sluice.state("SELECT id FROM jobs")] == [job_id], "the job was doubled"
    spool = sluice.data_dir / "spool"
    assert [file for file in spool.rglob("*") if file.is_file()] == [], "the spool was not emptied"
    return job


# Before the publish stage nothing may be visible.
EARLY = [
    pytest.param(ONE, "create", 0, False, id="multipart not yet begun"),
    pytest.param(ONE, "create", 0, True, id="multipart begun, its id lost"),
    pytest.param(ONE, "part", 0, False, id="first part on its way"),
    pytest.param(ONE, "part", 1, True, id="second part stored, answer lost"),
    pytest.param(ONE, "part", 3, True, id="last part stored"),
]


@pytest.mark.parametrize("sink, kind, skip, forward", EARLY)
def test_killed_before_publishing(sluice, proxy, s3, bucket, flights_db, sink, kind, skip, forward):
    prepare(sluice, proxy, s3, bucket, **sink)
    # The probe of the connection made an upload, too; moments count from the run on.
    killer = Killer(sluice, proxy, kind, skip, forward)
    job_id = sluice.run("flights")
    killer.wait()
    assert bucket.keys() == [], "something was visible before the export was complete"
    finish_after_restart(sluice, job_id)
    check_complete(bucket, flights_db, sink)


# In the publish stage what is visible must be complete.
LATE = [
    pytest.param(ONE, "complete", 0, False, id="multipart complete on its way"),
    pytest.param(ONE, "complete", 0, True, id="multipart completed, answer lost"),
    pytest.param(MANY, "put", 0, False, id="first of many"),
    pytest.param(MANY, "put", 0, True, id="first of many stored, answer lost"),
    pytest.param(MANY, "put", 90, True, id="in the middle of many"),
    pytest.param(MANY, "put", flights.FILES - 1, True, id="last of many stored, answer lost"),
]


@pytest.mark.parametrize("sink, kind, skip, forward", LATE)
def test_killed_while_publishing(sluice, proxy, s3, bucket, flights_db, sink, kind, skip, forward):
    prepare(sluice, proxy, s3, bucket, **sink)
    killer = Killer(sluice, proxy, kind, skip, forward)
    job_id = sluice.run("flights")
    killer.wait()
    if sink is ONE:
        if bucket.keys():
            check_complete(bucket, flights_db, ONE)
    else:
        flights.check_partial_export(bucket.objects(), "out/", ".csv.gz", flights_db)
    finish_after_restart(sluice, job_id)
    check_complete(bucket, flights_db, sink)


def test_killed_while_the_query_runs(sluice, proxy, s3, bucket, flights_db):
    """Nothing was sent yet; the moment is when the job says that it works."""
    prepare(sluice, proxy, s3, bucket, **MANY)
    puts = proxy.count("put")
    job_id = sluice.run("flights")
    until(lambda: sluice.job(job_id)["status"] != "waiting", 20, "the job has begun")
    sluice.kill9()
    if proxy.count("put") == puts:
        assert bucket.keys() == []
    finish_after_restart(sluice, job_id)
    check_complete(bucket, flights_db, MANY)


def test_killed_again_and_again(sluice, proxy, s3, bucket, flights_db):
    """Twice in one job, at different moments."""
    prepare(sluice, proxy, s3, bucket, **MANY)
    killer = Killer(sluice, proxy, "put", 20, True)
    job_id = sluice.run("flights")
    killer.wait()
    second = Killer(sluice, proxy, "put", 40, False)
    sluice.start()
    second.wait()
    flights.check_partial_export(bucket.objects(), "out/", ".csv.gz", flights_db)
    finish_after_restart(sluice, job_id)
    check_complete(bucket, flights_db, MANY)


def test_killed_with_jobs_waiting(sluice, s3, bucket, flights_db):
    """What was accepted is run, also what had not begun."""
    sluice.make_s3(s3)
    for number in range(12):
        sluice.make_pipe(f"p{number}", "SELECT * FROM nyc.flights WHERE month = 1")
        sluice.make_sink(f"p{number}", connection="lake", path=bucket.path("w"), file_template=f"f{number}")
    ids = [sluice.run(f"p{number}") for number in range(12)]
    sluice.kill9()
    sluice.start()
    for job_id in ids:
        sluice.wait(job_id)
    expected = flights.shell(flights_db, "-csv", "-header", "SELECT * FROM flights WHERE month = 1")
    assert bucket.objects() == {f"w/f{number}.csv": expected for number in range(12)}


def test_sigterm_during_an_export(sluice, proxy, s3, bucket, flights_db):
    """A clean stop leaves the job to be resumed, or finishes it; either way nothing is lost or doubled."""
    prepare(sluice, proxy, s3, bucket, **ONE)
    reached = threading.Event()
    proxy.fault("part", call(lambda request: reached.set()), skip=0)
    job_id = sluice.run("flights")
    assert reached.wait(60)
    assert sluice.stop() == 0
    finish_after_restart(sluice, job_id)
    check_complete(bucket, flights_db, ONE)


def test_lost_answers_do_not_double_files(sluice, proxy, s3, bucket, flights_db):
    """With strategy `new`, a conditional PUT that succeeded and is repeated meets its own object."""
    prepare(sluice, proxy, s3, bucket, **MANY)
    proxy.fault("put", lose_answer(), skip=10, times=3)
    sluice.wait(sluice.run("flights"))
    check_complete(bucket, flights_db, MANY)


def test_killed_during_a_local_export(make_sluice, flights_db):
    """The local store keeps the same promise."""
    sluice = make_sluice(attach={"nyc": flights_db}).start()
    sluice.make_local()
    sluice.make_pipe("flights", SQL)
    sluice.make_sink("flights", connection="disk", path="local://out", **MANY)
    folder = sluice.data_dir / "objects" / "disk"
    job_id = sluice.run("flights")
    until(lambda: any(folder.rglob("*.csv.gz")) or sluice.job(job_id)["status"] == "done", 60, "publishing began")
    sluice.kill9()
    visible = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    flights.check_partial_export(visible, "out/", ".csv.gz", flights_db)
    finish_after_restart(sluice, job_id)
    flights.check_export(sluice.local_files(), "out/", ".csv.gz", flights_db)
