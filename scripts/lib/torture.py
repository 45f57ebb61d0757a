"""What scripts/torture runs: an export that is killed at a random moment, again and again."""
import argparse
import pathlib
import random
import secrets
import shutil
import sqlite3
import sys
import time

arguments = argparse.ArgumentParser()
arguments.add_argument("root", type=pathlib.Path)
arguments.add_argument("s3_server", type=pathlib.Path)
arguments.add_argument("--kills", type=int, default=500)
arguments.add_argument("--seed", type=int, default=secrets.randbits(32))
arguments = arguments.parse_args()
sys.path.insert(0, str(arguments.root / "tests/e2e"))

from support.s3 import Bucket, S3Server  # noqa: E402
from support.sluice import Sluice  # noqa: E402

FILES, ROWS = 200, 120_000


def make_database(file):
    """199 small partitions and one of some 12 MB, more than one part of a multipart upload."""
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, part INTEGER, note TEXT)")
    database.executemany("INSERT INTO events VALUES (?, ?, ?)",
                         ((i, i // 2 % FILES if i % 2 else 0, f"note {i} " + "x" * 180) for i in range(ROWS)))
    database.commit()
    database.close()


def check(bucket, sluice, expected, job_id):
    """What is wrong after the job has ended; empty if nothing is."""
    objects = bucket.objects("out/")
    if objects.keys() != expected.keys():
        return f"names differ: {sorted(objects.keys() ^ expected.keys())[:5]}"
    wrong = [key for key in expected if objects[key] != expected[key]]
    if wrong:
        return f"content differs: {wrong[:5]}"
    if bucket.uploads():
        return f"uploads left open: {bucket.uploads()[:5]}"
    left = [str(file) for file in (sluice.data_dir / "spool").rglob("*") if file.is_file()]
    if left:
        return f"left in the spool: {left[:5]}"
    jobs = sluice.state("SELECT id FROM jobs WHERE id = ?", job_id)
    return "" if len(jobs) == 1 else f"the job stands {len(jobs)} times"


def partial(bucket, expected):
    """Right after a kill: what is visible must be whole."""
    return [key for key, body in bucket.objects("out/").items() if body != expected.get(key)]


def main():
    chance = random.Random(arguments.seed)
    folder = arguments.root / "build/torture"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    make_database(folder / "events.db")
    server = S3Server(arguments.s3_server, folder)
    sluice = Sluice(arguments.root / "build/release/sluice", folder / "sluice", attach={"e": folder / "events.db"},
                    args=["--log-level", "warn"])
    result = open(folder / "result.txt", "w", buffering=1)
    print(f"seed {arguments.seed}, {arguments.kills} kills", file=result)
    print(f"seed {arguments.seed}, {arguments.kills} kills")
    try:
        sluice.start()
        sluice.make_s3(server)
        reference = Bucket(server)
        sink = {"connection": "lake", "file_template": "part={part}/x", "write_strategy": "new"}
        sluice.make_pipe("events", "SELECT * FROM e.events")
        sluice.make_sink("events", path=reference.path("out"), **sink)
        begin = time.monotonic()
        sluice.wait(sluice.run("events"))
        whole = time.monotonic() - begin
        expected = reference.objects("out/")
        assert len(expected) == FILES and max(map(len, expected.values())) > 8 * 2**20
        stages = {}
        for number in range(1, arguments.kills + 1):
            bucket = Bucket(server)
            job_id = sluice.run("events", path=bucket.path("out"))
            moment = chance.uniform(0, whole * 1.1)
            time.sleep(moment)
            sluice.kill9()
            stage = sluice.state("SELECT stage FROM jobs WHERE id = ?", job_id)[0]["stage"]
            problem = ", ".join(partial(bucket, expected)) and f"half visible: {partial(bucket, expected)[:5]}"
            sluice.restart()
            sluice.wait(job_id)
            problem = problem or check(bucket, sluice, expected, job_id)
            stages[stage] = stages.get(stage, 0) + 1
            print(f"{number} after {moment:.3f} s in stage {stage}: {problem or 'right'}", file=result)
            if problem:
                sys.exit(f"kill {number}, seed {arguments.seed}: {problem}")
            for key in bucket.keys():
                bucket.client.delete_object(Bucket=bucket.name, Key=key)
            bucket.client.delete_bucket(Bucket=bucket.name)
            if number % 25 == 0:
                print(f"{number} of {arguments.kills} right, by stage {stages}", flush=True)
        print(f"{arguments.kills} kills, seed {arguments.seed}: all right; by stage {stages}")
        print(f"all right; by stage {stages}", file=result)
    finally:
        sluice.end()
        server.end()


main()
