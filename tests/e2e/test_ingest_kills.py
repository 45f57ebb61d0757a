"""What scripts/torture --ingest does by the hundred, a few times. SLUICE_SEED repeats it."""
import os

from support.ingest import Ingest

KILLS = 10


def test_nothing_that_was_answered_is_lost(binary, tmp_path, record_property):
    ingest = Ingest(binary, tmp_path, int(os.environ["SLUICE_SEED"]))
    try:
        for _ in range(KILLS):
            problem = ingest.kill()
            assert not problem, f"after {ingest.kills} kills: {problem}"
        assert all(any(key[0].startswith(way) for key in ingest.promised) for way in ("durable", "quick", "file"))
        record_property("ingest", ingest.figures())
    finally:
        ingest.end()


def test_harm_is_found(binary, tmp_path):
    """A harness that finds nothing must be known to find something."""
    ingest = Ingest(binary, tmp_path, 1)
    try:
        assert not ingest.kill()
        ingest.promised["durable-9-9", 1] = 3, 0
        assert "are lost" in ingest.problem()
        del ingest.promised["durable-9-9", 1]
        assert not ingest.problem()
        key = next(key for key, (good, _) in ingest.promised.items() if good > 1)
        ingest.promised[key] = ingest.promised[key][0], 10_000
        assert "in the quarantine" in ingest.problem()
    finally:
        ingest.end()
