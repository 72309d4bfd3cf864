"""Starts several processes behind one address, as `deploy/start` does for those who host gruviz."""

import os
import random
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.server import ROOT

SLOWEST_START = 90  # s
PORTS = range(20_000, 30_000, 10)  # none that the system gives to others who ask for any


@dataclass(frozen=True)
class Hosted:
    """An address with processes behind it."""

    url: str
    folder: Path  # of their numbers and logs
    ports: tuple[int, ...]

    def process(self, name):
        """The number of the process that is called `p1`, `p2`, ..."""
        return int((self.folder / f"{name}.pid").read_text())

    def processes(self):
        """All their numbers."""
        return [self.process(f"p{number}") for number in range(1, len(self.ports) + 1)]

    def written(self):
        """What all of them wrote, the balancer too."""
        return "".join(log.read_text(errors="replace") for log in sorted(self.folder.glob("*.log")))


@contextmanager
def hosted(count):
    """Serves gruviz from `count` processes until the block ends; all of them answer from the start."""
    first = next(base for base in random.sample(PORTS, len(PORTS)) if all(map(_free, range(base, base + 9))))
    with tempfile.TemporaryDirectory() as scratch:
        folder, ports = Path(scratch), tuple(range(first + 1, first + 1 + count))
        environment = os.environ | {"GRUVIZ_PORT": str(first), "GRUVIZ_FIRST": str(first + 1), "GRUVIZ_RUN": scratch}
        command = [str(ROOT / "deploy" / "start"), str(count)]
        with (folder / "start.log").open("wb") as out:
            starter = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
        found = Hosted(f"http://127.0.0.1:{first}", folder, ports)
        try:
            for port in (*ports, first):
                _await_health(port, found, starter)
            yield found
        finally:
            starter.send_signal(signal.SIGTERM)
            starter.wait(30)


def _free(port):
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) != 0


def _await_health(port, found, starter):
    end = time.monotonic() + SLOWEST_START
    while time.monotonic() < end and starter.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)  # between two questions; nothing waits for a fixed time
    raise RuntimeError(f"gruviz did not start:\n{found.written()}")
