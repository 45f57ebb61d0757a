"""Which file a row belongs to, as the README says it: an oracle that shares nothing with Sluice's code.

A file template is a list of pieces here: `Text`, `Value` ({column}), `Date` ({column, 'format'}) and
`Spread` ({8}). It is rendered for Sluice and never parsed, so that a mistake in reading templates
can't be made twice.
"""
import base64
import dataclasses
import datetime
import re

NULL = "__HIVE_DEFAULT_PARTITION__"
EMPTY = "__EMPTY__"
# Stands for the number of {N} in a stem; no value can hold it, since control characters are encoded.
SPREAD = "\x01"

EPOCH = datetime.datetime(1970, 1, 1)
SHORT_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
SHORT_DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()


@dataclasses.dataclass(frozen=True)
class Text:
    text: str

    def __str__(self):
        return self.text


@dataclasses.dataclass(frozen=True)
class Value:
    name: str

    def __str__(self):
        return "{%s}" % self.name


@dataclasses.dataclass(frozen=True)
class Date:
    name: str
    format: str

    def __str__(self):
        return "{%s, '%s'}" % (self.name, self.format)


@dataclasses.dataclass(frozen=True)
class Spread:
    parts: int

    def __str__(self):
        return "{%d}" % self.parts

    def numbers(self):
        """The texts that the parts have in names."""
        width = len(str(self.parts - 1))
        return [str(number).zfill(width) for number in range(self.parts)]


def render(pieces):
    return "".join(str(piece) for piece in pieces)


def value_in_name(value):
    """NULL and the empty text have words of their own; what would leave its folder, or look like
    another value, is percent-encoded."""
    if value is None:
        return NULL
    if isinstance(value, bytes):
        value = base64.b64encode(value).decode()
    if not isinstance(value, str):
        return repr(value)
    if value == "":
        return EMPTY
    if value in (".", ".."):
        return value.replace(".", "%2E")
    if value in (NULL, EMPTY):
        return "%5F" + value[1:]
    return re.sub(r"[\x00-\x1f\x7f/\\{}%]", lambda found: "%%%02X" % ord(found[0]), value)


def moment(value):
    """The UTC time, without a zone, that a text or a Unix time stands for."""
    if isinstance(value, int):
        return unix_moment(value)
    parsed = datetime.datetime.fromisoformat(value)
    if parsed.tzinfo is not None:
        parsed = parsed.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return parsed


def unix_moment(value):
    """The size tells seconds, milliseconds, microseconds and nanoseconds apart."""
    for bound, per_second in ((10**11, 1), (10**14, 10**3), (10**17, 10**6)):
        if abs(value) < bound:
            return EPOCH + datetime.timedelta(microseconds=value * (10**6 // per_second))
    return EPOCH + datetime.timedelta(microseconds=value // 1000)


def formatted(at, text):
    """ClickHouse's formatDateTime, in UTC."""
    iso = at.isocalendar()
    codes = {
        "Y": f"{at.year:04d}", "y": f"{at.year % 100:02d}", "Q": str((at.month - 1) // 3 + 1),
        "m": f"{at.month:02d}", "b": SHORT_MONTHS[at.month - 1], "d": f"{at.day:02d}",
        "j": f"{at.timetuple().tm_yday:03d}", "G": f"{iso[0]:04d}", "V": f"{iso[1]:02d}", "u": str(iso[2]),
        "w": str(iso[2] % 7), "a": SHORT_DAYS[at.weekday()], "H": f"{at.hour:02d}",
        "I": f"{(at.hour + 11) % 12 + 1:02d}", "p": "AM" if at.hour < 12 else "PM", "i": f"{at.minute:02d}",
        "S": f"{at.second:02d}", "s": f"{at.second:02d}", "F": f"{at.year:04d}-{at.month:02d}-{at.day:02d}",
        "R": f"{at.hour:02d}:{at.minute:02d}", "T": f"{at.hour:02d}:{at.minute:02d}:{at.second:02d}", "%": "%"}
    return re.sub("%(.)", lambda found: codes[found[1]], text)


def expanded(piece, values):
    if isinstance(piece, Text):
        return piece.text
    if isinstance(piece, Spread):
        return SPREAD
    value = values[piece.name]
    if isinstance(piece, Value):
        return value_in_name(value)
    return NULL if value is None else formatted(moment(value), piece.format)


def stem_of(pieces, values, extension):
    """The name of a row's file, without the extension and with SPREAD in place of {N}'s number.
    `values`: the run's variables and the row's columns, which beat them."""
    name = "".join(expanded(piece, values) for piece in pieces)
    return name.removesuffix(ending_there(pieces, extension))


def ending_there(pieces, extension):
    """What of the extension the template already ends in: "x.csv" has the ".csv" of ".csv.gz"."""
    tail = pieces[-1].text if isinstance(pieces[-1], Text) else ""
    format_only = extension[:extension.index(".", 1)] if extension.count(".") > 1 else extension
    return next((part for part in (extension, format_only) if tail.endswith(part)), "")


def extension_of(file_format, compression):
    packed = "" if compression == "none" or file_format == "parquet" else f".{compression}"
    return f".{file_format}{packed}"
