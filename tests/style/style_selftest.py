#!/usr/bin/env python3
"""Shows that each rule of style_test.py fires on a planted violation, and on nothing near it."""

import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

import source_text  # noqa: E402
import style_test  # noqa: E402

CMAKE = """
sluice_room(base SOURCES clock.cpp)
sluice_room(data SOURCES batch.cpp USES base)
sluice_tests(base SOURCES clock_test.cpp USES base)
sluice_tests(data SOURCES batch_test.cpp USES data)
add_executable(sluice main.cpp)
"""
CLEAN = {
    "CMakeLists.txt": CMAKE,
    "main.cpp": '#include "data/batch.h"\n\nint main() { return 0; }\n',
    "src/base/clock.h": "#pragma once\n\n#include <chrono>\n",
    "src/base/clock.cpp": '#include "base/clock.h"\n',
    "src/data/batch.h": '#pragma once\n\n#include "base/clock.h"\n',
    "src/data/batch.cpp": '#include "data/batch.h"\n',
    "tests/base/clock_test.cpp": '#include "base/clock.h"\n',
    "tests/data/batch_test.cpp": '#include "data/batch.h"\n',
    "migrations/0001_first.sql": "SELECT 1;\n",
    "migrations/0002_second.sql": "SELECT 1;\n",
}


class StyleTest(unittest.TestCase):
    def setUp(self):
        # The exemptions of the real tree are not those of the planted one.
        patch = mock.patch.dict(style_test.NO_MIRROR, clear=True)
        patch.start()
        self.addCleanup(patch.stop)

    def found(self, files=None):
        """(path, line, rule) of each violation in the clean tree with some files changed."""
        files = {**CLEAN, **(files or {})}
        with tempfile.TemporaryDirectory() as folder:
            for path, text in files.items():
                if text is not None:
                    target = Path(folder) / path
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_text(text, encoding="utf-8")
            found = style_test.violations(style_test.House(folder))
        return {(v.path, v.line, v.rule) for v in found}

    def code(self, *lines, path="src/data/batch.cpp"):
        """What is found when these lines stand in one source, after its include."""
        text = '#include "data/batch.h"\n' + "\n".join(lines) + "\n"
        return self.found(files={path: text})

    def test_clean_tree(self):
        self.assertEqual(self.found(), set())

    def test_floor(self):
        upwards = '#pragma once\n\n#include "data/batch.h"\n'
        found = self.found(files={"src/base/random.h": upwards})
        self.assertIn(("src/base/random.h", 3, "floor"), found)

    def test_floor_neighbours(self):
        text = '#pragma once\n\n#include "data/batch.h"\n'
        self.assertIn(("src/net/a.h", 3, "floor"), self.found(files={"src/net/a.h": text}))

    def test_floor_narrow_rooms(self):
        text = '#pragma once\n\n#include "data/batch.h"\n'
        self.assertIn(("src/state/a.h", 3, "floor"), self.found(files={"src/state/a.h": text}))
        self.assertEqual(self.found(files={"src/engine/a.h": text}), set())

    def test_floor_exception(self):
        files = {"src/api/a.h": '#pragma once\n\n#include "door/b.h"\n',
                 "src/door/b.h": "#pragma once\n"}
        self.assertEqual(self.found(files=files), set())
        files = {"src/door/b.h": '#pragma once\n\n#include "api/a.h"\n',
                 "src/api/a.h": "#pragma once\n"}
        self.assertIn(("src/door/b.h", 3, "floor"), self.found(files=files))

    def test_floor_unknown_room(self):
        found = self.found(files={"src/utils/a.h": "#pragma once\n"})
        self.assertIn(("src/utils/a.h", 1, "floor"), found)

    def test_map(self):
        cmake = CMAKE.replace("batch.cpp USES base", "batch.cpp")
        found = self.found(files={"CMakeLists.txt": cmake})
        self.assertEqual(found, {("src/data/batch.h", 3, "map")})

    def test_cycle(self):
        files = {"src/base/a.h": '#pragma once\n\n#include "base/b.h"\n',
                 "src/base/b.h": '#pragma once\n\n#include "base/a.h"\n'}
        self.assertEqual(self.found(files=files), {("src/base/b.h", 3, "cycle")})

    def test_third_parties(self):
        for header in ("curl/curl.h", "httplib.h", "SQLiteCpp/Database.h", "sqlite3.h",
                       "openssl/evp.h", "zlib.h", "pugixml.hpp", "spdlog/spdlog.h", "CLI/CLI.hpp",
                       "date/tz.h"):
            found = self.code("", f"#include <{header}>")
            self.assertEqual(found, {("src/data/batch.cpp", 3, "third-party")}, header)

    def test_third_party_at_home(self):
        files = {"src/net/a.h": "#pragma once\n\n#include <curl/curl.h>\n",
                 "tests/base/clock_test.cpp": "#include <zlib.h>\n"}
        self.assertEqual(self.found(files=files), set())

    def test_banned(self):
        for line in ("auto t = std::chrono::system_clock::now();", 'auto h = getenv("HOME");',
                     "std::this_thread::sleep_for(x);", "usleep(5);", "worker.detach();",
                     "std::thread worker(run);", "auto* p = new Thing;", "auto* p = new Thing();",
                     "auto* p = new int[5];", "delete p;", "delete[] p;",
                     "if (p) delete p;", "return new (place) Thing();"):
            found = self.code("void f() {", "  " + line, "}")
            self.assertEqual(found, {("src/data/batch.cpp", 3, "banned")}, line)

    def test_not_banned(self):
        for line in ("// a new thing; delete p; system_clock::now", 'auto t = "delete p; new X";',
                     "Thing(const Thing&) = delete;", "Thing& operator=(Thing&&) =\n    delete;",
                     "auto n = std::thread::hardware_concurrency();", "int new_size = renewed;",
                     "clock.sleep(x, stop);", 'auto r = R"x(delete "p; new X)x";',
                     "void operator delete(void* p);", "/* new\n Thing */", "int x = 1'000'000;",
                     "char c = '\"'; char d = '\\'';"):
            self.assertEqual(self.code(line), set(), line)

    def test_banned_is_allowed_at_home(self):
        clock = '#include "base/clock.h"\nauto now = std::chrono::system_clock::now();\n'
        self.assertEqual(self.found(files={"src/base/clock.cpp": clock}), set())

    def test_file_size(self):
        self.assertEqual(self.code(*["//"] * 498), set())
        self.assertEqual(self.code(*["//"] * 500), {("src/data/batch.cpp", 501, "file-size")})

    def test_file_size_warning(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "main.cpp").write_text("//\n" * 301, encoding="utf-8")
            self.assertEqual(len(list(style_test.warnings(style_test.House(folder)))), 1)

    def test_function_size(self):
        for head in ("void f() {", "int Batch::f(int x) const noexcept {", "TEST(Batch, Long) {",
                     "Batch::Batch(int x) : x_(x), y_{x} {", "template <class T> T f(T t = {}) {",
                     "const auto table = [] {", "auto f(int x) -> int {",
                     "Batch& operator=(Batch&& other) {"):
            body = ["  if (x) { y(); }"] * 68
            self.assertEqual(self.code(head, *body, "};"), set(), head)
            found = self.code(head, *body, "  y();", "};")
            self.assertEqual(found, {("src/data/batch.cpp", 2, "function-size")}, head)

    def test_function_size_of_methods(self):
        text = ["namespace sluice {", "class Long final : public Short {", " public:",
                "  Long() = default;", "  int f() override {", *["    g();"] * 69, "  }",
                "  int x_ = 0;", "};", "}"]
        self.assertEqual(self.code(*text), {("src/data/batch.cpp", 6, "function-size")})

    def test_long_classes_and_tables_are_no_functions(self):
        values = ["    1,"] * 80
        members = ["  int x = 0;"] * 80
        for head in ("constexpr int kTable[] = {", "const std::vector<int> table = {",
                     "enum class Kind {", "const std::map<int, int> map{"):
            self.assertEqual(self.code(head, *values, "};"), set(), head)
        for head in ("struct Many {", "class Many : public Few<int> {", "namespace {"):
            self.assertEqual(self.code(head, *members, "};"), set(), head)

    def test_listed(self):
        found = self.found(files={"src/data/more.cpp": "\n", "tests/data/more_test.cpp": "\n"})
        self.assertEqual(found, {("src/data/more.cpp", 1, "listed"),
                                 ("tests/data/more_test.cpp", 1, "listed")})

    def test_listed_ignores_comments(self):
        cmake = CMAKE.replace("SOURCES batch.cpp", "SOURCES # batch.cpp\n ")
        found = self.found(files={"CMakeLists.txt": cmake})
        self.assertEqual(found, {("src/data/batch.cpp", 1, "listed")})

    def test_mirror(self):
        found = self.found(files={"tests/data/batch_test.cpp": None})
        self.assertEqual(found, {("src/data/batch.cpp", 1, "mirror")})

    def test_mirror_exemptions(self):
        style_test.NO_MIRROR["src/data/batch.cpp"] = "planted"
        self.assertEqual(self.found(files={"tests/data/batch_test.cpp": None}), set())
        self.assertIn("mirror", {v[2] for v in self.found(files={"src/data/batch.cpp": None})})

    def test_migrations(self):
        gap = {"migrations/0002_second.sql": None, "migrations/0003_third.sql": "\n"}
        self.assertEqual(self.found(files=gap), {("migrations/0003_third.sql", 1, "migrations")})
        twice = {"migrations/0002_other.sql": "\n"}
        self.assertEqual(len(self.found(files=twice)), 1)
        name = {"migrations/0003-third.sql": "\n"}
        self.assertEqual(self.found(files=name), {("migrations/0003-third.sql", 1, "migrations")})

    def test_pragma_once(self):
        found = self.found(files={"src/base/a.h": "// About it.\n#include <vector>\n"})
        self.assertEqual(found, {("src/base/a.h", 1, "pragma-once")})
        fine = {"src/base/a.h": "// About it.\n#pragma once\n"}
        self.assertEqual(self.found(files=fine), set())

    @unittest.skipIf(style_test.clang_format() is None, "clang-format 14 is not installed")
    def test_format(self):
        text = '#include "data/batch.h"\nint  x=0;\n'
        files = {".clang-format": "BasedOnStyle: Google\n", "src/data/batch.cpp": text}
        self.assertEqual(self.found(files=files), {("src/data/batch.cpp", 2, "format")})

    def test_every_rule_has_a_reason(self):
        with open(style_test.__file__, encoding="utf-8") as file:
            text = file.read()
        for rule in style_test.REASONS:
            self.assertGreater(text.count(f'"{rule}"'), 1, rule)

    def test_line_numbers(self):
        text = "/* a\n b */\n#include <x>\n// #include <y>\n#  include \"z\"\n"
        self.assertEqual(source_text.includes(text), [(3, "x", False), (5, "z", True)])


if __name__ == "__main__":
    unittest.main()
