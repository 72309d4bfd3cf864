"""What a gate's ends mean follows the rules that use it: a gate set to 1 and to 0 does what the words say."""

import pytest

from gruviz.notation.ends import ends, meaning
from gruviz.signals import CELLS, Notation

SAID = {
    ("GRU", "r"): ("uses the old state", "ignores it"),
    ("GRU", "z"): ("keeps the old state", "replaces it"),
    ("LSTM", "i"): ("writes the candidate", "leaves it out"),
    ("LSTM", "f"): ("keeps the old state", "forgets it"),
    ("LSTM", "o"): ("shows what is inside", "hides it"),
    ("MGU", "f"): ("replaces the old state", "keeps it"),
    ("JANET", "f"): ("keeps the old state", "forgets it"),
    ("JANET", "i"): ("writes the candidate", "leaves it out"),
}


@pytest.mark.parametrize(("cell", "key"), [(cell.name, gate.key) for cell in CELLS.values() for gate in cell.gates])
def test_every_gate_of_every_cell(cell, key):
    spec = CELLS[cell]
    assert ends(spec, spec.signal(key), Notation()) == SAID[cell, key]


def test_a_gate_that_is_shown_turned_over_has_its_ends_turned_over():
    gru = CELLS["GRU"]
    assert ends(gru, gru.signal("z"), Notation(one_means="write")) == ("replaces the old state", "keeps it")
    assert ends(gru, gru.signal("r"), Notation(one_means="write")) == SAID["GRU", "r"]


@pytest.mark.parametrize("cell", CELLS)
def test_everything_means_something(cell):
    spec = CELLS[cell]
    for signal in spec.signals:
        found = ends(spec, signal, Notation())
        assert (found is None) == (signal not in spec.gates)
        assert meaning(spec, signal, Notation()).startswith("1 " if found else "what ")
