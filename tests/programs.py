"""Programs that are taken away, run as a person would run them: alone, in a folder of their own."""

import json
import os
import subprocess
import sys

DRIVER = """
import contextlib, io, json, runpy, sys
printed = {}
for path in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO(newline="")) as out:
        runpy.run_path(path, run_name="__main__")
    printed[path] = out.getvalue()
json.dump(printed, sys.stdout)
"""


def python(folder, *arguments):
    """What Python by itself prints, with warnings as errors."""
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", "-X", "utf8", *arguments],
        cwd=folder, capture_output=True, timeout=60, check=False,
        env={"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    return done.stdout.decode("utf-8")


def printed_by(folder, programs):
    """What each program prints, by its name; one process runs them all, because importing torch takes longest."""
    paths = {name: f"{number}.py" for number, name in enumerate(programs)}
    for name, program in programs.items():
        (folder / paths[name]).write_text(program, encoding="utf-8", newline="")
    output = json.loads(python(folder, "-c", DRIVER, *paths.values()))
    return {name: output[path] for name, path in paths.items()}
