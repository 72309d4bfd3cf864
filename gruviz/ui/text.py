"""Text for Streamlit's Markdown."""

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:])")


def plain(text: str) -> str:
    """Text that Markdown shows as it is: whatever a person typed can't become a link, an image or a formula."""
    return _SPECIAL.sub(r"\\\1", text)
