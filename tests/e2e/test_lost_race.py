"""`new` never overwrites: a name that somebody takes while the job runs is theirs, the file gets the next one."""
import gzip
import json
import time

import pytest

SQL = "SELECT f.*, n.column1 AS copy FROM (VALUES (1), (2)) n, nyc.flights f"
THEIRS = b"theirs\n"


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.005)


@pytest.mark.parametrize("compression", ["none", "gz"])
def test_an_upload_that_lost_its_name_is_written_again(sluice, s3, bucket, compression):
    extension = ".csv.gz" if compression == "gz" else ".csv"
    sluice.make_s3(s3)
    sluice.make_pipe("flights", SQL)
    sluice.make_sink("flights", connection="lake", path=bucket.path("out"), file_template="all", format="csv",
                     compression=compression, manifest="true")
    job = sluice.run("flights")
    wait_for(bucket.uploads)
    bucket.put("out/all" + extension, THEIRS)
    done = sluice.wait(job)
    assert bucket.keys() == sorted(["out/_manifest.json", "out/all.1" + extension, "out/all" + extension])
    assert bucket.read("out/all" + extension) == THEIRS
    body = bucket.read("out/all.1" + extension)
    text = gzip.decompress(body) if compression == "gz" else body
    assert text.count(b"\n") == done["statistics"]["row_count"] + 1
    manifest = json.loads(bucket.read("out/_manifest.json"))
    assert [file["key"] for file in manifest["files"]] == ["out/all.1" + extension]
    assert manifest["files"][0]["bytes"] == len(body)
    assert bucket.uploads() == []
    assert sluice.api("POST", f"/v0/jobs/{job}/verify")["verified"] is True


def test_a_local_file_that_lost_its_name_gets_the_next(sluice):
    sluice.make_local()
    sluice.make_pipe("flights", SQL)
    sluice.make_sink("flights", connection="disk", path="local://out", file_template="all", format="csv",
                     manifest="true")
    job = sluice.run("flights")
    objects = sluice.data_dir / "objects"
    wait_for(lambda: any((objects / ".sluice").glob("*/*")))
    name = objects / "disk/out/all.csv"
    name.parent.mkdir(parents=True)
    name.write_bytes(THEIRS)
    done = sluice.wait(job)
    files = sluice.local_files()
    assert sorted(files) == ["out/_manifest.json", "out/all.1.csv", "out/all.csv"]
    assert files["out/all.csv"] == THEIRS
    assert files["out/all.1.csv"].count(b"\n") == done["statistics"]["row_count"] + 1
    assert [file["key"] for file in json.loads(files["out/_manifest.json"])["files"]] == ["out/all.1.csv"]
