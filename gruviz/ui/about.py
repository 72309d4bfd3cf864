"""What the numbers on screen are: the model's card, and how they were checked."""

import streamlit as st

from gruviz.models import Model
from gruviz.records import Trace
from gruviz.ui.text import small


def about(model: Model, trace: Trace) -> None:
    """Where the weights come from, how well they do, and how far the gates shown agree with torch's own states."""
    st.markdown(small(model.card.summary))
    with st.expander("About this model and these numbers"):
        for name, text in model.card.facts:
            st.markdown(f"**{name}**: {text}")
        weights = trace.weights
        st.markdown(
            f"**Size**: D = {weights.features} input features, H = {weights.units} hidden units, "
            f"T = {len(trace)} steps."
        )
        st.markdown(
            "**Checked**: the hidden states come from torch itself. "
            f"Computed again from the gates shown, they differ by at most {trace.agreement:.1e}."
        )
