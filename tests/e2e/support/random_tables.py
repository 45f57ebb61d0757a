"""Tables whose values try to break what carries them: names, quotes, numbers, times."""
import dataclasses
import struct

# As partition values. Each must come out as a name of its own, inside of its folder.
ODD_TEXTS = [
    "", ".", "..", "../../etc/passwd", "/", "//", "a/b", "a\\b", "a b", " lead", "trail ", "%", "%2F", "100%", "%00",
    "{x}", "}{", "tab\there", "line\nend", "\r", "\x00", "\x1f", "\x7f", "__EMPTY__", "__HIVE_DEFAULT_PARTITION__",
    "__EMPTY__x", ".csv", "x.csv", "x.csv.gz", "x-0000", "x.1", "a=b", "a&b+c", "+", "#?", "*", "~", "a:b",
    "quote'", '"', '""', "a,b", "a;b|c", "ä", "é", "e\u0301",
    "日本", "😀", "\u00a0", "\u2028", "\u202e", "NULL", "null", "nan",
    "1", "1.0", "01", "-0", "A", "a", "long" * 10]
ODD_INTEGERS = [0, 1, -1, 7, 2**31, 2**53, 2**53 + 1, -2**53 - 1, 2**63 - 1, -2**63]
ODD_REALS = [0.0, -0.0, 0.1, 1 / 3, -1.5, 5.0, 1e15, 1e16, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308, 2.0**53, -1e22,
             123456.789, 0.30000000000000004]
# Where the unit of a Unix time changes, and the first second of year 1.
ODD_TIMES = [0, -1, 10**11 - 1, 10**11, -10**11, 10**14 - 1, 10**14, -10**14, 10**17 - 1, 10**17, -10**17, -62135596800]
NAMES = ["k", "Größe", "order id", "a.b", "x-y", "naïve=", "国", "_", "SELECT", "k2", "UPPER", "a/b"]


@dataclasses.dataclass
class Column:
    name: str
    declared: str
    pool: list  # What rows take their value from.
    is_time: bool = False


@dataclasses.dataclass
class Table:
    name: str
    columns: list
    rows: list

    def create(self, database):
        columns = ", ".join(f"{quoted(column.name)} {column.declared}" for column in self.columns)
        database.execute(f"CREATE TABLE {self.name} ({columns})")
        marks = ", ".join("?" * len(self.columns))
        database.executemany(f"INSERT INTO {self.name} VALUES ({marks})", self.rows)


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def any_text(random):
    letters = "abc XYZ 0123 ,;\"'\n\r\t/\\%{}<>&äßé日😀\u2028"
    return "".join(random.choices(letters, k=random.choice([0, 1, 5, 20, 20, 80, 700])))


def any_integer(random):
    return random.choice([random.choice(ODD_INTEGERS), random.randrange(-1000, 1000), random.randrange(-2**63, 2**63)])


def any_real(random):
    value = struct.unpack("<d", struct.pack("<Q", random.randrange(2**52, 0x7FF0 << 48)))[0]
    return random.choice([random.choice(ODD_REALS), random.uniform(-1e6, 1e6), value, -value])


def any_blob(random):
    return random.randbytes(random.choice([0, 1, 3, 40]))


def any_unix_time(random):
    """In any unit; the years that come of it are all over the calendar."""
    if random.random() < 0.3:
        return random.choice(ODD_TIMES)
    scale = random.choice([1, 10**3, 10**6, 10**9])
    seconds = random.choice([random.randrange(-6 * 10**9, 6 * 10**9), random.randrange(10**9, 2 * 10**9)])
    if scale == 1 or abs(seconds) < 10**8 + 10**3:
        return seconds
    return seconds * scale + random.randrange(scale)


def any_time_text(random):
    day = f"{random.choice([1999, 2024, 2026, 9998, random.randrange(2, 9999)]):04d}-" \
          f"{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}"
    minutes = f"{random.randrange(24):02d}:{random.randrange(60):02d}"
    seconds = f"{minutes}:{random.randrange(60):02d}"
    zone = random.choice(["", "", "Z", "+02:00", "-11:30", "+00:00"])
    return random.choice([
        day, f"{day} {minutes}", f"{day}T{minutes}", f"{day} {seconds}{zone}", f"{day}T{seconds}{zone}",
        f"{day}T{seconds}.{random.randrange(1000):03d}{zone}", f"{day} {seconds}.{random.randrange(10**6):06d}{zone}"])


def any_date(random):
    return f"{random.randrange(1990, 2030)}-{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}"


def any_bool(random):
    return random.choice([0, 1, 0, 1, "true", "false"])


def any_value(random):
    return random.choice([any_text, any_integer, any_real, any_blob])(random)


def any_key(random):
    """A value of any type that is short enough for a name."""
    return random.choice([random.choice(ODD_TEXTS), any_integer(random), any_real(random), any_blob(random)])


# What a column declares, what makes its values, whether they are times.
KINDS = [
    ("TEXT", lambda random: random.choice(ODD_TEXTS), False), ("TEXT", lambda random: random.choice(ODD_TEXTS), False),
    ("INTEGER", any_integer, False), ("REAL", any_real, False), ("BLOB", any_blob, False),
    ("INTEGER", any_unix_time, True), ("TEXT", any_time_text, True), ("TIMESTAMP", any_unix_time, True),
    ("TIMESTAMP", any_time_text, True), ("DATE", any_date, True), ("BOOLEAN", any_bool, False)]
UNTYPED = ("", any_key, False)


def make_key_column(random, name, untyped):
    """A column to partition by: few distinct values."""
    declared, make, is_time = random.choice(KINDS + [UNTYPED] * untyped)
    pool = [make(random) for _ in range(random.randrange(1, 6))]
    if random.random() < 0.4:
        pool.append(None)
    return Column(name, declared, pool, is_time)


def make_table(random, name, rows, untyped, wide=False):
    """`untyped`: with columns that hold values of every type. `wide`: rows of about half a kilobyte."""
    names = random.sample(NAMES, 5)
    columns = [make_key_column(random, each, untyped) for each in names[:random.randrange(1, 5)]]
    columns += [Column("free", "TEXT", [any_text(random) for _ in range(50)] + [None])]
    if untyped:
        columns.append(Column("any", "", [any_value(random) for _ in range(50)] + [None]))
    if wide:
        columns.append(Column("wide", "TEXT", [random.randbytes(random.randrange(500)).hex() for _ in range(500)]))
    columns += [Column("twin", "INTEGER", [1]), Column("id", "INTEGER", [])]
    numbers = random.sample(range(-rows, 2 * rows), rows)
    return Table(name, columns, [
        [random.choice(column.pool) for column in columns[:-1]] + [numbers[row]] for row in range(rows)])
