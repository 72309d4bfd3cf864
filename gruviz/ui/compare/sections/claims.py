"""What people say of the cells: cards with a verdict, the claim and a line of evidence; the rest when asked for."""

from html import escape

import streamlit as st

from gruviz.comparison.claims import Claim, Evidence
from gruviz.comparison.claims import claims as claims_of

_SIGNS = {"supported": "✓", "contradicted": "✗", "mixed": "≈", "not decided": "?"}
_BASES = {"proved": "follows from the equations", "measured": "measured here"}


def claims(evidence: Evidence) -> None:
    """A card for each claim."""
    st.subheader("What people say", anchor=False)
    st.html(f'<div class="cards">{"".join(_card(claim) for claim in claims_of(evidence))}</div>')


def _card(claim: Claim) -> str:
    more = f"<details><summary>More</summary><p>{escape(claim.details)}</p></details>" if claim.details else ""
    kind = claim.verdict.replace(" ", "-")
    return (
        f'<article class="card {kind}"><p class="verdict"><span aria-hidden="true">{_SIGNS[claim.verdict]}</span> '
        f"{claim.verdict}: {_BASES[claim.basis]}</p>"
        f"<h4>{escape(claim.text)}</h4><p>{escape(claim.line)}</p>{more}</article>"
    )
