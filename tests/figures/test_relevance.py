"""A row a network over the same tokens: shares of its own largest, and text as typed."""

import numpy as np
import pytest

from gruviz.experiment import ExperimentSettings as Settings
from gruviz.experiment import relevance as computed
from gruviz.figures import relevance
from gruviz.figures.style import DARK, LIGHT
from gruviz.records import InputRelevance

TOKENS = ("the", "food", "was", "<script>alert(1)</script>")
ROW = InputRelevance("GRU", np.array([-3.0, -1.0, -9.0, np.nan]), 2)
ZERO = InputRelevance("RNN", np.array([-np.inf, -np.inf, -2.0, np.nan]), 2)


def heat(rows, tokens=TOKENS, **options):
    figure = relevance(rows, tokens, **options)
    (panel,) = figure.data
    return figure, panel, np.array(panel.z)


def test_each_row_is_relative_to_its_own_largest():
    other = InputRelevance("LSTM", np.array([5.0, 4.0, 5.5, 5.25]), 3)
    _, panel, z = heat([("GRU", ROW), ("LSTM", other)])
    np.testing.assert_allclose(z[0], [-2, 0, -6, np.nan])  # the weakest is 8 decades down, and drawn as 6
    np.testing.assert_allclose(z[1], [-0.5, -1.5, 0, -0.25])
    assert list(panel.y) == ["GRU", "LSTM"]
    assert (panel.x0, panel.dx) == (1, 1)
    assert (panel.zmin, panel.zmax) == (-6, 0)


def test_the_scale_spans_at_least_one_decade():
    flat = InputRelevance("GRU", np.full(4, 2.0), 3)
    _, panel, z = heat([("GRU", flat)])
    assert (panel.zmin, panel.zmax) == (-1, 0)
    assert not z.any()


def test_what_is_exactly_zero_or_not_read_yet_is_a_gap():
    _, panel, z = heat([("RNN", ZERO)])
    np.testing.assert_array_equal(np.isnan(z), [[True, True, False, True]])
    assert list(panel.customdata[0][:3]) == ["0", "0", "10^-2.00"]


def test_rows_of_nothing_but_zeros_are_drawn():
    nothing = InputRelevance("RNN", np.full(4, -np.inf), 3)
    _, _, z = heat([("RNN", nothing)])
    assert np.isnan(z).all()
    _, _, z = heat([("RNN", nothing), ("GRU", ROW)])
    np.testing.assert_allclose(z[1], [-2, 0, -6, np.nan])


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", "a & b", '"quoted"'])
def test_names_are_text(name):
    _, panel, _ = heat([(name, ROW)])
    assert "<" not in panel.y[0]
    assert panel.y[0].replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&") == name


@pytest.mark.parametrize("token", ["<b>bold</b>", "a&b", "\u202eabc", "👩🏽‍🚀", "", " ", "x" * 500, "two\nlines"])
def test_tokens_are_text(token):
    figure, _, _ = heat([("GRU", ROW)], ("the", token, "was", "good"))
    (_, shown, *_), places = figure.layout.xaxis.ticktext, figure.layout.xaxis.tickvals
    assert list(places) == [1, 2, 3, 4]
    assert "<" not in shown
    assert shown.strip()
    assert len(shown) <= 40


def test_many_tokens_have_few_labels():
    row = InputRelevance("GRU", np.linspace(-3, 0, 400), 399)
    figure, _, z = heat([("GRU", row)], tuple(map(str, range(400))))
    assert z.shape == (1, 400)
    assert len(figure.layout.xaxis.ticktext) <= 40
    assert figure.layout.xaxis.ticktext[1] == str(figure.layout.xaxis.tickvals[1] - 1)


@pytest.mark.parametrize(("dark", "look"), [(False, LIGHT), (True, DARK)])
def test_themes(dark, look):
    figure, panel, _ = heat([("GRU", ROW)], dark=dark)
    assert figure.layout.font.color == look.ink
    assert panel.colorscale[0][1] == look.zero


def test_a_real_row():
    x = np.random.default_rng(0).standard_normal((4, 3))
    row = computed(Settings(steps=4, units=5, seeds=1, feed="sequence", at=3), "GRU", x)
    _, _, z = heat([("GRU", row)])
    np.testing.assert_allclose(z[0, :3], np.log10(row.norm[:3] / row.norm[:3].max()), atol=1e-9)
    assert np.isnan(z[0, 3])
