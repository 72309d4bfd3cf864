"""What the guide for contributors names is there: parts, files, commands, names in the code."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
QUOTED = set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", GUIDE, flags=re.DOTALL)))
BLOCKS = "\n".join(re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL))
RECIPES = {"A task", "A story", "A cell", "A knob", "A page", "A kind of answer"}


def test_every_path_is_there():
    paths = {text for text in QUOTED if re.fullmatch(r"[\w./-]+", text) and ("/" in text or text.endswith(".py"))}
    paths |= set(re.findall(r"(?:tests|docs|gruviz)/[\w./]+", BLOCKS))
    named = {path for path in paths if "NAME" not in path and "/" in path}
    assert len(named) > 30
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_every_part_of_the_package_has_its_row():
    parts = {
        path.name for path in (ROOT / "gruviz").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    rows = re.findall(r"^\| (.+?) \|", GUIDE, re.MULTILINE)
    named = {name.rstrip("/") for row in rows for name in re.findall(r"`gruviz/([\w.]+)/?`", row)}
    assert named == parts - {"__init__.py", "__main__.py"}


def test_the_rows_stand_in_the_order_of_the_layers():
    """Checked where the contract orders two parts; those on one floor may stand in any order."""
    contract = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("layers = [")[2].partition("]")[0]
    floors = [re.findall(r"\w+", line) for line in re.findall(r'"(.+?)"', contract)]
    floor = {part: number for number, floor in enumerate(floors) for part in floor}
    rows = re.findall(r"^\| `(?:gruviz/)?(\w+)(?:\.py|/)?`", GUIDE, re.MULTILINE)
    order = [floor[part] for part in rows if part in floor]
    assert order == sorted(order)


def test_every_module_that_is_run_is_there():
    modules = set(re.findall(r"python -m ([\w.]+)", GUIDE))
    assert len(modules) >= 4
    assert {name for name in modules if find_spec(name) is None} == set()


@pytest.mark.parametrize("name", sorted(text for text in QUOTED if re.fullmatch(r"_?[A-Z]\w+|\w+\(\)", text)))
def test_every_name_is_in_the_code(name):
    plain = name.removesuffix("()")
    if plain in {"NAME", "PROVENANCE"}:
        return
    sources = [*(ROOT / "gruviz").rglob("*.py"), *(ROOT / "pages").glob("*.py")]
    assert any(re.search(rf"\b{plain}\b", path.read_text(encoding="utf-8")) for path in sources)


def test_the_recipes_are_all_there():
    assert set(re.findall(r"^### (.+)$", GUIDE, re.MULTILINE)) == RECIPES


def test_one_test_runs_as_the_guide_says():
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "--collect-only", "tests/cells", "-k", "parity"],
                          cwd=ROOT, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout
