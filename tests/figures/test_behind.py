"""The run behind in figures over time: its lines, dots where it differs, and its answers."""

import json

import numpy as np
import pytest

from gruviz import Hold
from gruviz.figures import signals
from gruviz.figures.caption import reading_caption
from gruviz.models import load_model
from gruviz.reading import read
from gruviz.signals import Notation
from tests.figures.test_signals import decoded

WRITE = Notation(one_means="write")


def runs(model="sentiment-gru", text="The food was great but bad", other=None):
    model = load_model(model)
    keeps = {"GRU": "z", "LSTM": "f"}[model.trace(text).cell]
    changed = read(model, text, [Hold(keeps, 1, steps=slice(4, None))] if other is None else [])
    return changed, read(model, other or text)


def drawn(changed, behind, view, notation=None, **options):
    return json.loads(
        signals(
            changed.trace, notation, view, answers=changed.answers, behind=behind.trace, answers_behind=behind.answers,
            **options,
        ).to_json()
    )["data"]  # fmt: skip


@pytest.mark.parametrize("model", ["sentiment-gru", "sentiment-lstm"])
def test_dots_where_the_two_differ(model):
    changed, behind = runs(model)
    data = drawn(changed, behind, "heatmap", unit=2)
    dots = [each for each in data if each.get("name") == "differs from the run behind"]
    for key, each in zip(changed.trace.values, dots, strict=True):
        apart = np.abs(changed.trace[key] - behind.trace[key])
        if key == "c":
            apart = apart / np.abs(changed.trace["c"]).max()
        marked = {(step - 1, unit) for step, unit in zip(each["x"], each["y"], strict=True)}
        assert marked == set(zip(*(place.tolist() for place in np.nonzero(apart >= 0.1)), strict=True))
        assert {step for step, _ in marked} <= {4, 5}
    assert any(each["x"] for each in dots)


@pytest.mark.parametrize("notation", [None, WRITE])
def test_a_dotted_line_for_each_line(notation):
    changed, behind = runs()
    data = drawn(changed, behind, "lines", notation, units=(4, 1), unit=7)
    dotted = [each for each in data if (each.get("meta") or {}).get("behind")]
    assert len(dotted) == 3 * 4
    for place, each in enumerate(dotted):
        key, unit = "rznh"[place // 3], (7, 4, 1)[place % 3]
        values = behind.trace[key][:, unit]
        np.testing.assert_array_equal(decoded(each["y"]), 1 - values if key == "z" and notation else values)
        assert each["line"]["dash"] == "dot"
        assert each["showlegend"] is False


def test_the_answers_of_both():
    changed, behind = runs()
    *_, other, own = drawn(changed, behind, "heatmap")
    np.testing.assert_allclose(decoded(other["y"]), behind.answers.sizes(), atol=1e-6)
    np.testing.assert_allclose(decoded(own["y"]), changed.answers.sizes(), atol=1e-6)
    assert other["line"]["dash"] == "dot"


@pytest.mark.parametrize("other", ["The food", "The food was great but bad and so on"])
@pytest.mark.parametrize("view", ["heatmap", "lines"])
def test_another_sequence_may_be_shorter_or_longer(other, view):
    changed, behind = runs(other=other)
    data = drawn(changed, behind, view, unit=0)
    steps = min(len(changed.trace), len(behind.trace))
    for each in data:
        if (each.get("meta") or {}).get("behind"):
            assert len(decoded(each["y"])) == steps
        if each.get("name") == "differs from the run behind":
            assert max(each["x"], default=0) <= steps


def test_a_figure_on_paper_says_what_is_changed():
    changed, behind = runs()
    assert "Changed: z@5-end=1" in reading_caption(changed, Notation()).lines
    assert not any("Changed" in line for line in reading_caption(behind, Notation()).lines)
