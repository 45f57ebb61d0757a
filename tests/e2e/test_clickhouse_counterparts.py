"""What the two ClickHouses of the tests do, where clients depend on it: the facts that support/clickhouse.py lists.

`any_clickhouse` is Debian's server of 18.16 and then the current engine; what is `old` below is the former's.
"""
import http.client
import io
import json
import pathlib
import re
import secrets
import struct
import threading
import urllib.parse

import pytest
import requests

from support.clickhouse import ClickHouseError, read_to_end
from support.process import until

ENDLESS = "SELECT number FROM system.numbers"
SLOW = "SELECT sum(sleepEachRow(0.1)) FROM numbers(100)"
SLOWLY = {"max_block_size": 1}  # Or it sleeps for all rows of a block at once, and can't be killed meanwhile.


@pytest.fixture
def old(any_clickhouse):
    return any_clickhouse.version.startswith("18.")


@pytest.fixture
def query_id():
    return "e2e-" + secrets.token_hex(6)


@pytest.fixture
def table(any_clickhouse):
    """A new table of a number and a text."""
    name = "t_" + secrets.token_hex(6)
    any_clickhouse.query(f"CREATE TABLE {name} (a Int32, s String) ENGINE = MergeTree ORDER BY a")
    return name


def refusal(server, sql, settings=None, **more):
    with pytest.raises(ClickHouseError) as caught:
        server.query(sql, settings, **more)
    return caught.value


def test_version(any_clickhouse):
    assert any_clickhouse.text("SELECT version()") == any_clickhouse.version


def test_native(any_clickhouse, old):
    """Blocks without any number before them; no block at all where there are no rows."""
    with any_clickhouse.raw("SELECT 1 AS a, 'x' AS b", {"default_format": "Native", "query_id": "mine"}) as answer:
        assert answer.content == b"\x02\x01" b"\x01a\x05UInt8\x01" b"\x01b\x06String\x01x"
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Transfer-Encoding"] == "chunked"
        names = {name for name in answer.headers if name.startswith("X-ClickHouse-")}
        more = {"X-ClickHouse-" + name for name in ("Query-Id", "Format", "Timezone", "Summary", "Exception-Tag")}
        assert names == {"X-ClickHouse-Server-Display-Name"} | (set() if old else more)
        assert old or answer.headers["X-ClickHouse-Query-Id"] == "mine"
    assert any_clickhouse.query("SELECT 1 AS a WHERE 0", {"default_format": "Native"}) == b""


def test_low_cardinality_is_not_unwrapped(any_clickhouse):
    """low_cardinality_allow_in_native_format is for the native protocol only."""
    settings = {"default_format": "Native", "low_cardinality_allow_in_native_format": 0}
    head = b"\x01\x01" b"\x01l\x16LowCardinality(String)" + struct.pack("<Q", 1)
    assert any_clickhouse.query("SELECT toLowCardinality('q') AS l", settings).startswith(head)


def test_row_binary_with_names_and_types(any_clickhouse, old):
    """Only the current one has it. The header comes once, also before blocks that it does not come with."""
    settings = {"default_format": "RowBinaryWithNamesAndTypes", "max_block_size": 2}
    if old:
        refused = refusal(any_clickhouse, "SELECT 1", settings)
        assert (refused.status, refused.code) == (404, 73)
        return
    header = b"\x01\x01a\x06UInt64"
    assert any_clickhouse.query("SELECT number AS a FROM numbers(5)", settings) == header + struct.pack("<5Q", *range(5))
    assert any_clickhouse.query("SELECT number AS a FROM numbers(5) WHERE 0", settings) == header


def test_json_each_row(any_clickhouse):
    assert any_clickhouse.rows("SELECT number AS a, 'ü' AS b FROM numbers(2)") == [{"a": 0, "b": "ü"}, {"a": 1, "b": "ü"}]


def test_a_format_in_the_sql_wins(any_clickhouse):
    assert any_clickhouse.query("SELECT 1 AS a FORMAT JSONEachRow", {"default_format": "Native"}) == b'{"a":1}\n'


def test_describe(any_clickhouse):
    """The types of a query without running it, also for readers."""
    rows = any_clickhouse.rows("DESCRIBE TABLE (SELECT 1 AS a, throwIf(number + 1) AS b FROM numbers(9))", {"readonly": 2})
    assert [(row["name"], row["type"]) for row in rows] == [("a", "UInt8"), ("b", "UInt8")]


@pytest.mark.parametrize("sql", ["EXPLAIN SELECT 1", "WITH a AS (SELECT 1 AS x) SELECT x FROM a"])
def test_explain_and_named_subqueries(any_clickhouse, old, sql):
    if old:
        assert refusal(any_clickhouse, sql).code == 62
    else:
        assert any_clickhouse.text(sql, {"readonly": 2})


def test_settings_in_the_url(any_clickhouse, old):
    """All of these are known, and may stand beside readonly=2."""
    for_all = {"readonly": 2, "max_execution_time": 10, "max_memory_usage": 10**9, "max_block_size": 1000,
               "preferred_block_size_bytes": 10**5, "replace_running_query": 1, "send_progress_in_http_headers": 0,
               "http_headers_progress_interval_ms": 100, "max_result_rows": 10, "wait_end_of_query": 1,
               "buffer_size": 1000, "http_send_timeout": 600, "database": "default", "join_use_nulls": 1}
    new = {"cancel_http_readonly_queries_on_client_close": 1, "output_format_native_write_json_as_string": 1,
           "session_timezone": "UTC", "log_comment": "e2e", "http_response_buffer_size": 1000, "param_x": 1}
    assert any_clickhouse.text("SELECT 1", for_all | ({} if old else new)) == "1"
    for name, value in new.items() if old else []:
        refused = refusal(any_clickhouse, "SELECT 1", {name: value})
        assert (refused.status, refused.code) == (404, 115)


def test_settings_have_an_effect(any_clickhouse):
    body = any_clickhouse.query("SELECT number FROM numbers(3)", {"max_block_size": 1, "default_format": "Native"})
    assert body.count(b"UInt64") == 3
    refused = refusal(any_clickhouse, "SELECT number FROM numbers(100)", {"max_result_rows": 10})
    assert (refused.status, refused.code) == (500, 396)


@pytest.mark.parametrize("sql, settings, status, code", [
    ("SELEC 1", {}, 400, 62), ("SELECT 1; SELECT 2", {}, 400, 62), ("SELECT nope", {}, 404, 47),
    ("SELECT * FROM nope", {}, 404, 60), ("SELECT nope(1)", {}, 404, 46), ("SELECT 1", {"nosuch": 1}, 404, 115),
    ("SELECT 1", {"database": "nope"}, 404, 81), ("SELECT throwIf(1)", {}, 500, 395)])
def test_error_before_the_first_byte(any_clickhouse, old, sql, settings, status, code):
    answer, body, ended = any_clickhouse.stream(sql, {"default_format": "Native", **settings})
    assert (answer.status_code, ended) == (status, True)
    assert answer.headers.get("X-ClickHouse-Exception-Code") == (None if old else str(code))
    pattern = rf"Code: {code}, e.displayText\(\) = DB::Exception: .*, e.what\(\) = DB::Exception\n" if old else \
        rf"Code: {code}\. DB::Exception: .* \([A-Z_]+\) \(version 26\.9\.2\.1\)\n"
    assert re.fullmatch(pattern, body.decode(), re.DOTALL), body


def test_how_much_of_an_answer_is_held_back(any_clickhouse, old):
    """An error before that still has a status of its own: the old one holds about 1 MB back, the current one nothing."""
    sql = "SELECT number, throwIf(number = 10000) FROM numbers(20000)"
    settings = {"default_format": "Native", "max_block_size": 1000}
    answer, _, ended = any_clickhouse.stream(sql, settings)
    assert (answer.status_code, ended) == ((500, True) if old else (200, False))
    for more in ({"wait_end_of_query": 1}, {"buffer_size": 2**20}):
        assert refusal(any_clickhouse, sql, settings | more).code == 395
    assert refusal(any_clickhouse, sql.replace("10000", "3000000").replace("20000", "4000000"),
                   {**settings, "wait_end_of_query": 1}).status == 500


def test_a_current_one_sends_each_block_as_it_comes(any_clickhouse, old):
    settings = {"default_format": "Native", "max_block_size": 1}
    with any_clickhouse.raw("SELECT number, sleepEachRow(0.5) FROM numbers(3)", settings) as answer:
        first = next(answer.iter_content(2**20))
    assert first.count(b"UInt64") == (3 if old else 1)


def test_error_in_the_middle(any_clickhouse, old):
    """The old one says it in the body only, which then ends as if all were well; the current one breaks off."""
    answer, body, ended = any_clickhouse.stream("SELECT number, throwIf(number = 3000000) FROM numbers(10000000)",
                                                {"default_format": "Native"})
    assert answer.status_code == 200
    assert len(body) > 10_000_000
    if old:
        assert ended
        assert body.endswith(b"\0Code: 395, e.displayText() = DB::Exception: Value passed to 'throwIf' function is non zero, "
                             b"e.what() = DB::Exception\n")
    else:
        assert not ended
        check_exception_block(answer, body, "Code: 395. DB::Exception: Value passed to 'throwIf' function is non-zero")


def check_exception_block(answer, body, begin):
    tag = answer.headers["X-ClickHouse-Exception-Tag"]
    assert re.fullmatch("[a-z]{16}", tag)
    pattern = rf"\r\n__exception__\r\n{tag}\r\n(.*\n)(\d+) {tag}\r\n__exception__\r\n$"
    block = re.search(pattern.encode(), body[-16384:], re.DOTALL)
    assert block and len(block[1]) == int(block[2]), body[-1000:]
    assert block[1].decode().startswith(begin)


def test_wrong_password(any_clickhouse, old):
    for change in ({"user": "nobody"}, {"password": "wrong"}):
        parameters = {"user": any_clickhouse.user, "password": any_clickhouse.password, **change}
        answer = requests_post(any_clickhouse, parameters, "SELECT 1")
        code = 516 if not old else 192 if "user" in change else 193
        assert answer.status_code == (401 if old else 403)
        assert re.match(rf"Code: {code}\b", answer.content.decode())
        assert answer.headers.get("WWW-Authenticate", "").startswith("Basic") == old


def test_ways_to_name_the_user(any_clickhouse):
    user, password = any_clickhouse.user, any_clickhouse.password
    in_headers = {"X-ClickHouse-User": user, "X-ClickHouse-Key": password}
    for answer in (requests_post(any_clickhouse, {"user": user, "password": password}, "SELECT 1"),
                   requests_post(any_clickhouse, {}, "SELECT 1", auth=(user, password)),
                   requests_post(any_clickhouse, {}, "SELECT 1", headers=in_headers),
                   requests_post(any_clickhouse, {}, "SELECT 1")):  # As `default`, which has no password.
        assert (answer.status_code, answer.content) == (200, b"1\n")


def requests_post(server, parameters, sql, **more):
    return requests.post(server.url + "/", params=parameters, data=sql, timeout=30, **more)


def test_readonly(any_clickhouse, table):
    for sql in (f"INSERT INTO {table} VALUES (1, 'x')", f"INSERT INTO {table} SELECT 1, 'x'", f"DROP TABLE {table}",
                "CREATE TABLE nope (a Int8) ENGINE = Memory"):
        refused = refusal(any_clickhouse, sql, {"readonly": 2, "max_execution_time": 5})
        assert (refused.status, refused.code) == (500, 164)
    assert any_clickhouse.text(f"SELECT count() FROM {table}", {"readonly": 2}) == "0"


def test_readonly_does_not_keep_the_current_one_from_writing_files(any_clickhouse, old):
    """readonly=2 must not be all that stands between a user's SQL and the world."""
    sql = "INSERT INTO FUNCTION file('written.tsv', 'TSV', 'a Int8') SELECT 1"
    if old:
        assert refusal(any_clickhouse, sql, {"readonly": 2}).code == 164
    else:
        any_clickhouse.query(sql + " SETTINGS engine_file_truncate_on_insert = 1", {"readonly": 2})
        assert (any_clickhouse.folder / "written.tsv").read_text() == "1\n"


def test_progress_in_headers(any_clickhouse, old):
    """Debian builds its server without what writes them; the current one sends them until the body begins."""
    settings = {"send_progress_in_http_headers": 1, "http_headers_progress_interval_ms": 100, "max_block_size": 1}
    with any_clickhouse.raw("SELECT sum(sleepEachRow(0.1)) FROM numbers(12)", settings) as answer:
        progress = answer.raw.headers.getlist("X-ClickHouse-Progress")
        assert answer.content == b"0\n"
    assert bool(progress) != old
    for line in progress:
        told = json.loads(line)
        assert all(isinstance(value, str) for value in told.values())
        assert {"read_rows", "read_bytes", "total_rows_to_read", "elapsed_ns"} <= told.keys()


def test_progress_in_system_processes(any_clickhouse, query_id):
    with any_clickhouse.raw(ENDLESS, {"default_format": "Native", "query_id": query_id}) as answer:
        pieces = answer.iter_content(2**20)
        next(pieces)
        running = any_clickhouse.running(query_id)
        assert running["read_rows"] > 0 and running["query"] == ENDLESS
    until(lambda: not any_clickhouse.running(query_id), 20, "it ends, since nobody takes what it writes")


def test_kill_of_a_streaming_query(any_clickhouse, old, query_id):
    with any_clickhouse.raw(ENDLESS, {"default_format": "Native", "query_id": query_id, "readonly": 2}) as answer:
        pieces = answer.iter_content(2**20)
        next(pieces)
        status, killed, _, sql = any_clickhouse.kill(query_id).split("\t")
        assert (status, killed, sql) == ("waiting", query_id, ENDLESS)
        body, ended = read_to_end(pieces)
    assert ended == old
    if old:
        assert body.endswith(b"Code: 394, e.displayText() = DB::Exception: Query was cancelled, e.what() = DB::Exception\n")
    else:
        check_exception_block(answer, body, "Code: 394. DB::Exception: Query was cancelled")
    until(lambda: not any_clickhouse.running(query_id), 20, "it is gone")
    assert any_clickhouse.kill(query_id) == ""


def test_kill_of_a_query_that_sent_nothing(any_clickhouse, query_id):
    answers = in_background(any_clickhouse, SLOW, {"query_id": query_id, **SLOWLY})
    any_clickhouse.kill(query_id)
    assert [(answer.status_code, answer.content[:9]) for answer in answers()] == [(500, b"Code: 394")]


def in_background(server, sql, settings):
    """Runs a query of that id in a thread; returns, once it runs, what waits for [its answer]."""
    answers = []
    thread = threading.Thread(target=lambda: answers.append(server.raw(sql, settings)))
    thread.start()
    until(lambda: server.running(settings["query_id"]), 20, "the query runs")

    def wait():
        thread.join()
        return answers
    return wait


def test_one_query_of_an_id(any_clickhouse, query_id):
    answers = in_background(any_clickhouse, SLOW, {"query_id": query_id, **SLOWLY})
    refused = refusal(any_clickhouse, "SELECT 1", {"query_id": query_id})
    assert (refused.status, refused.code) == (500, 216)
    assert any_clickhouse.text("SELECT 1", {"query_id": query_id, "replace_running_query": 1}) == "1"
    assert [answer.status_code for answer in answers()] == [500]


def test_a_client_that_goes_away(any_clickhouse, old, query_id):
    """A query that writes nothing goes on in the old one, and in the current one without the setting."""
    settings = {"query_id": query_id, **SLOWLY, **({} if old else {"cancel_http_readonly_queries_on_client_close": 1})}
    leave(any_clickhouse, SLOW, settings)
    if old:
        assert any_clickhouse.running(query_id)
        any_clickhouse.kill(query_id)
    until(lambda: not any_clickhouse.running(query_id), 5, "it ends")


def test_a_client_that_does_not_read(any_clickhouse, old, query_id):
    """Where uploads are slow, answers must wait: 30 s are the current one's default, and the old one's are 1800."""
    default = any_clickhouse.text("SELECT value FROM system.settings WHERE name = 'http_send_timeout'")
    assert default == ("1800" if old else "30")
    if old:
        return  # It is not to be had from the URL.
    settings = {"default_format": "Native", "query_id": query_id, "http_send_timeout": 1}
    with any_clickhouse.raw(ENDLESS, settings) as answer:
        pieces = answer.iter_content(2**16)
        next(pieces)
        until(lambda: not any_clickhouse.running(query_id), 20, "the server gives up")
        assert read_to_end(pieces)[1] is False


def leave(server, sql, settings):
    """Asks, and closes the connection once the query runs."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("POST", "/?" + urllib.parse.urlencode(settings), sql)
    until(lambda: server.running(settings["query_id"]), 20, "the query runs")
    connection.close()


def test_insert_and_read_back(any_clickhouse, table):
    any_clickhouse.insert(table, [{"a": 2, "s": "two"}, {"a": 1, "s": "o'ne\n"}])
    any_clickhouse.query(f"INSERT INTO {table} VALUES (3, 'three')")
    native = any_clickhouse.query("SELECT toInt32(4) AS a, 'four' AS s", {"default_format": "Native"})
    any_clickhouse.query(f"INSERT INTO {table} FORMAT Native", data=native)
    any_clickhouse.query(f"INSERT INTO {table} SELECT number, 'many' FROM numbers(5, 100000)")
    assert any_clickhouse.rows(f"SELECT * FROM {table} WHERE a < 5 ORDER BY a") == [
        {"a": 1, "s": "o'ne\n"}, {"a": 2, "s": "two"}, {"a": 3, "s": "three"}, {"a": 4, "s": "four"}]
    assert any_clickhouse.text(f"SELECT count() FROM {table}") == "100004"


def test_several_at_once(any_clickhouse, query_id):
    """One that nobody reads from does not keep others from running."""
    with any_clickhouse.raw(ENDLESS, {"default_format": "Native", "query_id": query_id}) as first:
        pieces = first.iter_content(2**20)
        next(pieces)
        with any_clickhouse.raw(ENDLESS, {"default_format": "Native"}) as second:
            next(second.iter_content(2**20))
            assert any_clickhouse.text("SELECT 1") == "1"
            next(pieces)


def test_long_answers_need_little_memory(any_clickhouse):
    def most_memory():
        status = pathlib.Path(f"/proc/{any_clickhouse.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024

    any_clickhouse.text("SELECT 1")
    before, size = most_memory(), 0
    with any_clickhouse.raw("SELECT number FROM numbers(50000000)", {"default_format": "Native"}) as answer:
        for piece in answer.iter_content(2**20):
            size += len(piece)
    assert size > 400_000_000
    assert most_memory() - before < 150_000_000


def test_the_current_engine_writes_to_s3(chdb, s3, bucket):
    """By itself: Sluice only says what and where."""
    address = f"'{s3.endpoint}/{bucket.name}/out/a.parquet', '{s3.access_key}', '{s3.secret_key}', 'Parquet'"
    chdb.query(f"INSERT INTO FUNCTION s3({address}) SELECT number AS a, toString(number) AS s FROM numbers(100000)")
    assert bucket.keys() == ["out/a.parquet"]
    import pyarrow.parquet  # Where Python's registry does not give it, it does not give chdb.
    read = pyarrow.parquet.read_table(io.BytesIO(bucket.read("out/a.parquet")))
    assert (read.num_rows, read.column_names) == (100000, ["a", "s"])
    assert chdb.text(f"SELECT sum(a) FROM s3({address})") == str(sum(range(100000)))
    wrong = address.replace(s3.secret_key, "x" * 40)
    assert refusal(chdb, f"SELECT count() FROM s3({wrong})").code == 499
