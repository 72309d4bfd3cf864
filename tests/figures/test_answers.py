"""The panel of a model's answers holds the record's numbers: one panel a kind, whatever the cell and the view."""

import itertools

import numpy as np
import pytest

from gruviz.figures import answer_legend, signals
from gruviz.figures.answers import MOST_ROWS, answer_panel
from gruviz.figures.style import LIGHT
from gruviz.models import list_models, load_model
from gruviz.reading import read
from gruviz.records import Shares, Values
from tests.figures.test_signals import decoded, make, spec

STEPS = 6
VIEWS = pytest.mark.parametrize("view", ["heatmap", "lines"])
DARK = pytest.mark.parametrize("dark", [False, True])


def shares(options, seed=0, of=None, followed=()):
    rows = np.random.default_rng(seed).dirichlet([1.0] * options, STEPS + 1)
    return Shares("which", tuple(f"option {i}" for i in range(options)), rows, of, followed)


def numbers(target=None, unit="mm", **others):
    rng = np.random.default_rng(0)
    target = rng.uniform(0, 100, STEPS) if target is None else np.array(target)
    return Values("next", unit, rng.uniform(0, 100, STEPS + 1), target, others)


def panel(answers, **options):
    """The traces of the last panel, and its axis."""
    figure = spec(signals(make(), answers=answers, **options))
    last = max(trace["yaxis"] for trace in figure["data"])
    return [t for t in figure["data"] if t["yaxis"] == last], figure["layout"]["yaxis" + last[1:]], figure


def drawn(trace):
    return decoded(trace["y"])


def steps_of(trace):
    """Where the marks of a trace stand."""
    return decoded(trace["x"]).tolist() if "x" in trace else [1 + i for i in range(len(decoded(trace["y"])))]


ALL = {
    "yes or no": shares(2, of=0), "a few options": shares(4), "as many as rows": shares(MOST_ROWS),
    "many options": shares(MOST_ROWS + 1), "predicted": shares(40, followed=(3, -1, 0, 39, 7, -1)),
    "number": numbers(), "number beside others": numbers(a=np.arange(6.0), b=np.full(6, np.nan)),
}  # fmt: skip


@VIEWS
@pytest.mark.parametrize("kind", ALL)
def test_one_panel_below_the_signals(kind, view):
    without = spec(signals(make(), view=view))["layout"]
    traces, _, figure = panel(ALL[kind], view=view)
    axes = {trace["yaxis"] for trace in figure["data"]}
    assert len(axes) == 4 + 1
    assert figure["layout"]["height"] > without["height"]
    assert figure["layout"]["annotations"][-1]["text"].startswith("<b>answer</b>: ")
    domains = [figure["layout"]["yaxis" + name[1:]]["domain"] for name in sorted(axes)]
    assert all(below[1] < above[0] for above, below in itertools.pairwise(domains))
    assert {trace["xaxis"] for trace in figure["data"]} == {"x"}
    for trace in traces:
        assert trace.get("x0", 1) == 1  # steps from 1
        assert not trace.get("showlegend")
    assert figure["layout"]["xaxis"]["anchor"] == "y5"


@DARK
def test_yes_or_no_is_a_line_of_the_share(dark):
    answers = shares(2, of=1)
    (line,), axis, _ = panel(answers, dark=dark)
    np.testing.assert_array_equal(drawn(line), np.float32(answers.shares[1:, 1]))
    assert axis["range"][0] < 0 < 1 < axis["range"][1]
    assert "probability of which: %{y" in line["hovertemplate"]


@pytest.mark.parametrize("options", [2, 4, MOST_ROWS])
@VIEWS
def test_a_few_options_are_rows_of_a_heatmap_on_0_to_1(options, view):
    answers = shares(options)
    (heat,), axis, figure = panel(answers, view=view)
    assert heat["type"] == "heatmap"
    np.testing.assert_array_equal(decoded(heat["z"]), np.float32(answers.shares[1:].T))
    assert heat["y"] == list(answers.options)
    assert axis["autorange"] == "reversed"  # the first on top
    scale = figure["layout"][heat["coloraxis"]]
    assert (scale["cmin"], scale["cmax"]) == (0, 1)


def test_of_many_options_the_likeliest_share_and_the_one_of_what_came():
    answers = ALL["predicted"]
    (line, marks), axis, _ = panel(answers)
    np.testing.assert_array_equal(drawn(line), np.float32(answers.shares[1:].max(1)))
    assert line["text"] == [answers.text(step) for step in range(1, 7)]
    assert steps_of(marks) == [1, 3, 4, 5]
    expected = [answers.shares[step, answers.followed[step - 1]] for step in steps_of(marks)]
    np.testing.assert_array_equal(drawn(marks), np.float32(expected))
    assert marks["text"] == [answers.actual(step) for step in steps_of(marks)]
    assert (marks["mode"], marks["marker"]["symbol"]) == ("markers", "circle-open")
    assert axis["range"][0] < 0 < 1 < axis["range"][1]


def test_many_options_of_which_none_is_predicted():
    (line,), _, _ = panel(ALL["many options"])
    np.testing.assert_array_equal(drawn(line), np.float32(ALL["many options"].shares[1:].max(1)))


def test_numbers_beside_those_that_came_and_those_of_plain_methods():
    others = {"as now": np.arange(6.0), "as long ago": np.array([np.nan, np.nan, 1, 2, 3, 4])}
    answers = numbers(target=[11.0, 12, np.nan, 14, 15, np.nan], **others)
    (line, first, second, marks), axis, figure = panel(answers)
    np.testing.assert_array_equal(drawn(line), np.float32(answers.values[1:]))
    assert line["text"] == [answers.text(step) for step in range(1, 7)]
    for trace, (name, row) in zip((first, second), others.items(), strict=True):
        assert trace["name"] == name
        np.testing.assert_array_equal(drawn(trace), np.float32(row))
    assert len({trace["line"].get("dash") for trace in (line, first, second)}) == 3  # not told apart by colour alone
    assert steps_of(marks) == [1, 2, 4, 5]
    np.testing.assert_array_equal(drawn(marks), np.float32([11, 12, 14, 15]))
    assert marks["text"] == ["11.0 mm", "12.0 mm", "14.0 mm", "15.0 mm"]
    assert "range" not in axis  # any number
    assert figure["layout"]["annotations"][-1]["text"] == f"<b>answer</b>: {answers.asked}, mm"


def test_a_number_that_nothing_is_known_of():
    traces, _, _ = panel(numbers(target=[np.nan] * 6, unit=""))
    assert [len(drawn(trace)) for trace in traces] == [6, 0]


@pytest.mark.parametrize("text", ["<b>x</b>", '<a href="javascript:alert(1)">', "<script>"])
def test_names_are_text(text):
    rows = shares(3).shares
    many = np.full((STEPS + 1, MOST_ROWS + 1), 1 / (MOST_ROWS + 1))
    options = tuple(f"{text}{i}" for i in range(MOST_ROWS + 1))
    for answers in (
        Shares(text, (text, "b", "c"), rows, of=0),
        Shares(text, (text, "b", "c"), rows),
        Shares(text, options, many, followed=(1,) * STEPS),
        Values(text, text, np.zeros(STEPS + 1), np.zeros(STEPS), {text: np.zeros(STEPS)}),
    ):
        found = signals(make(), answers=answers).to_json().replace("\\u003c", "<").replace("\\u003e", ">")
        assert text not in found


@pytest.mark.parametrize("name", list_models())
def test_the_answers_of_every_model_can_be_drawn(name):
    found = read(load_model(name), load_model(name).example)
    figure = spec(signals(found.trace, answers=found.answers))
    signals_drawn = len(found.trace.values)
    panels = {trace["yaxis"] for trace in figure["data"]}
    assert len(panels) == signals_drawn + (found.answers is not None)
    for trace in figure["data"][signals_drawn:]:
        held = decoded(trace["z"]) if trace["type"] == "heatmap" else drawn(trace)
        if isinstance(found.answers, Shares):
            assert ((held >= 0) & (held <= 1)).all()
        if trace["type"] == "heatmap":
            np.testing.assert_array_equal(held, np.float32(found.answers.shares[1:].T))


def test_drawing_leaves_the_answers_alone():
    for answers in ALL.values():
        before = (answers.shares if isinstance(answers, Shares) else answers.values).copy()
        first = spec(signals(make(), answers=answers))
        assert spec(signals(make(), answers=answers)) == first
        np.testing.assert_array_equal(answers.shares if isinstance(answers, Shares) else answers.values, before)


@pytest.mark.parametrize("kind", ALL)
def test_the_legend_names_every_line_and_mark(kind):
    """Where the panel has more than one line, each trace's name is in it."""
    answers = ALL[kind]
    traces, _, _ = panel(answers)
    legend = answer_legend(answers)
    if len(traces) == 1:
        assert legend is None or kind != "predicted"
        return
    for trace in traces[1:]:
        assert trace["name"] in legend
    if "beside" in kind:
        assert "dotted line, a; dashed line, b." in legend


def test_colours_are_told_where_no_scale_is_drawn():
    assert answer_legend(shares(3)) is None
    assert answer_legend(shares(3), scale=False) == "Answer: yellow is a share of 100%, dark blue of 0%."
    assert answer_legend(shares(3, of=1), scale=False) is None  # a line


def test_marks_of_long_sequences_are_small():
    steps = 100
    long = Values("next", "spots", np.zeros(steps + 1), np.ones(steps))
    sizes = [[trace["marker"]["size"] for trace in answer_panel(each, "", LIGHT)[0]] for each in (ALL["number"], long)]
    assert all(small < large for large, small in zip(*sizes, strict=True))
