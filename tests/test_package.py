"""What an installed package holds."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
import urllib.request
import zipfile
from pathlib import Path

import pytest

import gruviz
from tests.benchmarks.wire import Wire
from tests.browser.server import running

PACKAGE = Path(gruviz.__file__).parent
ROOT = PACKAGE.parent
BUILT_FROM = ("gruviz", "pyproject.toml", "README.md", "LICENSE")
NO_FILES = shutil.ignore_patterns("__pycache__")
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


def test_every_file_goes_along():
    """What is no Python must be named, or it is there in a working copy only."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = settings["tool"]["setuptools"]["package-data"]["gruviz"]
    named = {path for pattern in patterns for path in PACKAGE.glob(pattern)}
    files = {path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}}
    assert files - named == set()


def test_an_editable_install_serves_the_components():
    assert _components(ROOT, dict(os.environ)) == _named(PACKAGE)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in BUILT_FROM:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=NO_FILES)
        else:
            shutil.copy(path, source)
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", target, source)
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
        names = archive.namelist()
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"gruviz"}
    files = {path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*") if path.is_file()}
    assert {name for name in files if "__pycache__" not in name} - set(names) == set()


def test_a_wheel_serves_the_components(installed, tmp_path):
    target, environment = installed
    assert _components(tmp_path, environment) == _named(target / "gruviz")


def test_a_server_without_the_project_s_settings(installed, tmp_path):
    """It shows the page, serves the stepper's files, and does not collect after every run."""
    _, environment = installed
    shutil.copytree(ROOT / "pages", tmp_path / "pages", ignore=NO_FILES)
    app = (ROOT / "app.py").read_text(encoding="utf-8")
    (tmp_path / "app.py").write_text(app + TELL, encoding="utf-8")
    with running("app.py", tmp_path, environment) as server:
        wire = Wire(server.url)
        wire.close()
        with urllib.request.urlopen(f"{server.url}/_stcore/bidi-components/gruviz.stepper/step/stepper.js") as answer:
            assert answer.read() == (PACKAGE / "ui" / "browser" / "step" / "stepper.js").read_bytes()
        assert "Traceback" not in server.written()
    assert wire.markdown[-1] == f"False {installed[0] / 'gruviz' / '__init__.py'}"


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
