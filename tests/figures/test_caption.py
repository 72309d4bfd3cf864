"""A figure's caption says of which network it is."""

import pytest

from gruviz.figures.caption import reading_caption
from gruviz.models import load_model
from gruviz.reading import read
from gruviz.signals import Notation


@pytest.mark.parametrize(
    ("model", "knobs", "title"),
    [
        ("random", {"cell": "LSTM"}, "Random weights, LSTM"),
        ("random", {}, "Random weights, GRU"),
        ("latch", {}, "Latch (set by hand), GRU"),
        ("sentiment-gru", {}, "Sentiment of a review, GRU"),
    ],
)
def test_the_title_names_the_cell(model, knobs, title):
    network = load_model(model, knobs)
    assert reading_caption(read(network, network.example), Notation()).title == title
