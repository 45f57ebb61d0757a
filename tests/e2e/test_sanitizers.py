"""What a sanitizer finds in a server fails the test that started it, also where nobody looks at the server's end."""
import pytest

from support.sanitizers import slowness
from support.sluice import Sluice

REPORTS = {
    "race": "==================\nWARNING: ThreadSanitizer: data race (pid=7)\n  Write of size 4 at 0x1 by thread T1:\n",
    "use after free": "=====\n==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x1 at pc 0x1 bp 0x1 sp 0x1\n",
    "leak": "\n=====\n==7==ERROR: LeakSanitizer: detected memory leaks\n",
    "undefined": "../../src/base/hash.cpp:3:16: runtime error: signed integer overflow\n",
}
FINE = "2026-01-01T00:00:00Z INFO a job failed: SQLite: runtime error: malformed JSON. WARNING: ThreadSanitizer is a word\n"


def ended(folder, said):
    """A program that says this and is ended, as a server is after its test."""
    (folder / "said").write_text(said)
    script = folder / "server"
    script.write_text(f"#!/bin/sh\nexec cat '{folder}/said'\n")
    script.chmod(0o755)
    server = Sluice(script, folder / "sluice")
    server.launch().wait(10)
    server.end()


@pytest.mark.parametrize("kind", REPORTS)
def test_a_report_fails_the_test(tmp_path, kind):
    with pytest.raises(AssertionError, match="a sanitizer's report"):
        ended(tmp_path, FINE + REPORTS[kind] + FINE)


def test_other_lines_do_not(tmp_path):
    ended(tmp_path, FINE)


def test_limits_hold_as_they_are_in_a_release(repository):
    assert slowness(repository / "build/release/sluice") == 1
    assert slowness(repository / "build/tsan/sluice") == 10
