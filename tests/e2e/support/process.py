"""Child processes that never outlive the test run."""
import contextlib
import ctypes
import pathlib
import signal
import socket
import subprocess
import time

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def _die_with_parent():
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port():
    """A loopback port on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition, seconds, what):
    """Polls until condition() is true and returns its value; fails with `what` when time is over."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"after {seconds} s still not: {what}")
        time.sleep(0.02)


class Process:
    """A server process with its output in a log file."""

    def __init__(self, command, log, env=None, cwd=None):
        self.log = pathlib.Path(log)
        self._stream = open(self.log, "ab")
        self._child = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=self._stream,
            stderr=subprocess.STDOUT, env=env, cwd=cwd, preexec_fn=_die_with_parent)

    @property
    def pid(self):
        return self._child.pid

    @property
    def exit_code(self):
        """None while it runs."""
        return self._child.poll()

    def signal(self, number):
        self._child.send_signal(number)

    def wait(self, seconds):
        code = self._child.wait(seconds)
        self._stream.close()
        return code

    def end(self, seconds=10):
        """Whatever state it is in: afterwards it is gone, killed if it has not ended after these seconds."""
        if self._child.poll() is None:
            self._child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(seconds)
        if self._child.poll() is None:
            self._child.kill()
        self.wait(10)

    def tail(self, lines=60):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
