"""What is known of networks of this session, for which nothing was measured over seeds or on a test set."""

import streamlit as st

from gruviz.comparison import Comparison
from gruviz.measures.costs import parameter_formula
from gruviz.ui.compare.table import table
from gruviz.ui.text import escape_markdown, small


def of_session(comparison: Comparison) -> None:
    """What their cards say, and their sizes; then what the page has of shipped networks only."""
    st.subheader("What is known of these networks", anchor=False)
    readings = comparison.readings
    cards = {cell: dict(reading.model.card.facts) for cell, reading in readings.items()}
    names = list(dict.fromkeys(name for facts in cards.values() for name in facts))
    values = {name: [facts.get(name, "–") for facts in cards.values()] for name in names}
    shared = {name: told[0] for name, told in values.items() if len(set(told)) == 1}
    rows = {name: told for name, told in values.items() if name not in shared}
    traces = [reading.trace for reading in readings.values()]
    rows["hidden units"] = [str(trace.units) for trace in traces]
    rows["parameters of the cell"] = [
        parameter_formula(trace.cell, trace.weights.features, trace.units)[0] for trace in traces
    ]
    table(("", *readings), [(name, *told) for name, told in rows.items()], "What is known of these networks")
    st.markdown("  \n".join(escape_markdown(f"{name}: {told}") for name, told in shared.items()))
    st.markdown(small(
        "Each was trained once, and one network of each does not tell which cell is better. Scores over seeds, times, "
        "gates over a whole test set and what people say are shown for the networks that ship with gruviz: choose one "
        "of their tasks above."
    ))  # fmt: skip
