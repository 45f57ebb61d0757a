"""What scripts/torture runs; see its usage."""
import argparse
import contextlib
import os
import pathlib
import re
import secrets
import shutil
import sys
import tempfile
import time

arguments = argparse.ArgumentParser()
arguments.add_argument("root", type=pathlib.Path)
arguments.add_argument("s3_server", type=pathlib.Path)
arguments.add_argument("--kills", type=int)
arguments.add_argument("--seed", type=int)
arguments.add_argument("--resume", action="store_true")
arguments.add_argument("--clickhouse", type=pathlib.Path, help="binary of a ClickHouse server to export from")
arguments.add_argument("--mixed", type=int)
arguments.add_argument("--ingest", type=int)
arguments.add_argument("--stream", type=float, nargs="?", const=50)
arguments = arguments.parse_args()
sys.path.insert(0, str(arguments.root / "tests/e2e"))

from support.clickhouse import ClickHouseServer  # noqa: E402
from support.ingest import Ingest  # noqa: E402
from support.mixed import Mixed  # noqa: E402
from support.s3 import S3Server  # noqa: E402
from support.stream import stream  # noqa: E402
from support.torture import Torture  # noqa: E402

BINARY = arguments.root / "build/release/sluice"
FOLDER = arguments.root / "build/torture"
RESULT = FOLDER / "result.txt"


class Result:
    """The result file: the seed, then a line for each kill. With it a run that ended goes on."""

    def __init__(self, resume, seed):
        lines = RESULT.read_text().splitlines() if resume else []
        if resume:
            self.seed = int(re.fullmatch(r"seed (\d+)", lines[0])[1])
            if seed not in (None, self.seed):
                sys.exit(f"{RESULT} is of seed {self.seed}: leave --seed out, or leave --resume out.")
        else:
            self.seed = secrets.randbits(32) if seed is None else seed
        self.kills = len(lines[1:])
        self.violations = sum(not line.endswith(": right") for line in lines[1:])
        self._file = open(RESULT, "a" if resume else "w", buffering=1)
        if not resume:
            print(f"seed {self.seed}", file=self._file)

    def add(self, what, problem):
        self.kills += 1
        self.violations += bool(problem)
        line = f"{what}: {' '.join(problem.split()) or 'right'}"
        print(line, file=self._file)
        return line


def takes_servers(folder):
    """Whether the folder has room for data and takes the attributes in which the S3 server keeps metadata."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder) as probe:
            os.setxattr(probe.name, "user.probe", b"1")
        return shutil.disk_usage(folder).free > 2 * 2**30
    except OSError:
        return False


@contextlib.contextmanager
def work_folder():
    """Where servers and data live, made anew each time: in memory where that can be. A killed process
    loses nothing that it had written, so that a disk would make kills slower and prove no more."""
    base = next(folder for folder in ("/dev/shm", FOLDER) if folder == FOLDER or takes_servers(folder))
    with tempfile.TemporaryDirectory(prefix="sluice-torture-", dir=base) as folder:
        yield pathlib.Path(folder)


def go_on(result, count, folder):
    """Makes the kills that are left; returns how many hit which stage."""
    server = S3Server(arguments.s3_server, folder)
    cluster = torture = None
    try:
        if arguments.clickhouse:
            cluster = ClickHouseServer(arguments.clickhouse, folder / "clickhouse")
        torture = Torture(BINARY, server, folder, result.seed, cluster)
        begin, first = time.monotonic(), result.kills
        while result.kills < count:
            line = result.add(*torture.kill(result.kills + 1))
            if not line.endswith(": right"):
                evidence = FOLDER / f"evidence-{result.kills}"
                torture.keep_evidence(evidence, line)
                sys.exit(f"seed {result.seed}, kill {line}\nKept in {evidence}")
            if result.kills % 25 == 0:
                cycle = (time.monotonic() - begin) / (result.kills - first)
                print(f"{result.kills} of {count} right, {cycle:.2f} s each, by stage {torture.stages}", flush=True)
        return torture.stages
    finally:
        if torture:
            torture.end()
        if cluster:
            cluster.end()
        server.end()


def run_kills(count):
    """Ends the process with 1 where a kill did harm, now or in the run that is resumed."""
    if arguments.resume and not RESULT.exists():
        sys.exit(f"There is nothing to resume: {RESULT} is not there.")
    if not arguments.resume:
        shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    result = Result(arguments.resume, arguments.seed)
    print(f"seed {result.seed}, kills {result.kills + 1} to {count}", flush=True)
    with work_folder() as folder:
        stages = go_on(result, count, folder)
    if result.violations:
        sys.exit(f"seed {result.seed}: {result.violations} of {result.kills} kills went wrong, see {RESULT}")
    print(f"{result.kills} kills, seed {result.seed}: all right; by stage {stages}")


def run_stream(gigabytes):
    """Ends the process with 1 where the stream breaks a rule. The spool stands on a disk: that is
    where it is in earnest."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="stream-", dir=FOLDER) as folder:
        streamed = stream(BINARY, folder, int(gigabytes * 1e9))
    problem = streamed.problem()
    line = f"stream of {gigabytes:g} GB: {streamed}: {problem or 'right'}"
    (FOLDER / "stream.txt").write_text(line + "\n")
    print(line)
    if problem:
        sys.exit(1)


def run_mixed(count):
    """Ends the process with 1 where a promise was broken; the data folder is kept then."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    seed = secrets.randbits(32) if arguments.seed is None else arguments.seed
    print(f"seed {seed}, {count} kills under a mixed load", flush=True)
    with work_folder() as folder:
        mixed = Mixed(BINARY, folder, seed)
        try:
            problem = ""
            while mixed.kills < count and not problem:
                next_look = min(count, mixed.kills + 50)
                while mixed.kills < next_look:
                    mixed.kill()
                problem = mixed.settle() or mixed.problem()
                print(f"{mixed.figures()}: {problem or 'right'}", flush=True)
                mixed.go_on()
            line = f"seed {seed}: {mixed.figures()}: {problem or 'all right'}"
        finally:
            mixed.end()
        end_with(line, problem, "mixed", folder)


def run_ingest(count):
    """Ends the process with 1 where a promise was broken; the data folder is kept then."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    seed = secrets.randbits(32) if arguments.seed is None else arguments.seed
    print(f"seed {seed}, {count} kills while rows come in", flush=True)
    with work_folder() as folder:
        ingest = Ingest(BINARY, folder, seed)
        try:
            problem = ""
            while ingest.kills < count and not problem:
                problem = ingest.kill()
                if ingest.kills % 10 == 0:
                    print(f"{ingest.figures()}: {problem or 'right'}", flush=True)
            line = f"seed {seed}: {ingest.figures()}: {problem or 'all right'}"
        finally:
            ingest.end()
        end_with(line, problem, "ingest", folder)


def end_with(line, problem, name, folder):
    """Writes the result; where there is a problem, keeps the folder and ends the process with 1."""
    (FOLDER / f"{name}.txt").write_text(line + "\n")
    if problem:
        evidence = FOLDER / f"evidence-{name}"
        shutil.rmtree(evidence, ignore_errors=True)
        shutil.copytree(folder, evidence)
        sys.exit(f"{line}\nKept in {evidence}")
    print(line)


if arguments.mixed is not None:
    run_mixed(arguments.mixed)
if arguments.ingest is not None:
    run_ingest(arguments.ingest)
if arguments.stream is not None:
    run_stream(arguments.stream)
if arguments.kills or (arguments.stream is None and arguments.mixed is None and arguments.ingest is None):
    run_kills(arguments.kills or 500)
