"""The SQL functions beside ClickHouse's own engine (chdb): the same expressions, the same values.

Values are random; the seed is printed, and SLUICE_SEED=<that> tries the same again.
"""
import json
import math
import os
import random
import sqlite3
from datetime import datetime, timedelta

import pytest

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Auckland"]
WORDS = ["", "a", "hello world", "ÄÖ ü", "x'y", 'say "hi"', "a,b,,c", "12", "-7", "1.5", "naïve café", "ab" * 20]
COLUMNS = 400  # Of one statement.

# Expressions with other results here, each with its reason. All stand in docs/sql-functions.md.
DIFFERENT = {
    "toDecimal64(0.29, 2)": "decimals are cut as they are shown",
    "round(2.5)": "SQLite's own: half goes away from zero",
    "length('äb')": "SQLite's own: characters, not bytes",
    "position('äb', 'b')": "characters, not bytes",
    "hex(255)": "SQLite's own: the bytes of the text",
    "7 / 2": "SQLite divides integers without rest",
    "toTypeName(1)": "SQLite has one integer type",
    "upperUTF8('ß')": "one character stays one character",
    "toDateTime('2024-07-05 10:00:00', 'Europe/Berlin')": "a text without a zone is UTC",
    "toDateTime(-1)": "years begin with 1, not with 1970",
    "makeDate(2024, 13, 5)": "an error, not 1970-01-01",
    "JSONType('12345678901234567890123')": "a number stays a number",
    "extractAll('baac', 'a*')": "empty matches are passed over",
    "simpleJSONHas('{\"a\":{\"b\":1}}', 'b')": "JSON is read properly",
    "domain('http://u:p@a.b/x')": "what stands before @ is the user",
}


@pytest.fixture(scope="module")
def clickhouse():
    session = pytest.importorskip("chdb.session").Session()
    yield session
    session.close()


@pytest.fixture
def seeded():
    value = int(os.environ.get("SLUICE_SEED") or random.SystemRandom().randrange(2**32))
    print(f"\nseed: SLUICE_SEED={value}")
    return random.Random(value)


def quoted(text):
    """As both engines read it: neither backslashes nor control characters are in it."""
    return "'" + text.replace("'", "''") + "'"


def one_time(rng):
    return datetime(1991, 1, 1) + timedelta(seconds=rng.randrange(90 * 365 * 86400), microseconds=rng.randrange(10**6))


def time_expressions(rng):
    at, other = one_time(rng), one_time(rng)
    time, fine = (f"toDateTime('{at:%Y-%m-%d %H:%M:%S}')", f"toDateTime64('{at:%Y-%m-%d %H:%M:%S.%f}', 6)")
    date, zone, n = f"toDate('{other:%Y-%m-%d}')", rng.choice(ZONES), rng.randrange(-20, 20)
    later = f"toDateTime('{other:%Y-%m-%d %H:%M:%S}')"
    # The rules of zones are known up to 2037.
    near, also = (some.replace(year=1971 + some.year % 66, day=1 + some.day % 28) for some in (at, other))
    there = f"toDateTime('{near:%Y-%m-%d %H:%M:%S}')"
    for name in ("toYear toQuarter toMonth toDayOfMonth toDayOfWeek toDayOfYear toISOWeek toISOYear toYYYYMM toYYYYMMDD "
                 "toStartOfDay toStartOfMonth toStartOfQuarter toStartOfYear toStartOfISOYear toMonday toDate "
                 "toLastDayOfMonth toUnixTimestamp monthName toWeek toYearWeek toStartOfWeek toYYYYMMDDhhmmss").split():
        yield f"{name}({time})"
        yield f"{name}({date})"
    for name in ("toHour toMinute toSecond toStartOfHour toStartOfMinute toStartOfFiveMinutes toStartOfTenMinutes "
                 "toStartOfFifteenMinutes timeSlot toStartOfDay toDayOfWeek toYYYYMMDD toStartOfMonth").split():
        more = "0, " if name == "toDayOfWeek" else ""
        yield f"{name}({there}, {more}'{zone}')"
        yield f"{name}({fine})"
    for mode in range(10):
        yield f"toWeek({date}, {mode})"
        yield f"toYearWeek({date}, {mode})"
        yield f"toStartOfWeek({date}, {mode})"
    for mode in range(4):
        yield f"toDayOfWeek({date}, {mode})"
    for unit in "Years Quarters Months Weeks Days Hours Minutes Seconds".split():
        yield f"add{unit}({time}, {n})"
        yield f"subtract{unit}({fine}, {n})"
        if unit in ("Years", "Months", "Days"):
            yield f"add{unit}({date}, {n})"
        yield f"dateDiff('{unit[:-1].lower()}', {time}, {later})"
        if unit != "Weeks" or at < other:  # Backwards ClickHouse's are sometimes a week short.
            yield f"age('{unit[:-1].lower()}', {time}, {later})"
        if zone != "Australia/Lord_Howe":  # Whose summer time is half an hour.
            yield f"dateDiff('{unit[:-1].lower()}', {there}, toDateTime('{also:%Y-%m-%d %H:%M:%S}'), '{zone}')"
        yield f"date_trunc('{unit[:-1].lower()}', {time})"
    yield f"dateDiff('millisecond', {fine}, addSeconds({fine}, {n}))"
    for code in "aMbcCdDeFgGhHiIjklmpQrRsSTuVwWyYzf%":
        yield f"formatDateTime({fine}, '%{code}')"
    yield f"formatDateTime({there}, '%F %T %z', '{zone}')"
    yield f"toTimeZone({there}, '{zone}')"
    yield f"parseDateTime(formatDateTime({time}, '%d/%b/%Y:%H:%i:%S'), '%d/%b/%Y:%H:%i:%S')"
    yield f"parseDateTime(formatDateTime({time}, '%M %e %y %h:%i %p'), '%M %e %y %h:%i %p')"
    for form in ("%F %T", "%FT%TZ", "%FT%T+02:00", "%e %b %Y %T", "%a, %d %b %Y %T GMT", "%d/%m/%Y %R", "%Y%m%d%H%i%S", "%Y/%m/%d %R"):
        text = near.strftime(form.replace("%F", "%Y-%m-%d").replace("%T", "%H:%M:%S").replace("%R", "%H:%M")
                           .replace("%i", "%M").replace("%e", "%d"))
        yield f"parseDateTimeBestEffort('{text}')"
        yield f"toUnixTimestamp(parseDateTimeBestEffort('{text}', '{zone}'))"
    yield f"toUnixTimestamp('{near:%Y-%m-%d %H:%M:%S}', '{zone}')"
    yield f"fromUnixTimestamp({rng.randrange(4 * 10**9)})"
    yield f"fromUnixTimestamp64Milli({rng.randrange(4 * 10**12)})"
    yield f"fromUnixTimestamp64Micro({rng.randrange(4 * 10**15)})"
    yield f"toUnixTimestamp64Micro({fine})"
    yield f"toDateTime64({rng.randrange(4 * 10**9)}.25, {rng.randrange(7)})"
    yield f"toDate({rng.randrange(65536)})"
    yield f"toDateTime('{at:%Y-%m-%d}')"
    yield f"toDateOrNull({quoted(rng.choice(WORDS))})"


def interval_pairs(rng):
    """Ours, and theirs in their grammar."""
    # DateTime ends in 2106, and the rules of zones in 2037.
    at = datetime(2012, 1, 1) + timedelta(seconds=rng.randrange(25 * 365 * 86400))
    time, zone = f"toDateTime('{at:%Y-%m-%d %H:%M:%S}')", rng.choice(ZONES)
    for unit in "second minute hour day week month quarter year".split():
        step = rng.randrange(1, 40)
        yield f"toStartOfInterval({time}, {step}, '{unit}')", f"toStartOfInterval({time}, INTERVAL {step} {unit})"
        if unit != "second" or zone in ZONES[:3]:  # Elsewhere ClickHouse counts seconds from midnight.
            yield (f"toStartOfInterval({time}, {step}, '{unit}', '{zone}')",
                   f"toStartOfInterval({time}, INTERVAL {step} {unit}, '{zone}')")
        yield f"dateAdd('{unit}', {step}, {time})", f"dateAdd({unit}, {step}, {time})"
        yield f"date_sub('{unit}', {step}, {time})", f"date_sub({unit}, {step}, {time})"


def text_expressions(rng):
    text, part, number = rng.choice(WORDS), rng.choice(["l", "b", "ab", "o w", ",", "ü"]), rng.randrange(-5, 60)
    plain = rng.choice([word for word in WORDS if word.isascii()])
    for name in ("empty notEmpty lengthUTF8 lowerUTF8 upperUTF8 reverseUTF8 trimBoth trimLeft trimRight base64Encode "
                 "encodeURLComponent initcap ascii toInt64OrNull toInt32OrZero toFloat64OrNull toFloat64OrZero "
                 "toInt8OrNull toDateOrNull isNotNull toString").split():
        if not (name in ("initcap", "ascii") and not text.isascii()):
            yield f"{name}({quoted(text)})"
    yield f"lower(hex(MD5({quoted(text)})))"
    yield f"hex(SHA256({quoted(text)}))"
    yield f"base64Decode(base64Encode({quoted(text)}))"
    for name in "position positionCaseInsensitive countSubstrings startsWith endsWith positionUTF8".split():
        yield f"{name}({quoted(plain)}, {quoted(part if part.isascii() else 'l')})"
    yield f"positionUTF8({quoted(text)}, {quoted(part)})"
    yield f"replaceAll({quoted(text)}, {quoted(part)}, '<>')"
    yield f"replaceOne({quoted(text)}, {quoted(part)}, '')"
    yield f"splitByString({quoted(part)}, {quoted(text)})"
    yield f"splitByChar(',', {quoted(text)})"
    yield f"leftPad({quoted(plain)}, {max(number, 0)}, 'xy')"
    yield f"rightPad({quoted(plain)}, {max(number, 0)})"
    yield f"repeat({quoted(text)}, {number % 4})"
    yield f"concat({quoted(text)}, {number}, {number}.5)"
    yield f"leftUTF8({quoted(text)}, {number})"
    yield f"rightUTF8({quoted(text)}, {number})"
    for pattern in ("[a-z]+", "(l+)o", "^h.*d$", "[0-9]", "(?i)HELLO", "b|a", "a*b", "[^a-z]"):
        yield f"match({quoted(text)}, '{pattern}')"
        yield f"extract({quoted(text)}, '{pattern}')"
        yield f"extractAll({quoted(text)}, '{pattern}')"
        yield f"replaceRegexpAll({quoted(text)}, '{pattern}', '<>')"
        yield f"replaceRegexpOne({quoted(text)}, '{pattern}', '')"
        yield f"countMatches({quoted(text)}, '{pattern}')"
    host = f"{rng.choice(['', 'user@'])}www.ex{number % 9}.co.uk{rng.choice(['', ':8080'])}"
    url = f"'https://{host}/a/b{rng.choice(['', '?x=1&yy=2', '?x=#f'])}'"
    for name in ("domain domainWithoutWWW topLevelDomain protocol path pathFull queryString fragment port cutQueryString "
                 "cutFragment cutQueryStringAndFragment extractURLParameters extractURLParameterNames").split():
        yield f"{name}({url})"
    for parameter in ("x", "y", "yy"):
        yield f"extractURLParameter({url}, '{parameter}')"
        yield f"cutURLParameter({url}, '{parameter}')"


def number_expressions(rng):
    whole, other, real = rng.randrange(-10**6, 10**6), rng.randrange(1, 1000), round(rng.uniform(-1000, 1000), rng.randrange(1, 8))
    for bits in (8, 16, 32, 64):
        yield f"toInt{bits}({whole})"
        yield f"toInt{bits}({real})"
        yield f"toInt{bits}OrNull('{whole}')"
        yield f"toInt{bits}OrZero('{whole}')"
        if bits < 64:
            yield f"toUInt{bits}({whole})"
    yield f"toString({real})"
    yield f"toString({real}e{rng.randrange(-20, 30)})"
    yield f"toDecimal64('{real}', 1)"
    yield f"toFloat64('{real}')"
    for name in "intDiv modulo positiveModulo greatest least bitAnd bitOr bitXor divide".split():
        yield f"{name}({abs(whole)}, {other})"
    for name in "intDiv modulo positiveModulo intDivOrZero".split():
        yield f"{name}({whole}, {other})"
    yield f"intDivOrZero({whole}, 0)"
    yield f"modulo({real}, {other})"
    yield f"if({whole} > 0, 'a', 'b')"
    yield f"multiIf({whole} > 0, 'a', {real} > 0, 'b', 'c')"
    yield f"greatest({whole}, NULL, {other})"
    yield f"roundBankers({rng.randrange(-50, 50)}.5)"
    yield f"IPv4NumToString({rng.randrange(2**32)})"
    yield f"IPv4StringToNum('{'.'.join(str(rng.randrange(256)) for _ in range(4))}')"
    yield f"isNotNull(NULLIF({other}, {other}))"


def random_json(rng, depth=0):
    kind = rng.randrange(8 if depth < 3 else 6)
    if kind == 6:
        return [random_json(rng, depth + 1) for _ in range(rng.randrange(4))]
    if kind == 7:
        return {name: random_json(rng, depth + 1) for name in rng.sample(["a", "b", "c d", "ü"], rng.randrange(5))}
    return [None, rng.random() < 0.5, rng.randrange(-10**12, 10**12), round(rng.uniform(-100, 100), 3), rng.choice(WORDS),
            str(rng.randrange(100))][kind]


def json_expressions(rng):
    value = random_json(rng)
    text = quoted(json.dumps(value, ensure_ascii=False, indent=rng.choice([None, 1])).replace("\\", "\\\\"))
    if "\\" in text:
        text = quoted(json.dumps({"a": [1, {"b": "x", "c d": None}]}))
    paths = ["", ", 'a'", ", 'a', 1", ", 1", ", -1", ", 'b', 'a'", ", 2, 'a'", ", 'ü'", ", 'a', 'b', 'c d'", ", 0"]
    for path in rng.sample(paths, 5):
        for name in ("JSONHas JSONLength JSONType JSONExtractString JSONExtractInt JSONExtractUInt JSONExtractFloat "
                     "JSONExtractBool JSONExtractRaw JSONExtractArrayRaw JSONExtractKeys JSONExtractKeysAndValuesRaw").split():
            yield f"{name}({text}{path})"
        for kind in ("String", "Int64", "Nullable(Float64)", "Nullable(String)"):
            yield f"JSONExtract({text}{path}, '{kind}')"
    yield f"isValidJSON({text})"
    yield f"isValidJSON({quoted(rng.choice(WORDS))})"


def same(ours, theirs):
    if isinstance(theirs, bool):
        theirs = int(theirs)
    if isinstance(theirs, list):
        return isinstance(ours, str) and equal(json.loads(ours), theirs)
    return equal(ours, theirs)


def equal(ours, theirs):
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(equal, ours, theirs))
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return math.isclose(ours, theirs, rel_tol=1e-12, abs_tol=1e-12)
    return ours == theirs


class Both:
    """Evaluates expressions here, through a sink of NDJSON, and in ClickHouse."""

    def __init__(self, sluice, clickhouse):
        self.sluice, self.clickhouse, self.count = sluice, clickhouse, 0

    def ours(self, sql):
        self.count += 1
        name = f"p{self.count}"
        self.sluice.make_pipe(name, sql)
        self.sluice.make_sink(name, connection="disk", path=f"local://{name}", file_template="all", format="ndjson")
        self.sluice.wait(self.sluice.run(name))
        return [json.loads(line) for line in self.sluice.local_files()[f"{name}/all.ndjson"].decode().splitlines()]

    def theirs(self, sql):
        answer = self.clickhouse.query(f"{sql} SETTINGS session_timezone = 'UTC', output_format_json_quote_64bit_integers = 0, "
                                       "max_threads = 1 FORMAT JSONEachRow")
        return [json.loads(line) for line in str(answer).splitlines()]

    def differences(self, pairs):
        """[(ours, result, theirs, result)] of expressions of one row."""
        found = []
        for at in range(0, len(pairs), COLUMNS):
            some = pairs[at:at + COLUMNS]
            (mine,) = self.ours("SELECT " + ", ".join(f"{one} AS c{i}" for i, (one, _) in enumerate(some)))
            (other,) = self.theirs("SELECT " + ", ".join(f"{one} AS c{i}" for i, (_, one) in enumerate(some)))
            found += [(some[i][0], mine[f"c{i}"], some[i][1], other[f"c{i}"])
                      for i in range(len(some)) if not same(mine[f"c{i}"], other[f"c{i}"])]
        return found


@pytest.fixture
def both(make_sluice, tmp_path, clickhouse):
    sluice = make_sluice(attach={"shop": shop(tmp_path)}).start()
    sluice.make_local()
    return Both(sluice, clickhouse)


def shop(folder):
    path = folder / "shop.db"
    sqlite3.connect(path).close()
    return path


def alike(*generators):
    return [(one, one) for generator in generators for one in generator]


def test_times(both, seeded):
    pairs = alike(*[time_expressions(seeded) for _ in range(4)])
    pairs += [pair for _ in range(8) for pair in interval_pairs(seeded)]
    print(f"{len(pairs)} expressions")
    assert both.differences(pairs) == []


def test_texts_and_numbers(both, seeded):
    pairs = alike(*[text_expressions(seeded) for _ in range(8)], *[number_expressions(seeded) for _ in range(8)])
    print(f"{len(pairs)} expressions")
    assert both.differences(pairs) == []


def test_json(both, seeded):
    pairs = alike(*[json_expressions(seeded) for _ in range(12)])
    print(f"{len(pairs)} expressions")
    assert both.differences(pairs) == []


def test_what_differs_differs(both):
    """A documented difference that is none any more should leave the documentation."""
    for expression, reason in DIFFERENT.items():
        theirs = both.theirs(f"SELECT {expression} AS c")[0]["c"]
        try:
            ours = both.ours(f"SELECT {expression} AS c")[0]["c"]
        except AssertionError as failure:  # The job failed, with the function's own sentence.
            assert expression.split("(")[0] + "()" in str(failure), reason
            continue
        assert not same(ours, theirs), f"{expression}: both give {ours!r}, but: {reason}"


AGGREGATES = """countIf(i>0) countIf(t) sumIf(i,i>0) sumIf(r,i<0) avgIf(r,i>0) minIf(i,i>0) maxIf(r,i<0) any(i) anyLast(i)
uniq(i) uniq(t) uniq(i,k) uniqIf(i,i>0) uniqExact(i) uniqExactIf(t,i>0) quantile(0.9)(r) quantile(i) quantile(0)(r)
quantileIf(0.25)(r,i>0) quantileExact(0.5)(i) quantileExact(0.99)(r) quantiles(0.1,0.5,0.9)(r) median(r) medianIf(i,i>0)
quantilesExact(0.1,0.9)(i) groupArray(i) groupArray(t) groupArray(5)(r) groupArrayIf(i,i>0) arraySum(groupArray(i))
argMax(t,r) argMin(t,r) argMaxIf(i,r,i<0) argMin(k,r) varPop(r) varSamp(r) stddevPop(r) stddevSamp(i) topK(1)(one)
arrayStringConcat(groupArray(k),'-') sum(i) min(r) max(t)""".split()


def test_aggregates(both, seeded, tmp_path):
    rows = [{"i": seeded.randrange(-100, 100), "r": seeded.uniform(-100, 100), "one": 1,
             "t": None if seeded.random() < 0.2 else str(seeded.randrange(20)), "k": seeded.choice("abcd")} for _ in range(2000)]
    with sqlite3.connect(tmp_path / "shop.db") as database:
        database.execute("CREATE TABLE x(i INTEGER, r REAL, one INTEGER, t TEXT, k TEXT)")
        database.executemany("INSERT INTO x VALUES (:i, :r, :one, :t, :k)", rows)
    file = tmp_path / "x.ndjson"
    file.write_text("\n".join(map(json.dumps, rows)))
    source = f"file('{file}', 'JSONEachRow', 'i Int64, r Float64, one Int64, t Nullable(String), k String')"
    sides = AGGREGATES
    sql = "SELECT k, " + ", ".join(f"{one} AS c{i}" for i, one in enumerate(sides)) + " FROM {} GROUP BY k ORDER BY k"
    ours = both.ours(sql.format("shop.x"))
    theirs = both.theirs(sql.format(source).replace("countIf(t)", "countIf(t != '0')"))
    assert [row["k"] for row in ours] == [row["k"] for row in theirs] == list("abcd")
    wrong = [(one, mine[f"c{i}"], other[f"c{i}"]) for mine, other in zip(ours, theirs) for i, one in enumerate(sides)
             if not same(mine[f"c{i}"], other[f"c{i}"])]
    assert wrong == []


def test_now_is_when_the_job_was_received(both):
    both.sluice.make_pipe("when", "SELECT now() AS n, today() AS d, toStartOfMonth(now()) AS m")
    both.sluice.make_sink("when", connection="disk", path="local://when", file_template="all", format="ndjson")
    job = both.sluice.wait(both.sluice.run("when"))
    at = job["created_at"]
    assert json.loads(both.sluice.local_files()["when/all.ndjson"]) == {"n": at[:19], "d": at[:10], "m": at[:8] + "01"}


def test_an_unknown_function_suggests_the_nearest(both):
    answer = both.sluice.raw("POST", "/v0/pipes", data={"name": "wrong", "sql": "SELECT toStartOfHuor(now())"})
    assert answer.status_code == 400
    assert "no such function: toStartOfHuor" in answer.text and "toStartOfHour()" in answer.text
