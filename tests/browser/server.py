"""Starts a Streamlit script as its users do, in a process of its own."""

import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SLOWEST_START = 60  # s


@dataclass(frozen=True)
class Server:
    """A running script: where it is, and what it has written so far."""

    url: str
    log: Path
    process: int

    def written(self):
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def running(script, folder=ROOT, environment=None):
    """Serves a script (None: the installed app) until the block ends; the `Server` answers from the start."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = ["gruviz"] if script is None else ["streamlit", "run", str(script)]
    options = ["--server.headless=true", "--server.address=127.0.0.1", f"--server.port={port}"]
    command = [sys.executable, "-m", *started, *options]
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch) / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT)
        server = Server(f"http://127.0.0.1:{port}", log, process.pid)
        try:
            _await_health(server, process)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await_health(server, process):
    end = time.monotonic() + SLOWEST_START
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)  # between two questions; nothing waits for a fixed time
    raise RuntimeError(f"Streamlit did not start:\n{server.written()}")
