"""Kills under a mixed load: schedules, runs by call, cancels, retries, a chain, a backfill and a webhook, on a clock
that runs 30 times as fast. What was promised is written down here, outside the process; `problem` compares."""
import contextlib
import datetime
import json
import random
import sqlite3
import time

import requests

from support.faketime import FakeTime, start
from support.process import until
from support.receiver import Receiver
from support.sluice import FINAL, Sluice

RATE = 30
BEGIN = datetime.datetime(2026, 6, 1, 0, 0, 50)
MINUTE = datetime.timedelta(minutes=1)
NAME = "{interval_end, '%Y%m%d%H%i'}"
SMALL = "SELECT 'x' AS t, 1 AS n"
SLOW = "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r LIMIT 3000000) SELECT n FROM r"
EVERY_MINUTE = {"all": {"schedule_catchup": "all", "schedule_catchup_limit": "1000"},
                "latest": {"schedule_catchup": "latest"},
                "none": {"schedule_catchup": "none"},
                "beside": {"schedule_catchup": "all", "schedule_catchup_limit": "1000", "schedule_overlap": "allow"},
                "skip": {"schedule_overlap": "skip"}}


def moment(text):
    return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f")


class Mixed:
    def __init__(self, binary, folder, seed):
        self.random = random.Random(seed)
        self.folder = folder
        self.locked_db = folder / "locked.db"
        with contextlib.closing(sqlite3.connect(self.locked_db)) as database:
            database.executescript("CREATE TABLE t (n); INSERT INTO t VALUES (1)")
        self.fake = FakeTime(folder, BEGIN, RATE)
        self.sluice = Sluice(binary, folder, attach={"locked": self.locked_db}, env=self.fake.env,
                             args=["--workers", "2", "--log-level", "warn", "--max-attempts", "50"])
        self.receiver = Receiver(other_clock=True)
        self.accepted = {}  # job: what may become of it
        self.kills = 0
        self.actions = 0
        self._lock = None
        self._build()

    def _build(self):
        start(self.sluice, self.fake)
        self.sluice.make_local()
        self.receiver.key = self.sluice.api(
            "POST", "/v0/webhooks", data={"url": self.receiver.url, "events": "done,error"})["secret"]
        for name, policy in EVERY_MINUTE.items():
            self._sink(name, SMALL, NAME, schedule_cron="* * * * *", write_strategy="truncate", **policy)
        self._sink("after", SMALL, NAME, run_after="all", write_strategy="truncate")
        self._sink("quick", SMALL, "f{2}")
        self._sink("slow", SLOW, "f")
        self._sink("retry", "SELECT * FROM locked.t", "f")
        self._sink("filled", SMALL, NAME, write_strategy="truncate")

    def _sink(self, name, sql, file_template, **more):
        self.sluice.make_pipe(name, sql)
        self.sluice.make_sink(name, connection="disk", path=f"local://{name}", file_template=file_template, **more)

    # The load: what is answered is promised; what is not answered may have happened, or not.

    def _call(self, method, path, **data):
        return self.sluice.raw(method, path, data=data, timeout=10)

    def _run(self, pipe):
        answer = self._call("POST", f"/v0/pipes/{pipe}/sink")
        if answer.status_code == 200:
            job = answer.json()["job"]["id"]
            self.accepted[job] = {"done"}
            return job
        assert answer.status_code in (429, 503), answer.text
        return None

    def _run_and_cancel(self):
        job = self._run("slow")
        if job is None:
            return
        time.sleep(self.random.random() * 0.2)
        self.accepted[job] = {"done", "cancelled"}  # Until the cancel is answered, both may be.
        if self._call("POST", f"/v0/jobs/{job}/cancel").status_code == 200:
            self.accepted[job] = {"cancelled"}

    def _lock_or_unlock(self):
        if self._lock is None:
            self._lock = sqlite3.connect(self.locked_db, isolation_level=None)
            self._lock.execute("BEGIN EXCLUSIVE")
        else:
            self.unlock()

    def unlock(self):
        if self._lock is not None:
            self._lock.execute("ROLLBACK")
            self._lock.close()
            self._lock = None

    def _backfill(self):
        day = BEGIN.date() - datetime.timedelta(days=self.random.randrange(1, 50))
        answer = self._call("POST", "/v0/pipes/filled/sink/backfill", start=str(day), step="6h",
                            end=str(day + datetime.timedelta(days=1)))
        assert answer.status_code in (200, 503), answer.text

    def _act(self):
        self.random.choice([lambda: self._run("quick"), lambda: self._run("quick"), self._run_and_cancel,
                            lambda: self._run("retry"), self._lock_or_unlock, self._backfill])()
        self.actions += 1

    def kill(self):
        """Some of the load, a kill in its midst, and a start."""
        until_kill = time.monotonic() + self.random.uniform(0.05, 1.2)
        while time.monotonic() < until_kill:
            self._act()
            time.sleep(self.random.random() * 0.1)
        self.sluice.kill9()
        self.kills += 1
        self.fake.prepare_start()
        self.sluice.launch()
        if self.random.random() < 0.2:  # And again, while it takes up what was left.
            time.sleep(self.random.random() * 0.3)
            self.sluice.kill9()
            self.kills += 1
            self.fake.prepare_start()
            self.sluice.launch()
        self.sluice.await_start()

    # What must hold.

    def settle(self):
        """No new work; all there is ends."""
        self.unlock()
        for name in EVERY_MINUTE:
            self.sluice.api("POST", f"/v0/pipes/{name}/sink/pause")
        try:
            until(lambda: not self.sluice.state(f"SELECT 1 FROM jobs WHERE status NOT IN {FINAL} LIMIT 1"), 300,
                  "every job has ended")
            until(lambda: not self.sluice.state("SELECT 1 FROM webhook_deliveries WHERE next_at IS NOT NULL LIMIT 1"),
                  60, "every webhook was told")
        except (AssertionError, requests.RequestException) as failure:
            return str(failure)
        return ""

    def go_on(self):
        for name in EVERY_MINUTE:
            self.sluice.api("POST", f"/v0/pipes/{name}/sink/resume")

    def problem(self):
        """The first thing that is not as it must be, once all has settled; empty if all is."""
        jobs = {job["id"]: job for job in self.sluice.state("SELECT * FROM jobs")}
        for check in (self._promises, self._ticks, self._followers, self._messages, self._files):
            if found := check(jobs):
                return found
        return ""

    def _promises(self, jobs):
        for job, may in self.accepted.items():
            if job not in jobs:
                return f"job {job} was accepted and is lost"
            if jobs[job]["status"] not in may:
                return f"job {job} ended {jobs[job]['status']}, not {may}: {jobs[job]['error']}"
        failed = [job for job in jobs.values() if job["status"] == "error"]
        return f"job {failed[0]['id']} failed: {failed[0]['error']}" if failed else ""

    def _ticks(self, jobs):
        """Every minute has one run, or stands in the history as left out: none twice, none in silence."""
        for name in EVERY_MINUTE:
            runs = [moment(job["scheduled_at"]) for job in jobs.values()
                    if job["pipe_name"] == name and job["triggered_by"] == "scheduled"]
            left_out = []
            for row in self.sluice.state("SELECT * FROM missed_runs WHERE pipe_name = ?", name):
                first, last = moment(row["first_at"]), moment(row["last_at"])
                minutes = [first + n * MINUTE for n in range(round((last - first) / MINUTE) + 1)]
                if len(minutes) != row["runs"]:
                    return f"{name}: {row['runs']} left out from {first} to {last}"
                left_out += minutes
            all_of_them = sorted(runs + left_out)
            expected = [all_of_them[0] + n * MINUTE for n in range(len(all_of_them))] if all_of_them else []
            if all_of_them != expected:
                wrong = next((have, want) for have, want in zip(all_of_them, expected) if have != want)
                return f"{name}: where {wrong[1]} should come there is {wrong[0]}"
            if name in ("all", "beside") and left_out:
                return f"{name}: {len(left_out)} times were left out, the first at {left_out[0]}"
        return ""

    def _followers(self, jobs):
        done = sorted(job["id"] for job in jobs.values() if job["pipe_name"] == "all" and job["status"] == "done")
        followed = sorted(job["after_job"] for job in jobs.values() if job["pipe_name"] == "after")
        return "" if done == followed else f"{len(done)} runs were followed by {len(followed)}"

    def _messages(self, jobs):
        told = {(kind, data["job_id"]) for kind, data in self.receiver.events()}
        due = {("sink." + job["status"], job["id"]) for job in jobs.values() if job["status"] in ("done", "error")}
        if told != due:
            return f"webhooks: {len(due - told)} not told, {len(told - due)} told that are not so"
        rows = self.sluice.state("SELECT count(*) AS n FROM webhook_deliveries")[0]["n"]
        return "" if rows == len(due) else f"{rows} messages for {len(due)} ends"

    def _files(self, jobs):
        expected = set()
        for job in jobs.values():
            if job["status"] == "done" and job["interval_end"]:
                expected.add(f"{job['pipe_name']}/{moment(job['interval_end']):%Y%m%d%H%M}.csv")
        base = self.sluice.data_dir / "objects" / "disk"
        found = {str(file.relative_to(base)) for file in base.rglob("*") if file.is_file()}
        of_intervals = {name for name in found if name.split("/")[0] in (*EVERY_MINUTE, "after", "filled")}
        if of_intervals != expected:
            return f"files: {sorted(expected - of_intervals)[:3]} lack, {sorted(of_intervals - expected)[:3]} are too many"
        for pipe, files in (("quick", 2), ("slow", 1), ("retry", 1)):
            done = sum(job["status"] == "done" for job in jobs.values() if job["pipe_name"] == pipe)
            have = sum(name.startswith(pipe + "/") for name in found)
            if pipe != "quick" and have != done * files or pipe == "quick" and not done <= have <= done * files:
                return f"{pipe}: {have} files of {done} runs"
        for name in of_intervals:
            if (base / name).read_bytes() != b"t,n\nx,1\n":
                return f"{name} holds something else"
        left = [str(file) for folder in ("spool", "objects") for file in (self.sluice.data_dir / folder).rglob("*")
                if file.is_file() and (folder == "spool" or not file.is_relative_to(base))]
        return f"left behind: {left[:3]}" if left else ""

    def figures(self):
        row = self.sluice.state("SELECT count(*) AS jobs, sum(attempt > 1) AS again, sum(status = 'cancelled') AS cancelled "
                                "FROM jobs")[0]
        return json.dumps({"kills": self.kills, "actions": self.actions, **row, "messages": len(self.receiver.told)})

    def end(self):
        self.unlock()
        self.sluice.end()
        self.receiver.end()
