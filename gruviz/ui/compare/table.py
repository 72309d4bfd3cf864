"""The tables of the Compare page: on a narrow screen they scroll by themselves, and their first column stays."""

from collections.abc import Sequence
from html import escape

import streamlit as st


def table(heading: Sequence[str], rows: Sequence[Sequence[str]], name: str) -> None:
    """A table of plain text, HTML: Streamlit's own would import pandas. The first cell of a row is its heading.

    name: what the table is of, for those who do not see it.
    """
    head = "".join(f'<th scope="col">{escape(text)}</th>' if text else "<td></td>" for text in heading)
    body = "".join(f"<tr>{_row(row)}</tr>" for row in rows)
    st.html(
        f'<div class="table" role="region" aria-label="{escape(name)}" tabindex="0">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(row: Sequence[str]) -> str:
    first, *others = row
    return f'<th scope="row">{escape(first)}</th>' + "".join(f"<td>{escape(text)}</td>" for text in others)
