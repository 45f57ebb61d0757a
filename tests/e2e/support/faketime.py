"""A process whose wall clock the test sets: libfaketime reads it from a file. Monotonic time stays real."""
import datetime
import glob
import time

import pytest

UTC = datetime.timezone.utc


def library():
    found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    if not found:
        pytest.skip("libfaketime is not installed: scripts/test installs it")
    return found[0]


class FakeTime:
    """Begins at `start` (UTC) and runs `rate` times as fast as real time, also while no process looks."""

    def __init__(self, folder, start, rate=1):
        self.file = folder / "faketime"
        self.rate = rate
        self._set(start)
        self.env = {"LD_PRELOAD": library(), "FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_NO_CACHE": "1",
                    "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_RESET": "1", "NO_FAKE_STAT": "1", "TZ": "UTC"}
        self.prepare_start()

    def _set(self, moment):
        self._base, self._since = moment, time.monotonic()

    def now(self):
        return self._base + datetime.timedelta(seconds=(time.monotonic() - self._since) * self.rate)

    def _write(self, moment):
        """libfaketime counts from the start of the process that reads this."""
        rate = f" x{self.rate}" if self.rate != 1 else ""
        part = self.file.with_suffix(".part")
        part.write_text(f"@{moment:%Y-%m-%d %H:%M:%S}{rate}\n")
        part.replace(self.file)

    def prepare_start(self):
        """To be called just before a process is started."""
        self._set(self.now().replace(microsecond=0))
        self._started = self._base
        self._write(self._base)

    def jump(self, delta):
        """The clock is put on, or, with a negative `delta`, back."""
        self._started += delta
        self._base += delta
        self._write(self._started)


def start(sluice, fake):
    fake.prepare_start()
    return sluice.start()
