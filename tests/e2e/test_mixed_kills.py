"""What scripts/torture --mixed does by the hundred, a few times; and that its checks find harm."""
import os
import secrets

import pytest

from support.mixed import Mixed

KILLS = 15


@pytest.fixture
def mixed(binary, tmp_path):
    seed = int(os.environ.get("SLUICE_E2E_SEED") or secrets.randbits(32))
    print(f"seed {seed}")
    one = Mixed(binary, tmp_path, seed)
    yield one
    one.end()


def test_kills_under_a_mixed_load(mixed, record_property):
    while mixed.kills < KILLS:
        mixed.kill()
    assert mixed.settle() == ""
    assert mixed.problem() == ""
    record_property("kills under a mixed load", mixed.figures())


def harm(mixed, statement):
    """Something that must not be, done to the state behind the process's back."""
    import sqlite3
    mixed.sluice.stop()
    with sqlite3.connect(mixed.sluice.data_dir / "state.db") as database:
        assert database.execute(statement).rowcount > 0
    database.close()


HARM = {
    "a lost job": ("DELETE FROM jobs WHERE pipe_name = 'quick'", "lost"),
    "a tick twice": ("INSERT INTO missed_runs (pipe_id, pipe_name, first_at, last_at, runs, reason, noted_at) SELECT pipe_id, "
                     "pipe_name, scheduled_at, scheduled_at, 1, 'overlap', created_at FROM jobs WHERE pipe_name = 'none' AND "
                     "scheduled_at NOT NULL LIMIT 1", "should come"),
    "a tick in silence": ("DELETE FROM jobs WHERE id = (SELECT id FROM jobs WHERE pipe_name = 'all' ORDER BY scheduled_at "
                          "LIMIT 1 OFFSET 1)", "should come"),
    "a follower too few": ("DELETE FROM jobs WHERE id = (SELECT id FROM jobs WHERE pipe_name = 'after' LIMIT 1)", "followed"),
    "a message too few": ("DELETE FROM webhook_deliveries WHERE rowid = (SELECT min(rowid) FROM webhook_deliveries)",
                          "messages"),
}


@pytest.mark.parametrize("statement, mention", HARM.values(), ids=HARM)
def test_harm_is_found(mixed, statement, mention):
    for _ in range(2):
        mixed.kill()
    mixed.accepted[mixed._run("quick")] = {"done"}
    from support.process import until
    until(lambda: len(mixed.sluice.state("SELECT 1 FROM jobs WHERE pipe_name = 'all'")) > 3, 60, "some minutes have passed")
    assert mixed.settle() == "" and mixed.problem() == ""
    harm(mixed, statement)
    assert mention in mixed.problem()
