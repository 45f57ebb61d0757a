"""Sinks that run after one another."""
import pytest

from support.process import until


def make(sluice, name, **more):
    sluice.make_pipe(name, f"SELECT '{name}' AS who")
    return sluice.make_sink(name, connection="disk", path=f"local://{name}", file_template="f", **more)


def jobs_of(sluice, pipe):
    return sluice.api("GET", f"/v0/jobs?kind=sink&pipe_name={pipe}")["jobs"]


@pytest.fixture
def chain(sluice):
    """c after b after a."""
    sluice.make_local()
    make(sluice, "a")
    assert make(sluice, "b", run_after="a")["run_after"] == "a"
    make(sluice, "c", run_after="b")
    return sluice


def test_each_runs_after_the_one_before(chain):
    first = chain.wait(chain.run("a"))
    until(lambda: [job["status"] for job in jobs_of(chain, "c")] == ["done"], 30, "the last one is done")
    (second,), (third,) = jobs_of(chain, "b"), jobs_of(chain, "c")
    assert (second["triggered_by"], second["after_job"]) == ("chained", first["id"])
    assert third["after_job"] == second["id"]
    assert second["started_at"] >= first["updated_at"] and third["started_at"] >= second["updated_at"]
    assert set(chain.local_files()) == {"a/f.csv", "b/f.csv", "c/f.csv"}
    # Also one that is run in the middle.
    chain.wait(chain.run("b"))
    until(lambda: len([job for job in jobs_of(chain, "c") if job["status"] == "done"]) == 2, 30, "c has followed")
    assert len(jobs_of(chain, "a")) == 1


def test_nothing_follows_a_failure(chain):
    chain.api("PUT", "/v0/pipes/a/nodes/a_0", data="SELECT json('x') AS who", headers={"Content-Type": "text/plain"})
    chain.wait(chain.run("a"), "error")
    chain.wait(chain.run("c"))
    assert jobs_of(chain, "b") == []


def test_a_follower_that_can_not_run_says_so(chain):
    chain.api("PUT", "/v0/pipes/b/nodes/b_0/sink", data={"file_template": "{interval_start, '%Y'}"})
    chain.wait(chain.run("a"))
    (failed,) = until(lambda: jobs_of(chain, "b"), 30, "b was tried")
    assert failed["status"] == "error" and "interval_start" in failed["error"]


def test_set_changed_and_undone(chain):
    assert chain.api("GET", "/v0/pipes/b/sink/schedule")["run_after"] == "a"
    chain.refusal("PUT", "/v0/pipes/a/nodes/a_0/sink", 400, "for ever", data={"run_after": "c"})
    chain.refusal("PUT", "/v0/pipes/a/nodes/a_0/sink", 400, "for ever", data={"run_after": "a"})
    chain.refusal("PUT", "/v0/pipes/a/nodes/a_0/sink", 404, "nobody", data={"run_after": "nobody"})
    chain.refusal("PATCH", "/v0/pipes/b/sink/schedule", 400, "run_after=none", data={"schedule_cron": "@daily"})
    chain.refusal("DELETE", "/v0/pipes/a", 403, "b")
    chain.refusal("DELETE", "/v0/pipes/a/nodes/a_0/sink", 403, "run_after=none")
    both = chain.api("PATCH", "/v0/pipes/b/sink/schedule", data={"schedule_cron": "@daily", "run_after": "none"})
    assert both["run_after"] is None and both["cron"] == "@daily" or both["cron"] == "0 0 * * *"
    chain.api("DELETE", "/v0/pipes/a/nodes/a_0/sink")
    chain.make_pipe("plain", "SELECT 1 AS one")
    chain.refusal("PUT", "/v0/pipes/c/nodes/c_0/sink", 400, "plain", data={"run_after": "plain"})


def test_killed_at_any_time_each_run_is_followed_once(chain):
    for _ in range(5):
        chain.run("a")
        chain.kill9()
        chain.start()
    until(lambda: all(job["status"] == "done" for pipe in "abc" for job in jobs_of(chain, pipe)) and
          len(jobs_of(chain, "c")) == 5, 60, "all have run")
    for pipe, before in (("b", "a"), ("c", "b")):
        followed = [job["after_job"] for job in jobs_of(chain, pipe)]
        assert sorted(followed) == sorted(job["id"] for job in jobs_of(chain, before))
