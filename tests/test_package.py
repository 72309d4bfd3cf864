"""What an installed package holds."""

import tomllib
from pathlib import Path

import gruviz

PACKAGE = Path(gruviz.__file__).parent


def test_every_file_goes_along():
    """What is no Python must be named, or it is there in a working copy only."""
    settings = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = settings["tool"]["setuptools"]["package-data"]["gruviz"]
    named = {path for pattern in patterns for path in PACKAGE.glob(pattern.removeprefix("../"))}
    files = {path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}}
    assert files - named == set()
