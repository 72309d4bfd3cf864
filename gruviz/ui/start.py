"""Starting the app from wherever gruviz is installed."""

import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from streamlit.web import cli

_PACKAGE = Path(__file__).parents[1]


def site() -> Path:
    """The folder of app.py and pages/: in an installed wheel inside the package, in a working copy around it."""
    packaged = _PACKAGE / "site"
    return packaged if packaged.is_dir() else _PACKAGE.parent


def start(arguments: Sequence[str]) -> None:
    """Runs the app until it is stopped. The arguments are Streamlit's, and win over the app's own settings."""
    folder = site()
    settings = tomllib.loads((folder / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    sys.argv = ["streamlit", "run", str(folder / "app.py"), *flags(settings), *arguments]
    cli.main()


def flags(settings: Mapping[str, Any], section: str = "") -> Iterator[str]:
    """Settings as Streamlit's command line takes them: --server.maxUploadSize=20."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from flags(value, f"{section}{name}.")
        else:
            yield f"--{section}{name}={str(value).lower() if isinstance(value, bool) else value}"
