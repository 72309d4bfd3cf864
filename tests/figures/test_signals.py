"""Figures hold the trace's numbers, on fixed scales, with names and ticks: tested by data, not by pixels."""

import base64
import itertools
import json
import re

import numpy as np
import plotly.graph_objects as go
import plotly.io as pio
import pytest
import torch
from torch import nn

import gruviz
from gruviz.errors import GruvizError
from gruviz.figures import MOST_LINES, busiest_units, scales, signals
from gruviz.records import Shares
from gruviz.signals import COLOURS, Notation

CELLS = {"GRU": "rznh", "LSTM": "ifgoch", "RNN": "h"}


def make(cell="GRU", steps=6, units=5, tokens=(), batch=(), scale=1.0, **options):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        module = getattr(nn, cell)(3, units, **options)
    inputs = scale * np.random.default_rng(0).standard_normal((steps, *batch, 3))
    return gruviz.trace(module, inputs, tokens=tokens)


def decoded(values):
    """Plotly's typed arrays, as they go to the browser, back to numbers."""
    if isinstance(values, dict):
        array = np.frombuffer(base64.b64decode(values["bdata"]), dtype=np.dtype(values["dtype"]).newbyteorder("<"))
        shape = str(values.get("shape", "")).split(",") if "shape" in values else [-1]
        return array.reshape([int(size) for size in shape])
    return np.asarray(values)


def spec(figure):
    return json.loads(figure.to_json())


def heat(trace, **options):
    return [decoded(panel["z"]) for panel in spec(signals(trace, **options))["data"] if panel["type"] == "heatmap"]


# What is drawn


@pytest.mark.parametrize("cell", CELLS)
def test_heatmaps_hold_the_trace(cell):
    trace = make(cell)
    drawn = heat(trace)
    assert len(drawn) == len(CELLS[cell])
    for values, key in zip(drawn, CELLS[cell], strict=True):
        np.testing.assert_array_equal(values, trace[key].T)  # (unit, time)


@pytest.mark.parametrize("cell", CELLS)
def test_lines_hold_the_chosen_units_of_the_trace(cell):
    trace = make(cell)
    lines = spec(signals(trace, view="lines", units=(4, 1)))["data"]
    assert len(lines) == 2 * len(CELLS[cell])
    for place, line in enumerate(lines):
        key, unit = CELLS[cell][place // 2], (4, 1)[place % 2]
        np.testing.assert_array_equal(decoded(line["y"]), trace[key][:, unit])
        assert (line["x0"], line["dx"], line["name"]) == (1, 1, f"unit {unit}")


def test_steps_and_units_start_where_they_are_counted_from():
    panel = spec(signals(make()))["data"][0]
    assert (panel["x0"], panel["dx"], panel["y0"], panel["dy"]) == (1, 1, 0, 1)  # steps from 1, units from 0


def test_without_units_the_busiest_are_drawn():
    trace = make(units=7)
    moved = np.abs(np.diff(trace["h"], axis=0, prepend=0)).sum(0)
    busiest = busiest_units(trace)
    assert busiest == tuple(sorted(np.argsort(-moved)[:4]))
    names = [line["name"] for line in spec(signals(trace, view="lines"))["data"]]
    assert names == [f"unit {unit}" for unit in busiest] * 4
    assert busiest_units(make(units=2)) == (0, 1)


def test_no_more_than_eight_lines_each_with_its_own_look():
    trace = make(units=12)
    lines = spec(signals(trace, view="lines", units=range(12)))["data"]
    first = lines[: len(lines) // 4]
    assert [line["name"] for line in first] == [f"unit {unit}" for unit in range(MOST_LINES)]
    assert len({(line["line"]["color"], line["line"]["dash"]) for line in first}) == 8
    assert len({line["marker"]["symbol"] for line in first}) == 8
    signals_own = {ink for colour in COLOURS.values() for ink in (colour.fill, colour.on_light, colour.on_dark)}
    assert not signals_own & {line["line"]["color"] for line in first}
    for place, line in enumerate(lines):  # a unit looks the same in every panel, and is in the legend once
        assert line["line"]["color"] == first[place % 8]["line"]["color"]
        assert line["showlegend"] is (place < 8)


def yes(shares):
    """The answer to a yes-or-no question: before the first step 1/2."""
    shares = np.array([0.5, *shares])
    return Shares("yes", ("yes", "no"), np.stack([shares, 1 - shares], -1), of=0)


@pytest.mark.parametrize("view", ["heatmap", "lines"])
def test_the_answer_has_its_own_panel(view):
    trace = make()
    answers = np.linspace(0.1, 0.9, 6)
    figure = spec(signals(trace, view=view, answers=yes(answers)))
    np.testing.assert_array_equal(decoded(figure["data"][-1]["y"]), answers.astype(np.float32))
    axis = figure["layout"]["yaxis" + figure["data"][-1]["yaxis"][1:]]
    assert axis["range"][0] <= 0 < 1 <= axis["range"][1]
    assert "yes" in figure["data"][-1]["hovertemplate"]


@pytest.mark.parametrize("view", ["heatmap", "lines"])
@pytest.mark.parametrize("keys", [("h",), ("z", "h"), ("h", "r")])
def test_only_the_signals_asked_for_are_drawn_in_that_order(view, keys):
    trace = make()
    figure = spec(signals(trace, view=view, units=(2,), keys=keys))
    assert len(figure["data"]) == len(keys)
    for place, (panel, key) in enumerate(zip(figure["data"], keys, strict=True)):
        drawn = decoded(panel["z"])[2] if view == "heatmap" else decoded(panel["y"])
        np.testing.assert_array_equal(drawn, trace[key][:, 2])
        title, axis = figure["layout"]["annotations"][place], figure["layout"]["yaxis" + panel["yaxis"][1:]]
        assert title["text"].startswith(f"<b>{trace.spec.signal(key).name} ")
        assert title["y"] == axis["domain"][1]
    heights = [spec(signals(trace, view=view, keys=some))["layout"]["height"] for some in (("h",), "rz", "rzn", ())]
    assert heights == sorted(set(heights))
    with_answer = spec(signals(trace, view=view, units=(2,), keys=keys, answers=yes(np.zeros(6))))
    assert len(with_answer["data"]) == len(keys) + 1


def test_a_signal_that_is_not_there():
    with pytest.raises(GruvizError, match=r"^Signal 'c' was asked for; this trace has r, z, n, h\.$"):
        signals(make(), keys=("h", "c"))


# Scales


@pytest.mark.parametrize("dark", [False, True])
def test_gates_are_coloured_on_0_to_1_and_states_on_minus_1_to_1(dark):
    figure = spec(signals(make(), dark=dark))
    axes = [panel["coloraxis"] for panel in figure["data"]]
    assert axes == ["coloraxis", "coloraxis", "coloraxis2", "coloraxis2"]
    gate, state = figure["layout"]["coloraxis"], figure["layout"]["coloraxis2"]
    assert (gate["cmin"], gate["cmax"], state["cmin"], state["cmax"]) == (0, 1, -1, 1)
    assert [colour for _, colour in gate["colorscale"]] == scales()["gate"]
    assert [colour for _, colour in state["colorscale"]] == scales()["dark" if dark else "light"]
    assert [at for at, _ in state["colorscale"]] == [0, 0.25, 0.5, 0.75, 1]


@pytest.mark.parametrize("dark", [False, True])
def test_a_state_without_bounds_is_centred_on_0(dark):
    trace = make("LSTM")
    figure = spec(signals(trace, dark=dark))
    panel, title = figure["data"][4], figure["layout"]["annotations"][4]
    assert "coloraxis" not in panel
    assert panel["zmax"] == -panel["zmin"] == pytest.approx(np.abs(trace["c"]).max())
    reach = f"{np.abs(trace['c']).max():.2g}"
    assert title["text"].endswith(f", from −{reach} to {reach}")
    assert [colour for _, colour in panel["colorscale"]] == scales()["dark" if dark else "light"]


@pytest.mark.parametrize("view", ["heatmap", "lines"])
def test_a_relu_state_beyond_1_is_not_cut_off(view):
    trace = make("RNN", scale=20.0, nonlinearity="relu")
    assert trace["h"].max() > 1.5
    figure = spec(signals(trace, view=view))
    if view == "lines":
        low, high = figure["layout"]["yaxis"]["range"]
    else:
        panel = figure["data"][0]
        axis = figure["layout"][panel["coloraxis"]] if "coloraxis" in panel else panel
        low, high = axis.get("cmin", axis.get("zmin", -np.inf)), axis.get("cmax", axis.get("zmax", np.inf))
    assert low <= trace["h"].min()
    assert high >= trace["h"].max()


@pytest.mark.parametrize("cell", CELLS)
def test_lines_stay_within_their_panel(cell):
    trace = make(cell, scale=5.0)
    figure = spec(signals(trace, view="lines"))
    for line in figure["data"]:
        low, high = figure["layout"]["yaxis" + line["yaxis"][1:]]["range"]
        assert low <= decoded(line["y"]).min()
        assert decoded(line["y"]).max() <= high


def test_panels_do_not_overlap_and_are_in_order_from_the_top():
    layout = spec(signals(make("LSTM"), answers=yes(np.zeros(6))))["layout"]
    domains = [layout["yaxis" + (str(i) if i > 1 else "")]["domain"] for i in range(1, 8)]
    assert domains[0][1] == 1
    assert all(low < high for low, high in domains)
    assert all(below[1] < above[0] for above, below in itertools.pairwise(domains))
    assert domains[-1][0] >= 0


# Notation


@pytest.mark.parametrize("view", ["heatmap", "lines"])
def test_an_update_gate_of_1_that_writes_flips_z_and_nothing_else(view):
    trace = make()
    keep = spec(signals(trace, Notation(one_means="keep"), view, units=(0,)))["data"]
    write = spec(signals(trace, Notation(one_means="write"), view, units=(0,)))["data"]
    field = "z" if view == "heatmap" else "y"
    for key, one, other in zip("rznh", keep, write, strict=True):
        a, b = decoded(one[field]), decoded(other[field])
        np.testing.assert_array_equal(b, 1 - a if key == "z" else a)


@pytest.mark.parametrize("symbols", ["pytorch", "cho", "ng"])
def test_panels_are_named_in_the_chosen_symbols(symbols):
    trace, notation = make(), Notation(symbols)
    layout = spec(signals(trace, notation))["layout"]
    for place, signal in enumerate(trace.spec.signals):
        title = layout["annotations"][place]["text"]
        assert title.startswith(f"<b>{signal.name} {notation.symbol(signal)}</b>: ")


# Time


@pytest.mark.parametrize("cell", CELLS)
def test_the_chosen_unit_is_outlined_in_every_heatmap(cell):
    trace = make(cell)
    figure = spec(signals(trace, unit=3, answers=yes(np.zeros(6))))
    outlines = figure["layout"]["shapes"][1:]
    assert [shape["yref"] for shape in outlines] == [panel["yaxis"] for panel in figure["data"][:-1]]
    assert {(shape["y0"], shape["y1"], shape["x0"], shape["x1"]) for shape in outlines} == {(2.5, 3.5, 0, 1)}


@pytest.mark.parametrize("cell", CELLS)
def test_the_chosen_unit_is_a_line_of_its_own(cell):
    trace = make(cell)
    lines = spec(signals(trace, Notation(one_means="write"), "lines", units=(0,), unit=3))["data"]
    chosen = [line for line in lines if line["name"] == "unit 3, chosen"]
    assert [line["meta"]["chosen"] for line in chosen] == [*CELLS[cell]]
    for line, key in zip(chosen, CELLS[cell], strict=True):
        np.testing.assert_array_equal(decoded(line["y"]), 1 - trace[key][:, 3] if key == "z" else trace[key][:, 3])
        assert line["showlegend"] is (key == CELLS[cell][0])
    with pytest.raises(GruvizError, match=r"^Unit 5 was asked for; this trace has units 0 to 4\.$"):
        signals(trace, unit=5)


@pytest.mark.parametrize("step", [1, 4, 6])
def test_the_cursor_is_a_frame_of_one_step(step):
    shapes = spec(signals(make(), step=step))["layout"]["shapes"]
    assert len(shapes) == 1
    cursor = shapes[0]
    assert (cursor["type"], cursor["x0"], cursor["x1"]) == ("rect", step - 0.5, step + 0.5)
    assert (cursor["xref"], cursor["yref"], cursor["y0"], cursor["y1"]) == ("x", "paper", 0, 1)


def test_ticks_are_the_tokens():
    axis = spec(signals(make(tokens=["a", " ", "<b>", "x" * 30, "&amp;", "👩🏽‍🚀"])))["layout"]["xaxis"]
    assert axis["tickvals"] == [1, 2, 3, 4, 5, 6]
    assert axis["ticktext"][:3] == ["a", "␣", "&lt;b&gt;"]
    assert axis["ticktext"][3] == "x" * 11 + "…"
    assert axis["ticktext"][4:] == ["&amp;amp;", "👩🏽‍🚀"]
    assert axis["range"] == [0.5, 6.5]


@pytest.mark.parametrize("token", ['<a href="javascript:alert(1)">x</a>', "<script>", "<b", "<sub>2"])
@pytest.mark.parametrize("view", ["heatmap", "lines"])
def test_no_token_is_markup_anywhere_in_a_figure(view, token):
    text = signals(make(tokens=[token] * 6), view=view).to_json()
    found = text.replace("\\u003c", "<").replace("\\u003e", ">")
    for opening in ("<a", "<script", '<b"', "<sub>2"):
        assert opening not in found


def test_a_long_token_is_cut_between_what_a_person_counts_as_characters():
    tokens = ["👨‍👩‍👧‍👦" * 5] * 6
    shown = spec(signals(make(tokens=tokens)))["layout"]["xaxis"]["ticktext"][0]
    assert re.fullmatch("(👨‍👩‍👧‍👦)*…?", shown)


@pytest.mark.parametrize("steps", [1, 2, 40, 41, 400])
def test_no_more_ticks_than_can_be_read(steps):
    axis = spec(signals(make(steps=steps)))["layout"]["xaxis"]
    assert 1 <= len(axis["tickvals"]) == len(axis["ticktext"]) <= 40
    assert axis["tickvals"][0] == 1
    assert axis["tickvals"][-1] <= steps
    assert axis["ticktext"] == [str(place) for place in axis["tickvals"]]
    assert axis["range"] == [0.5, steps + 0.5]


# Errors, themes, exports


@pytest.mark.parametrize("wrong", [(5,), (-1,), (0, 99)])
@pytest.mark.parametrize("view", ["heatmap", "lines"])
def test_a_unit_that_is_not_there(wrong, view):
    with pytest.raises(GruvizError, match=rf"^Unit {wrong[-1]} was asked for; this trace has units 0 to 4\.$"):
        signals(make(), view=view, units=wrong)


def test_a_batch():
    with pytest.raises(GruvizError, match=r"holds a batch; draw one"):
        signals(make(batch=(2,)))


def test_dark_and_light_differ_in_ink_and_not_in_data():
    light, dark = (spec(signals(make(), dark=dark)) for dark in (False, True))
    assert light["data"] == dark["data"]
    assert light["layout"]["font"]["color"] != dark["layout"]["font"]["color"]
    assert light["layout"]["shapes"][0]["line"]["color"] != dark["layout"]["shapes"][0]["line"]["color"]
    for look in (light, dark):
        assert look["layout"]["paper_bgcolor"] == "rgba(0,0,0,0)"


@pytest.mark.parametrize("template", ["plotly", "plotly_dark", "none"])
def test_the_caller_s_default_template_changes_nothing_and_stays(monkeypatch, template):
    expected = spec(signals(make()))
    monkeypatch.setattr(pio.templates, "default", template)
    assert spec(signals(make())) == expected
    assert pio.templates.default == template
    assert go.Figure().layout.template.to_plotly_json() == pio.templates[template].to_plotly_json()


def test_drawing_leaves_the_trace_and_what_is_shared_alone():
    trace = make()
    before = {key: values.copy() for key, values in trace.values.items()}
    first = spec(signals(trace))
    signals(trace, Notation("ng", "write"), "lines", dark=True)
    assert spec(signals(trace)) == first
    for key, values in before.items():
        np.testing.assert_array_equal(trace[key], values)


def test_the_standalone_page_holds_the_data_and_closes_no_script_early():
    trace = make(tokens=["</script><script>alert(1)</script>"] * 6)
    page = signals(trace).to_html(include_plotlyjs=False)
    assert page.count("</script") == page.count("<script")
    assert "alert(1)</script" not in page
    held = [np.frombuffer(base64.b64decode(text.encode().decode("unicode_escape")), "<f4")
            for text in re.findall(r'"bdata":"([^"]+)"', page)]  # fmt: skip
    for values, key in zip(held, "rznh", strict=True):
        np.testing.assert_array_equal(values.reshape(5, 6), trace[key].T)


def test_the_standalone_page_needs_no_network_when_plotly_is_in_it():
    page = signals(make()).to_html(include_plotlyjs=True)
    assert len(page) > 1_000_000
    assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=", page[:5000])
