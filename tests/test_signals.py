"""The table of signals: complete, consistent with itself, and readable in both themes."""

import dataclasses
import itertools
import re
from typing import get_args

import pytest

from gruviz.signals import (
    CELLS,
    COLOURS,
    STANDARD,
    Affine,
    Blend,
    CellUpdate,
    Gated,
    MeaningOfOne,
    Notation,
    Role,
    Symbols,
)

SIGNALS = [
    pytest.param(cell, signal, id=f"{cell.name}-{signal.key}") for cell in CELLS.values() for signal in cell.signals
]
NOTATIONS = [Notation(symbols, one) for symbols in get_args(Symbols) for one in get_args(MeaningOfOne)]


def luminance(colour):
    """Relative luminance of #RRGGBB, WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_contrast_formula():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("role", COLOURS)
@pytest.mark.parametrize(
    ("ink", "background"),
    [("on_light", "#FFFFFF"), ("on_light", "#F0F2F6"), ("on_dark", "#0E1117"), ("on_dark", "#262730")],
)
def test_inks_can_be_read(role, ink, background):
    assert contrast(getattr(COLOURS[role], ink), background) >= 4.5


@pytest.mark.parametrize("colour", list(COLOURS.values()))
def test_colours_are_six_digits(colour):
    assert all(re.fullmatch(r"#[0-9A-F]{6}", value) for value in dataclasses.astuple(colour))


def test_colours_of_the_gru_are_okabe_and_itos():
    fills = {signal.key: COLOURS[signal.role].fill for signal in CELLS["GRU"].signals}
    assert fills == {"r": "#D55E00", "z": "#0072B2", "n": "#009E73", "h": "#7B3FA0"}


def test_each_role_has_one_colour_of_its_own():
    assert set(COLOURS) == set(get_args(Role))
    for field in ("fill", "on_light", "on_dark"):
        assert len({getattr(colour, field) for colour in COLOURS.values()}) == len(COLOURS)


def test_cells_and_their_order():
    assert list(CELLS) == ["RNN", "LSTM", "GRU", "MGU", "JANET"]
    assert list(CELLS)[:3] == list(STANDARD)
    assert all(name == cell.name for name, cell in CELLS.items())


@pytest.mark.parametrize(
    ("name", "keys"),
    [("RNN", "h"), ("LSTM", "ifgoch"), ("GRU", "rznh"), ("MGU", "fnh"), ("JANET", "finh")],
)
def test_keys_are_pytorchs_and_unique(name, keys):
    assert [signal.key for signal in CELLS[name].signals] == list(keys)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("GRU", ["r", "n", "z", "h"]),
        ("LSTM", ["f", "i", "g", "c", "o", "h"]),
        ("RNN", ["h"]),
        ("MGU", ["f", "n", "h"]),
        ("JANET", ["f", "i", "n", "h"]),
    ],
)
def test_operations_are_in_the_order_of_computing(name, order):
    cell = CELLS[name]
    assert [signal.key for signal in cell.operations] == order
    done = set()
    for signal in cell.operations:
        assert needed(signal.rule) <= done
        done.add(signal.key)
    assert done == {signal.key for signal in cell.signals}


def needed(rule):
    """The signals of the same step that a rule reads."""
    values = {field.name: getattr(rule, field.name) for field in dataclasses.fields(rule) if field.name != "activation"}
    return {value for value in values.values() if isinstance(value, str)}


@pytest.mark.parametrize("cell", CELLS.values(), ids=lambda cell: cell.name)
def test_columns_refer_to_signals(cell):
    assert cell.columns[0] == dataclasses.replace(cell.columns[-1], when="before")
    for column in cell.columns:
        signal = cell.signal(column.signal)
        if column.when == "before":
            assert signal.key in cell.state
        rules = {"gauge": Affine, "parts": Affine, "blend": Blend, "cell_update": CellUpdate}
        assert isinstance(signal.rule, rules.get(column.kind, object))
        if column.kind == "gauge":
            assert (signal.low, signal.high) == (0, 1)


@pytest.mark.parametrize("cell", CELLS.values(), ids=lambda cell: cell.name)
def test_blocks_are_the_affine_signals_in_the_order_of_the_weight_rows(cell):
    affine = {signal.key: signal.rule.block for signal in cell.signals if isinstance(signal.rule, Affine)}
    assert [affine[key] for key in cell.blocks] == list(range(len(cell.blocks)))
    assert set(affine.values()) == set(range(len(cell.blocks)))  # two signals may share a block, as JANET's f and i


@pytest.mark.parametrize("cell", CELLS.values(), ids=lambda cell: cell.name)
def test_scaled_blocks_stand_last(cell):
    rules = [cell.signal(key).rule for key in cell.blocks]
    scaled = [rule.scaled_by is not None for rule in rules]
    assert scaled == sorted(scaled)


@pytest.mark.parametrize(("cell", "signal"), SIGNALS)
def test_rules_refer_to_signals_of_the_right_kind(cell, signal):
    rule = signal.rule
    assert all(cell.signal(key) for key in needed(rule))
    gates = {
        Affine: [rule.scaled_by] if isinstance(rule, Affine) and rule.scaled_by else [],
        Blend: [getattr(rule, "gate", None)],
        CellUpdate: [getattr(rule, "forget", None), getattr(rule, "write", None)],
        Gated: [getattr(rule, "gate", None)],
    }[type(rule)]
    assert all(cell.signal(key).rule.activation == "sigmoid" for key in gates)
    if isinstance(rule, Blend | CellUpdate):
        assert signal.key in cell.state
    if isinstance(rule, Affine) and rule.activation == "sigmoid":
        assert (signal.low, signal.high) == (0, 1)
    if isinstance(rule, Affine) and rule.activation == "tanh":
        assert (signal.low, signal.high) == (-1, 1)


@pytest.mark.parametrize("cell", CELLS.values(), ids=lambda cell: cell.name)
def test_the_state_is_made_of_signals(cell):
    assert cell.state[0] == "h"
    assert all(cell.signal(key) for key in cell.state)


@pytest.mark.parametrize(("cell", "signal"), SIGNALS)
def test_each_signal_can_be_written_in_all_notations(cell, signal):
    assert set(signal.symbols) == set(get_args(Symbols))
    assert all(symbol for symbol, _ in signal.symbols.values())
    assert signal.name
    assert signal.verb
    assert signal.role in COLOURS
    if isinstance(signal.rule, Affine):
        assert all(index for symbols, (_, index) in signal.symbols.items() if (cell.name, symbols) != ("GRU", "cho"))


@pytest.mark.parametrize("symbols", get_args(Symbols))
@pytest.mark.parametrize("cell", CELLS.values(), ids=lambda cell: cell.name)
def test_no_two_signals_are_written_alike(cell, symbols):
    notation = Notation(symbols)
    assert len({notation.symbol(signal) for signal in cell.signals}) == len(cell.signals)
    affine = [signal for signal in cell.signals if isinstance(signal.rule, Affine)]
    assert len({name for signal in affine for name in notation.weights(signal)}) == 4 * len(cell.blocks)


def test_verbs_of_a_step_differ():
    for cell in CELLS.values():
        assert len({signal.verb for signal in cell.operations}) == len(cell.operations)


@pytest.mark.parametrize(("cell", "signal"), SIGNALS)
@pytest.mark.parametrize("notation", NOTATIONS, ids=lambda n: f"{n.symbols}-{n.one_means}")
def test_only_the_update_gate_is_ever_flipped(cell, signal, notation):
    expected = notation.one_means == "write" and (cell.name, signal.key) == ("GRU", "z")
    assert notation.flips(signal) is expected


def test_an_unknown_signal():
    with pytest.raises(KeyError) as caught:
        CELLS["GRU"].signal("c")
    assert caught.value.args == ("GRU has no signal 'c'; it has r, z, n, h",)


@pytest.mark.parametrize(
    ("symbols", "now", "before"),
    [
        ("pytorch", "z<sub>t</sub>", "z<sub>t−1</sub>"),
        ("cho", "z<sub>t</sub>", "z<sub>t−1</sub>"),
        ("ng", "Γ<sub>u</sub><sup>⟨t⟩</sup>", "Γ<sub>u</sub><sup>⟨t−1⟩</sup>"),
    ],
)
def test_time_indices(symbols, now, before):
    gate = CELLS["GRU"].signal("z")
    assert Notation(symbols).at(gate) == now
    assert Notation(symbols).at(gate, "before") == before


@pytest.mark.parametrize(
    ("symbols", "key", "expected"),
    [
        ("pytorch", "n", ("W<sub>in</sub>", "W<sub>hn</sub>", "b<sub>in</sub>", "b<sub>hn</sub>")),
        ("cho", "r", ("W<sub>r</sub>", "U<sub>r</sub>", "b<sub>r</sub>", "b′<sub>r</sub>")),
        ("cho", "n", ("W", "U", "b", "b′")),
        ("ng", "z", ("W<sub>u</sub>", "U<sub>u</sub>", "b<sub>u</sub>", "b′<sub>u</sub>")),
    ],
)
def test_names_of_weights(symbols, key, expected):
    assert Notation(symbols).weights(CELLS["GRU"].signal(key)) == expected


def test_the_table_is_frozen():
    for record in (CELLS["GRU"], CELLS["GRU"].signals[0], CELLS["GRU"].columns[0], COLOURS["reset"], Notation()):
        name = dataclasses.fields(record)[0].name
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(record, name, None)


def test_default_notation_is_pytorchs():
    assert Notation() == Notation("pytorch", "keep")
    assert len(set(itertools.chain(NOTATIONS, [Notation()]))) == 6
