"""Text for Streamlit's Markdown."""

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&=])")
# Streamlit also turns addresses into links, :names: into icons and -- or -> into signs, after Markdown is read, where
# no escape helps: there an invisible joiner goes between.
_LATE = re.compile(r"(?<=[:@])(?=\S)|(?<=www)(?=\.)|(?<=[<-])(?=[->])", re.IGNORECASE)
JOINER = "\u2060"
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # Unicode's Bidi_Control


def small(text: str) -> str:
    """Plain text in small print, in full ink: Streamlit's captions are too faint to read on a projector."""
    return f":small[{escape_markdown(text)}]"


def escape_markdown(text: str) -> str:
    """Text that Markdown shows as it is: whatever a person typed can't become a link, an image or a formula.

    Signs without a shape that would turn the whole sentence around are told by their code points.
    """
    readable = _TURNS.sub(lambda sign: f"U+{ord(sign[0]):04X}", text)
    return _SPECIAL.sub(r"\\\1", _LATE.sub(JOINER, readable))
