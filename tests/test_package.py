"""What an installed package holds."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import urllib.request
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import gruviz
from gruviz.__main__ import MISSING
from tests.benchmarks.wire import Wire
from tests.browser.server import running

PACKAGE = Path(gruviz.__file__).parent
ROOT = PACKAGE.parent
NOT_IN_THE_REPOSITORY = shutil.ignore_patterns("__pycache__", ".git", ".venv", "*_cache", ".hypothesis", "images")
FIND = """
import json
from streamlit.components.v2.manifest_scanner import scan_component_manifests
scanned = scan_component_manifests()
print(json.dumps([[part.name, str(part.resolve_asset_root(root))] for it, root in scanned for part in it.components]))
"""
TELL = """
import gruviz, streamlit
streamlit.markdown(f"{streamlit.get_option('runner.postScriptGC')} {gruviz.__file__}")
"""


def test_an_editable_install_serves_the_components():
    assert _components(ROOT, dict(os.environ)) == _named(PACKAGE)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built from the source archive, as someone does who has neither the repository nor the network."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, source, ignore=NOT_IN_THE_REPOSITORY, dirs_exist_ok=True)
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", target], cwd=source, check=True,
                   capture_output=True)  # fmt: skip
    (archive,) = target.glob("*.tar.gz")
    _pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", target, archive)
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A folder of installed packages, with another package's stray manifest; and the environment that reads it."""
    target = tmp_path_factory.mktemp("packages")
    _pip("install", "--no-deps", "--no-index", "--target", target, wheel)
    (target / "pyproject.toml").write_text('[project]\nname = "another"\n', encoding="utf-8")
    return target, {**os.environ, "PYTHONPATH": str(target)}


def test_a_wheel_writes_into_its_own_folders_only(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"gruviz"}
    files = {path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*") if path.is_file()}
    app = {"app.py", ".streamlit/config.toml"} | {f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py")}
    assert {name for name in files if "__pycache__" not in name} | {f"gruviz/site/{name}" for name in app} == {
        name for name in names if name.startswith("gruviz/")
    }


def test_a_wheel_serves_the_components(installed, tmp_path):
    target, environment = installed
    assert _components(tmp_path, environment) == _named(target / "gruviz")


def test_the_installed_app_starts_outside_the_repository(installed, tmp_path):
    """With gruviz's own settings."""
    _, environment = installed
    with running(None, tmp_path, environment) as server:
        wire = Wire(server.url)
        wire.close()
        with urllib.request.urlopen(f"{server.url}/_stcore/bidi-components/gruviz.stepper/step/stepper.js") as answer:
            assert answer.read() == (PACKAGE / "ui" / "browser" / "step" / "stepper.js").read_bytes()
        assert "Traceback" not in server.written()
    assert not wire.config.gather_usage_stats
    assert wire.config.toolbar_mode == wire.config.ToolbarMode.MINIMAL
    assert any("sentiment" in text.lower() for text in wire.markdown)


def test_a_server_does_not_collect_after_every_run(installed, tmp_path):
    _, environment = installed
    shutil.copytree(ROOT / "pages", tmp_path / "pages", ignore=NOT_IN_THE_REPOSITORY)
    app = (ROOT / "app.py").read_text(encoding="utf-8")
    (tmp_path / "app.py").write_text(app + TELL, encoding="utf-8")
    with running("app.py", tmp_path, environment) as server:
        wire = Wire(server.url)
        wire.close()
    assert wire.markdown[-1] == f"False {installed[0] / 'gruviz' / '__init__.py'}"


NOTEBOOK = """
import importlib.util
import gruviz, torch
trace = gruviz.trace(torch.nn.GRU(3, 4), torch.zeros(5, 3))
gruviz.figures.signals(trace)
gruviz.gradient_flow(torch.nn.GRU(3, 4), torch.zeros(5, 3))
print(gruviz.load_model("brackets-gru").trace("([])")["z"].shape, importlib.util.find_spec("streamlit"))
"""


def test_a_notebook_needs_no_streamlit(wheel, tmp_path):
    """In an environment that holds what gruviz asks for, and nothing else."""
    venv.create(tmp_path)
    (packages,) = tmp_path.glob("lib/python*/site-packages")
    for name in _needed(*_asked_for(wheel)):
        for path in {packages / file.parts[0]: file for file in metadata.files(name) if file.parts[0] != ".."}:
            if not path.exists() and "__pycache__" not in path.parts:
                path.symlink_to(Path(metadata.distribution(name).locate_file(path.name)))
    python, environment = str(tmp_path / "bin" / "python"), {"PATH": os.environ["PATH"]}
    _pip("--python", python, "install", "--no-deps", "--no-index", wheel)
    done = subprocess.run(
        [python, "-c", NOTEBOOK], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["(4,", "32)", "None"], done.stderr
    done = subprocess.run(
        [python, "-m", "gruviz"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == f"{MISSING}\n"


def _asked_for(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (text,) = [archive.read(name).decode() for name in archive.namelist() if name.endswith("METADATA")]
    return re.findall(r"^Requires-Dist: ([^;\n]+)$", text, re.MULTILINE)


def _needed(*requirements, seen=frozenset()):
    """The names of installed packages that these requirements ask for, and those that these ask for, and so on."""
    for requirement in map(Requirement, requirements):
        if requirement.name in seen or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        seen |= {requirement.name}
        seen = _needed(*(metadata.requires(requirement.name) or ()), seen=seen)
    return seen


def _named(package):
    """The components that the manifest in a package names, each with its folder."""
    manifest = tomllib.loads((package / "pyproject.toml").read_text(encoding="utf-8"))
    parts = manifest["tool"]["streamlit"]["component"]["components"]
    assert {"stepper", "compare"} <= {part["name"] for part in parts}
    return {(part["name"], str(package / part["asset_dir"])) for part in parts}


def _components(folder, environment):
    found = subprocess.run([sys.executable, "-c", FIND], cwd=folder, env=environment, capture_output=True, check=True)
    return {(name, path) for name, path in json.loads(found.stdout)}


def _pip(*arguments):
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True)
