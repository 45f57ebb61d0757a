"""Exports that can't be, and stores that lose or change what they were given: each job ends with a
sentence that says what, where and what to do, and leaves everything as it was.

Objects with the names that the job would write exist before it, and it may replace them
(write_strategy=truncate): that they are unchanged afterwards proves that nothing was published.
"""
import re

import pytest

from support.proxy import answer, change_answer, for_seconds, reset, swallow

# 24 MB: three parts of a multipart upload.
LARGE = ("WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 120000) "
         "SELECT n, n % 7 AS k, printf('%0190d', n) AS pad FROM r")
LARGE_ROWS = 120000
BEFORE = b"what stood here before"
ADVICE = re.compile(r"\b(again|check|use|shorten|correct|partition|free|give|convert)\b", re.IGNORECASE)


def spooled(sluice):
    return [str(file) for file in (sluice.data_dir / "spool").rglob("*") if file.is_file()]


def check_sentence(job, *mentions):
    sentence = job["error"]
    assert job["errors"] == [sentence]
    assert 20 < len(sentence) < 800 and sentence[-1] in ".!?", sentence
    assert ADVICE.search(sentence), f"{sentence!r} does not say what to do"
    for text in mentions:
        assert text.lower() in sentence.lower(), f"{sentence!r} does not mention {text!r}"


def fails(sluice, pipe, *mentions, seconds=120, **overrides):
    job = sluice.wait(sluice.run(pipe, **overrides), status="error", seconds=seconds)
    check_sentence(job, *mentions)
    assert spooled(sluice) == [], "the failed job left files in the spool"
    return job


@pytest.fixture
def server(make_sluice):
    return make_sluice().start()


@pytest.fixture
def shop(server, s3, bucket):
    """A server with the connections `lake` (the bucket) and `disk`."""
    server.make_s3(s3)
    server.make_local()
    return server


def set_sink(sluice, bucket, pipe, sql, template, *names, **more):
    """A pipe into the bucket, in which objects of these names exist. Returns all that is in it."""
    sluice.make_pipe(pipe, sql)
    sluice.make_sink(pipe, connection="lake", path=bucket.path("out"), file_template=template,
                     write_strategy="truncate", **more)
    for name in names:
        bucket.put(f"out/{name}", BEFORE)
    return bucket.objects()


def check_untouched(bucket, before):
    assert before, "there is nothing that could have been replaced"
    assert bucket.objects() == before, "objects changed, though the job failed"
    assert bucket.uploads() == [], "an upload was left behind"


# What the call itself refuses: no job, nothing written.

CODECS = [("csv", "snappy", ["none", "gz", "zst", "br", "xz", "bz2", "lz4"]),
          ("ndjson", "snappy", ["none", "gz", "zst", "br", "xz", "bz2", "lz4"]),
          ("parquet", "xz", ["none", "snappy", "gz", "zst", "br", "lz4"]),
          ("parquet", "bz2", ["none", "snappy", "gz", "zst", "br", "lz4"])]


@pytest.mark.parametrize("file_format, codec, possible", CODECS)
def test_a_codec_the_format_does_not_have(shop, bucket, file_format, codec, possible):
    """Both when the sink is set and when a run overrides it; the answer lists what can be."""
    before = set_sink(shop, bucket, "p", "SELECT 1 AS a", "f", "f.csv")
    wrong = {"format": file_format, "compression": codec}
    shop.make_pipe("q", "SELECT 1 AS a")
    sink = {"connection": "lake", "path": bucket.path("out"), "file_template": "f"}
    for path, parameters in (("/v0/pipes/q/nodes/q_0/sink", {**sink, **wrong}), ("/v0/pipes/p/sink", wrong)):
        sentence = shop.refusal("POST", path, 400, codec, file_format, data=parameters)
        listed = re.findall(r"\w+", sentence.lower())
        assert set(possible) <= set(listed), f"{sentence!r} does not list {set(possible) - set(listed)}"
    assert shop.api("GET", "/v0/jobs")["jobs"] == [] and shop.api("GET", "/v0/pipes/q")["type"] == "default"
    check_untouched(bucket, before)


def test_a_template_with_an_unknown_column(shop, bucket):
    """It may be a variable, so that only a run without it is refused, with the columns there are."""
    before = set_sink(shop, bucket, "p", "SELECT 1 AS id, 'x' AS town", "{city}", "x.csv", "oslo.csv")
    shop.refusal("POST", "/v0/pipes/p/sink", 400, "{city}", "id, town", "parameter")
    assert shop.api("GET", "/v0/jobs")["jobs"] == []
    check_untouched(bucket, before)
    shop.wait(shop.run("p", city="oslo"))
    assert bucket.read("out/oslo.csv") == b"id,town\n1,x\n"


def test_a_variable_with_the_name_of_a_parameter(shop, bucket):
    """`region` is a parameter of the call itself. Whoever gives it must not be told to give it."""
    shop.make_pipe("p", "SELECT 1 AS id")
    sink = {"connection": "lake", "path": bucket.path("out"), "file_template": "{region}"}
    reply = shop.raw("POST", "/v0/pipes/p/nodes/p_0/sink", data=sink)
    if reply.ok:
        reply = shop.raw("POST", "/v0/pipes/p/sink", data={"region": "eu"})
    assert reply.ok or "give it as a parameter" not in reply.json()["error"], reply.text


def test_a_template_with_an_unknown_column_can_not_be_scheduled(shop, bucket):
    """No scheduled run could ever give the variable."""
    shop.make_pipe("p", "SELECT 1 AS id")
    shop.refusal("POST", "/v0/pipes/p/nodes/p_0/sink", 400, "city", data={
        "connection": "lake", "path": bucket.path("out"), "file_template": "{city}", "schedule_cron": "@daily"})
    assert shop.api("GET", "/v0/pipes/p")["type"] == "default"


# What is found out from the rows.

def late(value):
    """SQL whose column `v` is 2026-01-01 but for one row far behind, after files were begun."""
    return ("WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 50000) "
            f"SELECT n, CASE WHEN n = 40000 THEN {value} ELSE '2026-01-01' END AS v FROM r")


@pytest.mark.parametrize("value, shown", [
    ("'yesterday'", "yesterday"), ("'2026-02-30'", "2026-02-30"), ("'2026-01-01T25:00:00'", "25:00:00"), ("''", "''"),
    ("12.5", "12.5"), ("x'00'", "BLOB"), ("9223372036854775807 * -1.0", "e+18"), ("'01/02/2026'", "'01/02/2026'"),
    ("'2026-01-01' || char(10)", "2026-01-01")])
def test_a_timestamp_that_is_none(shop, bucket, value, shown):
    before = set_sink(shop, bucket, "p", late(value), "dt={v, '%Y-%m-%d'}", "dt=2026-01-01.csv")
    fails(shop, "p", "{v}", shown, "2026-11-23")
    check_untouched(bucket, before)


@pytest.mark.parametrize("file_format", ["csv", "ndjson", "parquet"])
@pytest.mark.parametrize("template", ["all", "{v}", "{8}"])
def test_text_that_is_not_utf8(shop, bucket, file_format, template):
    """In the rows and in a name. The message says which column."""
    names = [f"{name}.{file_format}" for name in ("all", "2026-01-01", *range(8))]
    before = set_sink(shop, bucket, "p", late("CAST(x'61ff' AS TEXT)"), template, *names, format=file_format)
    job = fails(shop, "p", "utf-8", "hex(")
    assert re.search(r"'v'|\{v\}", job["error"]), job["error"]
    check_untouched(bucket, before)


@pytest.mark.parametrize("letter", ["x", "ü", "/"])
def test_a_partition_value_of_5000_bytes(shop, bucket, letter):
    """The message names the column and the beginning of the value, not all of it."""
    text = f"replace(hex(zeroblob({5000 // len(letter.encode()) // 2})), '0', '{letter}')"
    before = set_sink(shop, bucket, "p", late(text), "{v}", "2026-01-01.csv")
    fails(shop, "p", "{v}", "1024", "%2F" * 5 if letter == "/" else letter * 5, "substr()")
    check_untouched(bucket, before)


def test_a_partition_value_too_long_for_a_file_system(shop):
    """An object store takes 1,024 bytes, a folder entry only 255. It is the job's error, and no other file is left."""
    shop.make_pipe("p", late("hex(zeroblob(200))"))
    shop.make_sink("p", connection="disk", path="local://out", file_template="{v}")
    fails(shop, "p", "00000000")
    assert shop.local_files() == {}


# Too many files: refused before the first is published.

NUMBERS = "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < {}) SELECT n, 1 AS one FROM r"


@pytest.fixture
def few_files(make_sluice, s3):
    sluice = make_sluice(args=["--max-files", "50"]).start()
    sluice.make_s3(s3)
    sluice.make_local()
    return sluice


SPREADING = [("{n}", {}), ("{100}", {}), ("all", {"max_rows_per_file": "1"}), ("{one}", {"max_rows_per_file": "1"})]


@pytest.mark.parametrize("template, options", SPREADING)
def test_one_file_more_than_allowed(few_files, bucket, template, options):
    """By values, by {N} and by rows per file. 50 are written, 51 are refused as a whole."""
    names = ["1.csv", "50.csv", "00.csv", "49.csv", "all-0000.csv", "1-0000.csv"]
    before = set_sink(few_files, bucket, "p", NUMBERS.format(51), template, *names, **options)
    fails(few_files, "p", "50 files", "--max-files")
    check_untouched(bucket, before)
    few_files.make_pipe("q", NUMBERS.format(50))
    few_files.make_sink("q", connection="lake", path=bucket.path("q"), file_template=template, **options)
    few_files.wait(few_files.run("q"))
    assert len(bucket.keys("q/")) == 50


def test_one_file_more_than_allowed_in_a_folder(few_files):
    few_files.make_pipe("p", NUMBERS.format(51))
    few_files.make_sink("p", connection="disk", path="local://out", file_template="{n}")
    fails(few_files, "p", "50 files", "--max-files", "'out/51.csv'")
    assert few_files.local_files() == {}


def test_full_disk_in_the_middle_of_an_upload(make_sluice, s3, bucket, small_disk):
    """Parts are on their way when the spool has no room for the next: the upload is aborted."""
    folder, enlarge = small_disk
    sluice = make_sluice(data_dir=folder / "data").start()
    sluice.make_s3(s3)
    before = set_sink(sluice, bucket, "p", LARGE, "all", "all.csv")
    fails(sluice, "p", "space", "spool")
    check_untouched(bucket, before)
    enlarge()
    sluice.wait(sluice.run("p"))
    assert bucket.read("out/all.csv").count(b"\n") == LARGE_ROWS + 1


# A store that asks for fewer calls, loses or changes what it was given.

SLOW_DOWN = answer(503, "SlowDown", "Please reduce your request rate.")


@pytest.fixture
def behind(server, s3, proxy):
    """`lake` is behind the proxy."""
    server.make_s3(s3.at(proxy.endpoint))
    return server


def check_large(bucket):
    lines = bucket.read("out/all.csv").decode().splitlines()
    assert lines == ["n,k,pad", *(f"{n},{n % 7},{n:0190d}" for n in range(1, LARGE_ROWS + 1))]
    assert bucket.uploads() == []


def check_seven(bucket):
    """{k} makes seven small files; each row is in its own."""
    for k in range(7):
        lines = bucket.read(f"out/{k}.csv").decode().splitlines()
        assert lines == ["n,k,pad", *(f"{n},{k},{n:0190d}" for n in range(1, LARGE_ROWS + 1) if n % 7 == k)]


def test_slow_down_for_a_while_is_waited_out(behind, proxy, bucket):
    """Every request for twelve seconds: longer than any five attempts without a wait between them."""
    set_sink(behind, bucket, "p", LARGE, "all", "all.csv")
    slow = proxy.fault("any", for_seconds(12, SLOW_DOWN), times=10**6)
    behind.wait(behind.run("p"))
    assert slow.hits > 5, "the store was not asked again after it said to slow down"
    check_large(bucket)
    assert spooled(behind) == []


def test_slow_down_beyond_the_budget_of_a_call_is_waited_out_by_the_job(behind, proxy, bucket):
    """While files are published, for 35 s: one call gives up after 30 s, the job begins to publish anew."""
    set_sink(behind, bucket, "p", LARGE, "{k}", "0.csv")
    proxy.fault("put", for_seconds(35, SLOW_DOWN), times=10**6)
    behind.wait(behind.run("p"))
    check_seven(bucket)
    assert spooled(behind) == []
    attempts = behind.state("SELECT attempt FROM jobs")[0]["attempt"]
    assert attempts > 1, "the fault did not outlive a call"


def test_slow_down_beyond_every_budget(behind, proxy, bucket):
    """The store says itself that an hour must pass. The job ends at once, and the next one works."""
    before = set_sink(behind, bucket, "p", LARGE, "all", "all.csv")
    proxy.fault("part", answer(503, "SlowDown", "Come back later.", headers=["Retry-After: 3600"]), times=10**6)
    fails(behind, "p", "SlowDown", "out/all.csv", seconds=20)
    check_untouched(bucket, before)
    proxy.calm()
    behind.wait(behind.run("p"))
    check_large(bucket)


def test_slow_down_beyond_every_budget_while_publishing(behind, proxy, bucket):
    """Some files are published before the store wants no more. Each one is whole, the others are what they were."""
    names = [f"{k}.csv" for k in range(7)]
    before = set_sink(behind, bucket, "p", LARGE, "{k}", *names)
    hour = answer(503, "SlowDown", "Come back later.", headers=["Retry-After: 3600"])
    proxy.fault("put", hour, times=10**6, key="3.csv")
    fails(behind, "p", "SlowDown", "out/3.csv", seconds=60)
    after = bucket.objects()
    assert set(after) == set(before) and after["out/3.csv"] == BEFORE
    for key, body in after.items():
        k = int(key[4])
        rows = b"".join(b"%d,%d,%0190d\n" % (n, k, n) for n in range(1, LARGE_ROWS + 1) if n % 7 == k)
        assert body in (BEFORE, b"n,k,pad\n" + rows), f"{key} is neither the old nor the new file"
    proxy.calm()
    behind.wait(behind.run("p"))
    check_seven(bucket)


def test_a_reset_in_the_middle_of_every_part(behind, proxy, bucket):
    before = set_sink(behind, bucket, "p", LARGE, "all", "all.csv")
    broken = proxy.fault("part", reset(1_000_000), times=10**6)
    fails(behind, "p", "out/all.csv")
    assert broken.hits >= 5, "the part was not tried again"
    check_untouched(bucket, before)


def without_checksum(head):
    return re.sub(rb"(?mi)^x-amz-checksum-[^\r]*\r\n", b"", head)


def with_other_etag(data):
    head, _, body = data.partition(b"\r\n\r\n")
    changed, count = re.subn(rb'(?mi)^(etag: *"?)[0-9a-f]{32}', rb"\g<1>" + b"0" * 32, head + b"\r\n")
    assert count == 1, head
    return changed[:-2] + b"\r\n\r\n" + body


def with_other_etag_only(data):
    return with_other_etag(without_checksum(data))


def test_a_wrong_etag_for_a_part_is_noticed(behind, proxy, bucket):
    """A store that gives nothing but the ETag: it says that other bytes arrived, so the part is sent again."""
    set_sink(behind, bucket, "p", LARGE, "all", "all.csv")
    wrong = proxy.fault("part", change_answer(with_other_etag_only), times=1)
    behind.wait(behind.run("p"))
    assert wrong.hits == 4, "three parts, one of them twice"
    check_large(bucket)


def test_a_wrong_etag_for_a_part_every_time(behind, proxy, bucket):
    before = set_sink(behind, bucket, "p", LARGE, "all", "all.csv")
    proxy.fault("part", change_answer(with_other_etag_only), times=10**6)
    fails(behind, "p", "part", "out/all.csv", "run it again")
    check_untouched(bucket, before)


def test_a_wrong_etag_beside_the_right_checksum(behind, proxy, bucket):
    """The bytes are right, the store's own name for them is not; so the store refuses to complete. Never a
    success without an object, never half of one."""
    before = set_sink(behind, bucket, "p", LARGE, "all", "all.csv")
    proxy.fault("part", change_answer(with_other_etag), times=1)
    fails(behind, "p", "InvalidPart", "out/all.csv")
    check_untouched(bucket, before)
    behind.wait(behind.run("p"))
    check_large(bucket)


def test_a_part_that_the_store_loses(behind, proxy, bucket):
    """It is confirmed and gone: completing fails, the upload is aborted, and the next run works."""
    before = set_sink(behind, bucket, "p", LARGE, "all", "all.csv")
    proxy.fault("part", swallow(), skip=1, times=1)
    fails(behind, "p", "InvalidPart", "out/all.csv")
    check_untouched(bucket, before)
    behind.wait(behind.run("p"))
    check_large(bucket)


def test_a_file_that_the_store_loses(behind, proxy, bucket):
    """One PUT of several is confirmed and gone. `done` would be a lie: the size is read back."""
    set_sink(behind, bucket, "p", LARGE, "{k}", "0.csv")
    bucket.client.delete_object(Bucket=bucket.name, Key="out/0.csv")
    lost = proxy.fault("put", swallow(), times=1)
    behind.wait(behind.run("p"))
    assert lost.hits > 7, "nothing was written in place of the lost object"
    check_seven(bucket)
    assert spooled(behind) == []
