#!/usr/bin/env python3
"""The house rules as a test: room order, third parties, banned calls, sizes, mirrors, numbering.

Usage: style_test.py [ROOT]. Prints each violation as file:line, with the rule's reason and how to
mend it. Python's standard library only. style_selftest.py shows that every rule fires.
"""

import re
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

import source_text  # noqa: E402

Violation = namedtuple("Violation", "path line rule what")

# ARCHITECTURE.md, "Floors": includes go down only, and rooms of one floor do not know each other.
FLOORS = {
    "base": 0,
    "domain": 1, "data": 1, "net": 1, "door": 1,
    "engine": 2, "format": 2, "intake": 2, "object_store": 2, "state": 2, "warehouse": 2,
    "pipeline": 3, "catalog": 3, "query": 3,
    "jobs": 4,
    "api": 5, "web": 5,
    "": 6,  # The files of src/ itself and main.cpp.
}  # fmt: skip
# Rooms that may know less than every floor below them.
KNOWS_ONLY = {
    "format": {"base", "domain", "data"},
    "intake": {"base", "domain", "data"},
    "state": {"base", "domain"},
    "warehouse": {"base", "domain", "data"},
    "door": {"base"},
    "web": set(),
    "api": {"base", "domain", "state", "jobs", "catalog", "query", "door"},
}

# Third-party headers (as a regular expression) and the only places that may include them.
ADDRESSES = [
    (r"curl/", ["src/net/"]),
    (r"httplib\.h", ["src/door/"]),
    (r"SQLiteCpp/|sqlite3\.h", ["src/state/", "src/engine/", "src/warehouse/"]),
    (r"openssl/", ["src/base/hash", "src/door/tls"]),
    (r"zlib\.h", ["src/format/", "src/door/gunzip", "src/intake/"]),
    (r"isa-l/crc\.h", ["src/base/crc32c", "src/format/codec"]),
    (r"(isa-l/igzip_lib|libdeflate|zstd|brotli/\w+|lzma|bzlib|lz4\w*|snappy)(/\w+)?\.h", ["src/format/codec", "src/intake/"]),
    (r"pugixml\.hpp", ["src/object_store/"]),
    (r"re2/", ["src/engine/sql_patterns"]),
    (r"spdlog/", ["src/base/log"]),
    (r"CLI/", ["src/config"]),
    (r"date/", ["src/base/"]),
]

# Banned code, where it is allowed after all, and what to use in its place. A match with the group
# `fine` is none.
BANNED = [
    (r"system_clock\s*::\s*now", ["src/base/clock"], "take the time from a Clock"),
    (r"\b(secure_)?getenv\b", ["src/config", "tests/"], "read it in src/config and pass it on"),
    (r"\bsleep_(for|until)\b|\b(usleep|nanosleep)\b", [], "wait with Clock::sleep and a stop token"),
    (r"\.\s*detach\s*\(\s*\)", [], "keep a std::jthread and let it end"),
    (r"\bstd\s*::\s*thread\b(?!\s*::)", [], "use std::jthread with a std::stop_token"),
    (r"(?P<fine>\boperator)?\s*\bnew\b\s*[\w:(\[]", [], "use std::make_unique or a container"),
    (r"(?P<fine>=|\boperator)?\s*\bdelete\b", [], "let a std::unique_ptr own it"),
]  # fmt: skip

WARN_LINES, MOST_LINES, MOST_FUNCTION_LINES = 300, 500, 70

# Sources of src/ without a test file of their own, and why. Those of src/ itself are mirrored in
# tests/app/.
NO_MIRROR = {}

REASONS = {
    "floor": ("includes go down the floors only, so that a room can be understood and tested "
              "without those above it", "move the code down, or pass what it needs in from above"),
    "cycle": ("files that include each other can't be understood one at a time",
              "split out what both need, or declare it forward"),
    "map": ("CMakeLists.txt is the map of the rooms",
            "add the room to USES of this sluice_room, if the floors allow it"),
    "third-party": ("each library has one address, so that it can be replaced, and its failures "
                    "translated, in one place", "use the room that owns the library"),
    "banned": ("time, chance, waiting, memory and configuration have one owner each",
               "see the text of the violation"),
    "file-size": (f"files of more than {MOST_LINES} lines are not read (from {WARN_LINES} on they "
                  "are warned of)", "split it by subject"),
    "function-size": (f"a function of more than {MOST_FUNCTION_LINES} lines does not fit the eye",
                      "give its parts names"),
    "listed": ("a source that is not built is not tested", "add it to CMakeLists.txt"),
    "mirror": ("tests mirror src/, so that everyone finds them",
               "write the test, or give the reason in NO_MIRROR of style_test.py"),
    "migrations": ("a data folder must go through every migration once, in order",
                   "number the files 0001_name.sql, 0002_name.sql, ... without gaps"),
    "pragma-once": ("a header that is read twice does not compile",
                    "begin it with #pragma once"),
    "format": ("nobody should argue about spaces", "run clang-format -i on the file"),
}  # fmt: skip


class House:
    """The files of a source tree and what the rules ask about them."""

    def __init__(self, root):
        self.root = Path(root).resolve()
        self.sources = [p for folder in ("src", "tests") for p in self._under(folder)]
        if (self.root / "main.cpp").exists():
            self.sources.append("main.cpp")
        self.texts = {path: self.read(path) for path in self.sources}
        cmake = self.read("CMakeLists.txt") if (self.root / "CMakeLists.txt").exists() else ""
        self.cmake = re.sub(r"#[^\n]*", "", cmake)

    def _under(self, folder):
        found = [p for p in (self.root / folder).rglob("*") if p.suffix in (".cpp", ".h")]
        return sorted(str(p.relative_to(self.root)) for p in found)

    def read(self, path):
        return (self.root / path).read_text(encoding="utf-8")

    def in_src(self):
        return [path for path in self.sources if not path.startswith("tests/")]

    def calls(self, function):
        """{room: {keyword: [words]}} of every sluice_room(...) or sluice_tests(...)."""
        result = {}
        for match in re.finditer(function + r"\s*\(([^)]*)\)", self.cmake):
            name, *words = match[1].split()
            groups = result.setdefault(name, {})
            key = ""
            for word in words:
                if word in ("SOURCES", "USES", "LIBRARIES"):
                    key = word
                else:
                    groups.setdefault(key, []).append(word)
        return result


def room_of(path):
    parts = path.split("/")
    return parts[1] if parts[0] == "src" and len(parts) > 2 else ""


def check_floors(house):
    for path in house.in_src():
        room = room_of(path)
        if room not in FLOORS:
            yield Violation(path, 1, "floor", f"the room '{room}' is on no floor of style_test.py")
            continue
        for line, header, quoted in source_text.includes(house.texts[path]):
            other = room_of("src/" + header)
            if not quoted or other == room:
                continue
            if other not in FLOORS:
                yield Violation(path, line, "floor", f'"{header}" is of no known room')
                continue
            allowed = FLOORS[other] < FLOORS[room] and other in KNOWS_ONLY.get(room, FLOORS)
            if not allowed:
                yield Violation(path, line, "floor", f"{room or 'src'} may not include {other}")


def check_map(house):
    uses = {room: set(call.get("USES", [])) for room, call in house.calls("sluice_room").items()}

    def reachable(room, seen):
        for other in uses.get(room, ()):
            if other not in seen:
                seen.add(other)
                reachable(other, seen)
        return seen

    for path in house.in_src():
        room = room_of(path)
        if room not in uses:
            continue
        known = reachable(room, {room})
        for line, header, quoted in source_text.includes(house.texts[path]):
            other = room_of("src/" + header)
            if quoted and other and other not in known:
                yield Violation(path, line, "map", f"{room} includes {other} but does not use it")


def check_cycles(house):
    graph = {}
    for path in house.in_src():
        targets = [("src/" + header, line)
                   for line, header, quoted in source_text.includes(house.texts[path]) if quoted]
        graph[path] = [(target, line) for target, line in targets if target in house.texts]
    done = set()

    def visit(path, trail):
        if path in done:
            return
        for target, line in graph.get(path, ()):
            if target in trail:
                ring = trail[trail.index(target):] + [target]
                yield Violation(path, line, "cycle", " -> ".join(ring))
            else:
                yield from visit(target, trail + [target])
        done.add(path)

    for path in graph:
        yield from visit(path, [path])


def check_third_parties(house):
    for path in house.in_src():
        for line, header, _ in source_text.includes(house.texts[path]):
            for pattern, places in ADDRESSES:
                if re.match(pattern, header) and not path.startswith(tuple(places)):
                    yield Violation(path, line, "third-party",
                                    f"<{header}> belongs to {' and '.join(places)}")


def check_banned(house):
    for path in house.sources:
        code = source_text.code_only(house.texts[path])
        for pattern, places, instead in BANNED:
            if path.startswith(tuple(places)):
                continue
            for match in re.finditer(pattern, code):
                if match.groupdict().get("fine"):
                    continue
                at = match.start() + len(match[0]) - len(match[0].lstrip())
                yield Violation(path, source_text.line_of(code, at), "banned",
                                f"'{' '.join(match[0].split())}': {instead}")


def check_sizes(house):
    for path in house.sources:
        lines = house.texts[path].count("\n")
        if lines > MOST_LINES:
            yield Violation(path, lines, "file-size", f"{lines} lines")
        for first, last, head in source_text.functions(house.texts[path]):
            size = last - first + 1
            if size > MOST_FUNCTION_LINES:
                yield Violation(path, first, "function-size", f"{size} lines: {head[-60:]}")


def warnings(house):
    for path in house.sources:
        lines = house.texts[path].count("\n")
        if WARN_LINES < lines <= MOST_LINES:
            yield f"{path}: warning: {lines} lines, more than {WARN_LINES}"


def check_lists(house):
    rooms, tests = house.calls("sluice_room"), house.calls("sluice_tests")
    words = set(house.cmake.replace("(", " ").replace(")", " ").split())
    for path in house.in_src():
        if not path.endswith(".cpp"):
            continue
        room, name = room_of(path), path.rsplit("/", 1)[-1]
        if name not in rooms.get(room, {}).get("SOURCES", []) and path not in words:
            yield Violation(path, 1, "listed", "not in CMakeLists.txt")
        if path == "main.cpp" or path in NO_MIRROR:
            continue
        folder = room or "app"
        test = name.replace(".cpp", "_test.cpp")
        if f"tests/{folder}/{test}" not in house.texts:
            yield Violation(path, 1, "mirror", f"tests/{folder}/{test} does not exist")
        elif test not in tests.get(folder, {}).get("SOURCES", []):
            yield Violation(f"tests/{folder}/{test}", 1, "listed",
                            f"not in sluice_tests({folder}) of CMakeLists.txt")
    for path in NO_MIRROR:
        if path not in house.texts:
            yield Violation("tests/style/style_test.py", 1, "mirror",
                            f"NO_MIRROR names {path}, which does not exist")


def check_migrations(house):
    names = sorted(p.name for p in (house.root / "migrations").glob("*"))
    for number, name in enumerate(names, start=1):
        if not re.fullmatch(rf"{number:04d}_[a-z0-9_]+\.sql", name):
            yield Violation(f"migrations/{name}", 1, "migrations",
                            f"expected number {number:04d} here")


def check_pragma_once(house):
    for path in house.sources:
        if path.endswith(".h"):
            first = source_text.without_comments(house.texts[path]).split("\n")
            if next((line.strip() for line in first if line.strip()), "") != "#pragma once":
                yield Violation(path, 1, "pragma-once", "does not begin with it")


def clang_format():
    """The formatter, or None: other versions than Debian 12's lay code out differently."""
    program = shutil.which("clang-format-14") or shutil.which("clang-format")
    if program is None:
        return None
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return program if re.search(r"version 14\.", version.stdout) else None


def check_format(house):
    program = clang_format()
    if program is None or not (house.root / ".clang-format").exists():
        return
    run = subprocess.run([program, "--dry-run", *house.sources], cwd=house.root, check=False,
                         capture_output=True, text=True)
    seen = set()
    for path, line in re.findall(r"^([^:\n]+):(\d+):\d+: warning:", run.stderr, re.MULTILINE):
        if path not in seen:
            seen.add(path)
            yield Violation(path, int(line), "format", "not laid out as .clang-format says")


RULES = [check_floors, check_map, check_cycles, check_third_parties, check_banned, check_sizes,
         check_lists, check_migrations, check_pragma_once, check_format]  # fmt: skip


def violations(house):
    return [violation for rule in RULES for violation in rule(house)]


def main(arguments):
    root = arguments[0] if arguments else Path(__file__).resolve().parents[2]
    house = House(root)
    for warning in warnings(house):
        print(warning)
    found = violations(house)
    for violation in found:
        reason, mend = REASONS[violation.rule]
        print(f"{violation.path}:{violation.line}: {violation.rule}: {violation.what}\n"
              f"    why: {reason}\n    mend: {mend}")
    skipped = "" if clang_format() else ", layout not checked (clang-format 14 is not installed)"
    print(f"style: {len(house.sources)} files, {len(found)} violations{skipped}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
