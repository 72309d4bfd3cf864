"""The search on a real PostgreSQL server, which the test starts for itself."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.training.search.workers import kill_one_of_two


def program(name):
    """Where Debian keeps a server's programs; elsewhere they are on the path."""
    found = shutil.which(name) or next(map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))), None)
    assert found, f"{name} is missing; tests/run installs PostgreSQL"
    return found


def as_nobody_special(*command):
    """The server refuses to run as root."""
    before = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*before, *command], check=True, stdout=subprocess.DEVNULL, timeout=60, cwd="/")


@pytest.fixture
def database():
    """A database's URL; the server listens to a socket in its own folder, and to no port."""
    folder = Path(tempfile.mkdtemp(prefix="gruviz-"))  # that a path of a socket may be no longer than 107 bytes
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data, control = folder / "data", program("pg_ctl")
        as_nobody_special(program("initdb"), "-D", data, "-U", "postgres", "--auth=trust", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        as_nobody_special(control, "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            as_nobody_special(control, "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_two_processes_share_a_study_and_killing_one_loses_nothing(database, tmp_path):
    assert kill_one_of_two(database, tmp_path) == "postgresql"
