"""Servers of the presets asan and tsan: what their sanitizers found, and what can't be measured in them."""
import os
import pathlib
import re

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
OPTIONS = {
    "TSAN_OPTIONS": f"suppressions={REPOSITORY}/tests/tsan.supp:print_suppressions=0:second_deadlock_stack=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
    # libfaketime stands before its runtime in the list of libraries.
    "ASAN_OPTIONS": "detect_leaks=1:verify_asan_link_order=0",
}
REPORT = re.compile(
    r"^==\d+==\s?ERROR: \w+Sanitizer\b|^(?:WARNING|FATAL|ERROR): ThreadSanitizer\b|^\S+:\d+:\d+: runtime error: ", re.MULTILINE)


def set_options():
    """For every server the tests start; what the environment says goes before."""
    for name, options in OPTIONS.items():
        os.environ.setdefault(name, options)


def sanitized(binary):
    """Whether its memory is the sanitizer's as well, and its time many times what it would be."""
    return pathlib.Path(binary).parent.name in ("asan", "tsan")


def slowness(binary):
    """What a limit of time that is about a promise to users is multiplied by; 1 for a build without sanitizers."""
    return 10 if sanitized(binary) else 1


def memory_limit(binary, limit):
    """That many bytes, and no limit for a build whose sanitizer keeps shadows of them and what was freed."""
    return float("inf") if sanitized(binary) else limit


def check(log):
    """Fails where a sanitizer reported something in a server's log."""
    text = pathlib.Path(log).read_text(errors="replace")
    if found := REPORT.search(text):
        raise AssertionError(f"a sanitizer's report in {log}:\n{text[found.start():][:20000]}")
