"""What scripts/torture does by the hundred, a few times: kills at random moments, and a stream that is
larger than the memory allowed. The seed is printed where a test fails; SLUICE_E2E_SEED repeats it."""
import os
import random
import secrets

import pytest

from support.stream import stream
from support.torture import (MANIFEST, SUCCESS, Lake, Plan, Target, Torture, Version, manifest_meaning,
                             problem_after_kill, problem_at_end)

KILLS = 6
STREAM_BYTES = 10**9


def test_kills(binary, s3, tmp_path):
    seed = int(os.environ.get("SLUICE_E2E_SEED") or secrets.randbits(32))
    print(f"seed {seed}")
    torture = Torture(binary, s3, tmp_path, seed)
    try:
        for number in range(1, KILLS + 1):
            what, problem = torture.kill(number)
            assert not problem, f"seed {seed}, kill {what}: {problem}"
    finally:
        torture.end()


def test_stream(binary, tmp_path):
    streamed = stream(binary, tmp_path, STREAM_BYTES)
    print(streamed)
    assert not streamed.problem()


# The checks themselves: a harness that finds nothing must be known to find something.

PREFIX = "out/"
OLD = {"a.csv": b"old a", "b.csv": b"old b"}
NEW = {"a.csv": b"new a", "b.csv": b"new b"}


def manifest_of(job_id):
    return (f'{{"job_id": "{job_id}", "created_at": "now", "job_timestamp": "now", "write_strategy": "truncate", '
            f'"files": [{{"key": "{PREFIX}a.csv", "crc32c": "0a"}}]}}').encode()


@pytest.fixture
def lake(s3):
    return Lake(s3)


@pytest.fixture
def target():
    plan = Plan(1, "truncate", "csv", True, True, (0.5,))
    return Target(plan, "j1", PREFIX, OLD, Version("j1", NEW, manifest_meaning(manifest_of("j1"), PREFIX)))


def fill(lake, objects, job_id="j1"):
    for name, body in objects.items():
        lake.bucket.client.put_object(Bucket=lake.bucket.name, Key=PREFIX + name, Body=body,
                                      Metadata={"sluice-job": job_id})


COMPLETE = {**NEW, MANIFEST: manifest_of("j1"), SUCCESS: b""}


@pytest.mark.parametrize("objects", [OLD, {**OLD, "a.csv": b"new a"}, NEW, COMPLETE],
                         ids=["old", "mixed", "new", "complete"])
def test_whole_objects_are_right_after_a_kill(lake, target, objects):
    fill(lake, objects)
    assert problem_after_kill(target, lake) == ""


@pytest.mark.parametrize("objects, problem", [
    ({**OLD, "a.csv": b"new"}, "half visible"),
    ({**OLD, "a.1.csv": b"new a"}, "half visible"),
    ({"a.csv": b"new a"}, "lost"),
    ({**COMPLETE, "b.csv": b"old b"}, "visible before"),
    ({**NEW, SUCCESS: b""}, "visible before"),
    ({**COMPLETE, MANIFEST: manifest_of("j2")}, "the manifest is that of job j2"),
    ({**COMPLETE, MANIFEST: manifest_of("j1").replace(b"0a", b"0b")}, "the manifest says something else"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_harm_after_a_kill_is_found(lake, target, objects, problem):
    fill(lake, objects)
    assert problem in problem_after_kill(target, lake)


def test_a_complete_export_is_right_at_the_end(lake, target):
    fill(lake, COMPLETE)
    assert problem_at_end(target, lake) == ""


@pytest.mark.parametrize("objects, problem", [
    ({**COMPLETE, "a.1.csv": b"new a"}, "names differ"),
    (NEW, "names differ"),
    ({**COMPLETE, "b.csv": b"old b"}, "content differs"),
    ({**COMPLETE, SUCCESS: b"x"}, "not empty"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_harm_at_the_end_is_found(lake, target, objects, problem):
    fill(lake, objects)
    assert problem in problem_at_end(target, lake)


def test_an_open_upload_is_found(lake, target):
    fill(lake, COMPLETE)
    lake.bucket.client.create_multipart_upload(Bucket=lake.bucket.name, Key=PREFIX + "a.csv")
    assert "uploads left open" in problem_at_end(target, lake)


def test_a_kill_is_the_same_in_every_run():
    """What --resume relies on."""
    seed = random.getrandbits(32)
    assert [Plan.chosen(seed, n) for n in range(50)] == [Plan.chosen(seed, n) for n in range(50)]
    assert len({str(Plan.chosen(seed, n)).partition(" ")[2] for n in range(500)}) == 32, "some combination never comes"
