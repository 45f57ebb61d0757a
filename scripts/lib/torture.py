"""What scripts/torture runs; see its usage."""
import argparse
import pathlib
import re
import secrets
import shutil
import sys
import time

arguments = argparse.ArgumentParser()
arguments.add_argument("root", type=pathlib.Path)
arguments.add_argument("s3_server", type=pathlib.Path)
arguments.add_argument("--kills", type=int)
arguments.add_argument("--seed", type=int)
arguments.add_argument("--resume", action="store_true")
arguments.add_argument("--stream", type=float, nargs="?", const=50)
arguments = arguments.parse_args()
sys.path.insert(0, str(arguments.root / "tests/e2e"))

from support.s3 import S3Server  # noqa: E402
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


def clear_folder(resume):
    """Servers and data are made anew each time; what says something of earlier kills stays."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.iterdir():
        if resume and (path == RESULT or path.name.startswith("evidence-")):
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def run_kills(count):
    if arguments.resume and not RESULT.exists():
        sys.exit(f"There is nothing to resume: {RESULT} is not there.")
    clear_folder(arguments.resume)
    result = Result(arguments.resume, arguments.seed)
    print(f"seed {result.seed}, kills {result.kills + 1} to {count}", flush=True)
    server = S3Server(arguments.s3_server, FOLDER)
    torture = None
    try:
        torture = Torture(BINARY, server, FOLDER, result.seed)
        begin, first = time.monotonic(), result.kills
        while result.kills < count:
            line = result.add(*torture.kill(result.kills + 1))
            if not line.endswith(": right"):
                evidence = torture.keep_evidence(result.kills, line)
                sys.exit(f"seed {result.seed}, kill {line}\nKept in {evidence}")
            if result.kills % 25 == 0:
                cycle = (time.monotonic() - begin) / (result.kills - first)
                print(f"{result.kills} of {count} right, {cycle:.2f} s each, by stage {torture.stages}", flush=True)
    finally:
        if torture:
            torture.end()
        server.end()
    if result.violations:
        sys.exit(f"seed {result.seed}: {result.violations} of {result.kills} kills went wrong, see {RESULT}")
    print(f"{result.kills} kills, seed {result.seed}: all right; by stage {torture.stages}")


if arguments.kills or arguments.stream is None:
    run_kills(arguments.kills or 500)
