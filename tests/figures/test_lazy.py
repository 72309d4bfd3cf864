"""A figure that is not made before it is asked for."""

import copy
import pickle

import numpy as np
import plotly.graph_objects as go
import pytest

from gruviz.figures.lazy import LazyFigure
from tests.figures.conftest import numbers

LAYOUT = {"template": "none", "height": 200, "xaxis": {"range": [0, 3]}}
DATA = [{"type": "heatmap", "z": np.arange(6, dtype=np.float32).reshape(2, 3), "zmin": 0, "zmax": 5}]


@pytest.fixture(autouse=True)
def _as_plotly_says():
    """Not here: one of these figures is wrong on purpose."""


def lazy():
    return LazyFigure(DATA, LAYOUT)


def made(figure):
    return "_layout_obj" in vars(figure)


def test_its_json_makes_nothing():
    figure = lazy()
    assert numbers(figure) == numbers(go.Figure(DATA, LAYOUT))
    figure.to_html(include_plotlyjs=False)
    assert not made(figure)


def test_it_is_plotly_s_figure_to_whoever_looks_into_it():
    figure = lazy()
    assert isinstance(figure, go.Figure)
    assert figure.data[0].z.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert made(figure)
    assert figure == go.Figure(DATA, LAYOUT)


def test_a_change_is_in_its_json():
    figure = lazy().update_layout(height=300).add_scatter(y=[1, 2])
    assert figure.to_dict()["layout"]["height"] == 300
    assert [trace["type"] for trace in figure.to_dict()["data"]] == ["heatmap", "scatter"]
    assert LAYOUT["height"] == 200


@pytest.mark.parametrize("again", [copy.deepcopy, copy.copy, lambda figure: pickle.loads(pickle.dumps(figure))])
def test_a_copy_is_a_figure(again):
    assert again(lazy()).layout.height == 200


def test_what_plotly_does_not_know_is_refused_when_it_is_made():
    with pytest.raises(ValueError, match="hight"):
        LazyFigure(DATA, LAYOUT | {"hight": 1}).layout.height  # noqa: B018


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="hight"):
        lazy().hight  # noqa: B018
    assert not hasattr(lazy(), "hight")


@pytest.mark.parametrize(
    "values",
    [np.arange(3), np.array([0.5, np.nan]), np.array(["a", "b"]), np.array([[1, 2**40]]), np.array([True, False])],
    ids=["integers", "nan", "texts", "large", "flags"],
)
def test_any_array(values):
    data = [{"type": "scatter", "y": values, "customdata": values, "marker": {"color": [1, 2]}}]
    assert numbers(LazyFigure(data, LAYOUT)) == numbers(go.Figure(data, LAYOUT))
