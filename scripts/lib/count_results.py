"""Adds up JUnit files and prints "N passed, N failed, N skipped"; fails if anything failed.

    count_results.py FILE...            a missing or broken file counts as one failure
    count_results.py --skip DIR FILE    writes FILE: every test in DIR's test_*.py as skipped
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree


def count(file):
    """(passed, failed, skipped) of one JUnit file."""
    try:
        cases = list(ElementTree.parse(file).iter("testcase"))
    except (OSError, ElementTree.ParseError) as problem:
        print(f"{file}: {problem}", file=sys.stderr)
        return 0, 1, 0
    failed = {name(case) for case in cases if case.find("failure") is not None or case.find("error") is not None}
    skipped = {name(case) for case in cases if case.find("skipped") is not None or case.get("status") == "disabled"}
    # One case can appear twice: its call passed and its teardown failed.
    return len({name(case) for case in cases} - failed - skipped), len(failed), len(skipped - failed)


def name(case):
    return case.get("classname"), case.get("name")


def skip(folder, file):
    suite = ElementTree.Element("testsuite")
    for source in sorted(pathlib.Path(folder).glob("test_*.py")):
        for test in re.findall(r"^ *def (test_\w+)", source.read_text(encoding="utf-8"), re.MULTILINE):
            case = ElementTree.SubElement(suite, "testcase", classname=source.stem, name=test)
            ElementTree.SubElement(case, "skipped")
    ElementTree.ElementTree(suite).write(file)


def main(arguments):
    if arguments[0] == "--skip":
        skip(arguments[1], arguments[2])
        return 0
    passed, failed, skipped = (sum(column) for column in zip(*map(count, arguments)))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
