"""What a wheel holds beside the package: the app, written once, at the top of the repository."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SITE = {name: f"gruviz/site/{name}" for name in ("app.py", "pages", ".streamlit/config.toml")}


class AppInWheel(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the app into wheels; a working copy that is installed with -e has it around the package already."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling; `version` is "standard" or "editable"."""
        if version == "standard":
            build_data["force_include"].update(SITE)
