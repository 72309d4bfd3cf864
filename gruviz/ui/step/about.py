"""What the numbers on screen are: the model's card, and how they were checked."""

import streamlit as st

from gruviz.models import Model
from gruviz.records import Trace
from gruviz.ui.text import small


def about(model: Model, trace: Trace) -> None:
    """Where the weights come from, how well they do, and how far the gates shown agree with torch's own states."""
    st.markdown(small(model.card.summary))
    weights = trace.weights
    facts = [f"**{name}**: {text}" for name, text in model.card.facts]
    facts += [
        f"**Size**: D = {weights.features} input features, H = {weights.units} hidden units, T = {len(trace)} steps.",
        "**Checked**: the hidden states come from torch itself. "
        f"Computed again from the gates shown, they differ by at most {trace.agreement:.1e}.",
    ]
    with st.expander("About this model and these numbers"):
        st.markdown("\n\n".join(facts))  # one element: each is a message to everyone at every change
