"""Exports that are killed at random moments, and what must hold at each moment after.

Everything a kill does is chosen from the seed and its number, so that kill 317 of a seed is the same
whether or not kills 1 to 316 were made in this process.
"""
import base64
import contextlib
import dataclasses
import itertools
import json
import os
import pathlib
import random
import shutil
import sqlite3
import time

from support.cluster import cluster_url, make_cluster_pipe
from support.process import until
from support.s3 import Bucket
from support.sluice import Sluice

FILES = 200
BIG_ROWS, BIG_TEXT = 1_000, 12_400
SMALL_ROWS, SMALL_TEXT = 6, 60
ROWS = BIG_ROWS + (FILES - 1) * SMALL_ROWS
PART_BYTES = 8 * 2**20  # Sluice's first part: what is larger is a multipart upload.
MANIFEST, SUCCESS = "_manifest.json", "_SUCCESS"
MARKERS = (MANIFEST, SUCCESS)
FORMATS = {"csv": {"format": "csv", "compression": "none"},
           "csv.gz": {"format": "csv", "compression": "gz"},
           "ndjson.zst": {"format": "ndjson", "compression": "zst"},
           "parquet": {"format": "parquet", "compression": "zst"}}


@dataclasses.dataclass(frozen=True)
class Plan:
    """What one kill does. `moments` are shares of the time an undisturbed export takes: the first
    counts from the run call, a second one from the restart."""
    number: int
    strategy: str
    form: str
    manifest: bool
    success: bool
    moments: tuple

    @classmethod
    def chosen(cls, seed, number):
        chance = random.Random(f"{seed}/{number}")
        return cls(number, chance.choice(["new", "truncate"]), chance.choice(list(FORMATS)),
                   chance.random() < 0.5, chance.random() < 0.5,
                   tuple(chance.uniform(0, 1) for _ in range(chance.choice([1, 1, 1, 2]))))

    def __str__(self):
        markers = "".join(f" {name}" for name, on in zip(MARKERS, (self.manifest, self.success)) if on)
        return f"{self.number} {self.strategy} {self.form}{markers}"


@dataclasses.dataclass
class Version:
    """One version of the data as a run exports it: {name: bytes}, and what the manifest means."""
    job_id: str
    data: dict
    manifest: dict

    def by(self, job_id):
        """The same, exported by another job: a Parquet footer names the job."""
        data, checksums = {}, {}
        for name, body in self.data.items():
            data[name] = body.replace(self.job_id.encode(), job_id.encode())
            if data[name] != body:
                checksums[name] = crc32c_change(body, data[name])
        files = [{**file, "crc32c": file["crc32c"] ^ checksums.get(file["key"], 0)} for file in self.manifest["files"]]
        return Version(job_id, data, {**self.manifest, "files": files})


@dataclasses.dataclass
class Target:
    """One export: where it goes, what stood there before, and what must stand there after it."""
    plan: Plan
    job_id: str
    prefix: str
    before: dict
    after: Version


def make_database(file):
    """Tables v0 and v1: the same 200 partitions with other text in every row. One partition holds
    12 MB that stay larger than a part of a multipart upload when they are compressed."""
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        for version in (0, 1):
            database.execute(f"CREATE TABLE v{version} (id INTEGER PRIMARY KEY, part INTEGER, note TEXT)")
            database.executemany(f"INSERT INTO v{version} (part, note) VALUES (?, ?)", _rows(version))


def fill_cluster(server):
    """The same tables on a ClickHouse server. They are read in the order of their key, in one stream."""
    for version in (0, 1):
        server.query(f"DROP TABLE IF EXISTS v{version}")
        server.query(f"CREATE TABLE v{version} (id Int64, part Int64, note String) ENGINE = MergeTree PARTITION BY tuple() "
                     "ORDER BY id")
        server.insert(f"v{version}", [{"id": number, "part": part, "note": note}
                                      for number, (part, note) in enumerate(_rows(version), 1)])


def _rows(version):
    chance = random.Random(version)
    rows = [(0, BIG_TEXT)] * BIG_ROWS + [(part, SMALL_TEXT) for part in range(1, FILES)] * SMALL_ROWS
    chance.shuffle(rows)
    for part, length in rows:
        yield part, base64.b64encode(chance.randbytes(length * 3 // 4)).decode()


def crc32c_change(old, new):
    """By what the CRC-32C of two texts of one length differs. A CRC is linear, so that only what
    comes after the first difference counts; Python would need a second for all of a large file."""
    tail = next(length for length in itertools.count(512, 512) if old[:-length] == new[:-length])
    register = 0
    for left, right in zip(old[-tail:], new[-tail:], strict=True):
        register ^= left ^ right
        for _ in range(8):
            register = register >> 1 ^ (0x82F63B78 if register & 1 else 0)
    return register


def manifest_meaning(text, prefix):
    """A manifest without what differs from run to run: the job, its times, where it wrote."""
    meaning = json.loads(text)
    for name in ("job_id", "created_at", "job_timestamp", "write_strategy"):
        assert meaning.pop(name), name
    for file in meaning["files"]:
        assert file["key"].startswith(prefix), file
        file["key"] = file["key"].removeprefix(prefix)
        file["crc32c"] = int(file["crc32c"], 16)
    meaning["files"].sort(key=lambda file: file["key"])
    return meaning


class Lake:
    """The bucket. Contents are read from the folder in which the S3 server keeps its objects, a
    hundred times as fast as by GET; what only the protocol shows is asked by it."""

    def __init__(self, server):
        self.bucket = Bucket(server)
        self.folder = server.objects / self.bucket.name

    def read(self, prefix):
        """{name: bytes}. An object that is replaced in this very moment may be missing."""
        found = {}
        for folder, _, names in os.walk(self.folder / prefix):
            for name in names:
                path = pathlib.Path(folder, name)
                with contextlib.suppress(FileNotFoundError):
                    found[str(path.relative_to(self.folder / prefix))] = path.read_bytes()
        return found

    def written_by(self, key):
        """The job that wrote the object, as its metadata says; None where there is no object."""
        if not (self.folder / key).exists():
            return None
        return self.bucket.head(key)["Metadata"].get("sluice-job")

    def remove(self, prefix):
        shutil.rmtree(self.folder / prefix)


def announcements(target, lake):
    """The marker files by which the job says that it is complete."""
    return [name for name in MARKERS if lake.written_by(target.prefix + name) == target.job_id]


def wrong_manifest(target, body):
    """What is wrong with a manifest that the job wrote; empty if nothing is."""
    manifest = json.loads(body)
    if (manifest["job_id"], manifest["write_strategy"]) != (target.job_id, target.plan.strategy):
        return f"the manifest is that of job {manifest['job_id']}, {manifest['write_strategy']}"
    return "" if manifest_meaning(body, target.prefix) == target.after.manifest else "the manifest says something else"


def wrong_announcement(target, announced, found):
    """A marker stands for everything that is written before it."""
    late = [name for name, body in target.after.data.items() if found.get(name) != body]
    if announced and late:
        return f"{announced} visible before {late[:5]}"
    if SUCCESS in announced and target.plan.manifest and MANIFEST not in announced:
        return f"{SUCCESS} visible before {MANIFEST}"
    return wrong_manifest(target, found[MANIFEST]) if MANIFEST in announced else ""


def problem_after_kill(target, lake):
    """What is wrong while the job is not complete: every object is the whole old or the whole new one."""
    announced = announcements(target, lake)  # First: what it stands for must be there by then.
    found = lake.read(target.prefix)
    half = [name for name, body in found.items() if body != target.before.get(name)
            and body != target.after.data.get(name) and name not in announced]
    if half:
        return f"half visible: {half[:5]}"
    lost = target.before.keys() - found.keys()
    with contextlib.suppress(AssertionError):
        # The store may still replace one, on the last request of the process that was killed.
        until(lambda: not lost or lost <= lake.read(target.prefix).keys(), 5, "every old object is there")
        return wrong_announcement(target, announced, found)
    return f"lost: {sorted(lost)[:5]}"


def problem_at_end(target, lake):
    """What is wrong in the bucket when the job is done."""
    expected = {**target.before, **target.after.data}
    markers = [name for name, on in zip(MARKERS, (target.plan.manifest, target.plan.success)) if on]
    found = lake.read(target.prefix)
    names = expected.keys() | set(markers)
    listed = [key.removeprefix(target.prefix) for key in lake.bucket.keys(target.prefix)]
    if found.keys() != names or sorted(listed) != sorted(names):
        return f"names differ: {sorted((found.keys() ^ names) | (set(listed) ^ names))[:5]}"
    wrong = [name for name, body in found.items() if name not in markers and body != expected[name]]
    if wrong:
        return f"content differs: {wrong[:5]}"
    announced = announcements(target, lake)
    if announced != markers:
        return f"of the job's markers {markers} only {announced} are there"
    if target.plan.success and found[SUCCESS]:
        return f"{SUCCESS} is not empty"
    if lake.bucket.uploads():
        return f"uploads left open: {lake.bucket.uploads()[:5]}"
    return wrong_announcement(target, announced, found)


class Torture:
    """A Sluice that exports to a bucket of the S3 server and is killed; from SQLite or, where there is a `cluster`, from
    that ClickHouse server."""

    def __init__(self, binary, server, folder, seed, cluster=None):
        self.seed = seed
        self.folder = pathlib.Path(folder)
        self.lake = Lake(server)
        args, attach = ["--log-level", "warn"], {}
        if cluster is None:
            make_database(self.folder / "events.db")
            attach["e"] = self.folder / "events.db"
        else:
            fill_cluster(cluster)
            args += ["--clickhouse", cluster_url(cluster)]
        self.sluice = Sluice(binary, self.folder / "sluice", attach=attach, args=args)
        self.jobs = 0
        self.versions = {}  # (form, version): what an undisturbed run exports.
        self.seconds = {}   # form: how long that takes.
        self.standing = {}  # form: the version that stands where exports with `truncate` go.
        self.stages = {}    # How many kills hit which stage.
        self.sluice.start()
        self.sluice.make_s3(server)
        for version in (0, 1):
            if cluster is None:
                self.sluice.make_pipe(f"v{version}", f"SELECT * FROM e.v{version}")
            else:
                # The table and the pipe have one name; in the pipe itself it is the table.
                make_cluster_pipe(self.sluice, f"v{version}", f"SELECT * FROM v{version} ORDER BY id")
            self.sluice.make_sink(f"v{version}", connection="lake", path=self.lake.bucket.path(),
                                  file_template="part={part}/x")

    def end(self):
        self.sluice.end()

    def kill(self, number):
        """One export, killed once or twice; returns (what was done, what is wrong)."""
        plan = Plan.chosen(self.seed, number)
        story = []
        try:
            problem = self._carry_out(plan, story)
        except Exception as failed:
            # A Sluice that crashed, refused or never ended shows as whatever its caller met.
            problem = f"{type(failed).__name__}: {failed}"
        return f"{plan} killed {', again '.join(story)}", problem

    def keep_evidence(self, folder, what):
        """Sets aside all that a violation can be found out from."""
        self.sluice.kill9()
        shutil.copytree(self.sluice.folder, folder / "sluice")
        shutil.copytree(self.lake.folder, folder / "bucket")
        (folder / "what.txt").write_text(what + "\n")

    def _carry_out(self, plan, story):
        """What is wrong; empty if nothing is."""
        target = self._begin(plan)
        problem = ""
        for moment in plan.moments:
            problem = problem or self._kill_at(moment * self.seconds[plan.form], target, story)
            self.sluice.launch()
        problem = problem or self._finish(target)
        if not problem:
            self._tidy(target)
        return problem

    def _begin(self, plan):
        if plan.form not in self.standing:
            self._export_undisturbed(plan.form)
        if plan.strategy == "truncate":
            prefix, version = f"truncate/{plan.form}/", 1 - self.standing[plan.form]
        else:
            prefix, version = f"new/{plan.number}/", plan.number % 2
        before = self.lake.read(prefix)
        job_id = self._run(plan.form, version, prefix, plan.strategy, plan.manifest, plan.success)
        return Target(plan, job_id, prefix, before, self.versions[plan.form, version].by(job_id))

    def _run(self, form, version, prefix, strategy, manifest, success):
        self.jobs += 1
        return self.sluice.run(
            f"v{version}", path=self.lake.bucket.path(prefix), write_strategy=strategy, **FORMATS[form],
            manifest=str(manifest).lower(), success_file=str(success).lower())

    def _export_undisturbed(self, form):
        """Both versions, the second in place of the first."""
        prefix = f"truncate/{form}/"
        for version in (0, 1):
            begin = time.monotonic()
            job_id = self._run(form, version, prefix, "truncate", True, True)
            self.sluice.wait(job_id)
            self.seconds[form] = time.monotonic() - begin
            found = self.lake.read(prefix)
            data = {name: body for name, body in found.items() if name not in MARKERS}
            assert len(data) == FILES and len(found) == FILES + len(MARKERS), sorted(found)
            assert max(map(len, data.values())) > PART_BYTES, "no file is a multipart upload"
            manifest = manifest_meaning(found[MANIFEST], prefix)
            assert {file["key"]: file["bytes"] for file in manifest["files"]} == \
                {name: len(body) for name, body in data.items()}
            assert manifest["rows"] == ROWS
            self.versions[form, version] = Version(job_id, data, manifest)
            self.standing[form] = version
        old, new = self.versions[form, 0].data, self.versions[form, 1].data
        assert all(old[name] != new[name] for name in old), "the versions can't be told apart"

    def _kill_at(self, seconds, target, story):
        time.sleep(seconds)  # Chance is the point: any moment will do.
        self.sluice.kill9()
        stage = self.sluice.state("SELECT stage FROM jobs WHERE id = ?", target.job_id)[0]["stage"]
        self.stages[stage] = self.stages.get(stage, 0) + 1
        story.append(f"after {seconds:.3f} s in stage {stage}")
        return problem_after_kill(target, self.lake)

    def _finish(self, target):
        """Waits for the job, which the last restart goes on with, and checks all of its traces."""
        self.sluice.await_start()
        job = self.sluice.wait(target.job_id)
        if job["statistics"]["row_count"] != ROWS:
            return f"the job says {job['statistics']['row_count']} rows, not {ROWS}"
        left = [str(file) for file in (self.sluice.data_dir / "spool").rglob("*") if file.is_file()]
        if left:
            return f"left in the spool: {left[:5]}"
        jobs = self.sluice.state("SELECT count(*) AS n FROM jobs")[0]["n"]
        if jobs != self.jobs:
            return f"{self.jobs} jobs were accepted, {jobs} are known"
        return problem_at_end(target, self.lake)

    def _tidy(self, target):
        if target.plan.strategy == "truncate":
            self.standing[target.plan.form] = 1 - self.standing[target.plan.form]
        else:
            self.lake.remove(target.prefix)
