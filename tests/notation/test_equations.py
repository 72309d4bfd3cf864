"""The equations, letter by letter; in the tests `_{..}` and `^{..}` stand for <sub> and <sup>."""

import re
from typing import get_args

import pytest

from gruviz.notation.equations import equation
from gruviz.signals import CELLS, MeaningOfOne, Notation, Symbols


def tagged(text):
    return re.sub(r"\^\{([^}]*)\}", r"<sup>\1</sup>", re.sub(r"_\{([^}]*)\}", r"<sub>\1</sub>", text))


def written(cell, key, notation, **options):
    return equation(CELLS[cell], CELLS[cell].signal(key), notation, **options)


GRU_PYTORCH = {
    "r": "r_{t} = σ(W_{ir} x_{t} + b_{ir} + W_{hr} h_{t−1} + b_{hr})",
    "z": "z_{t} = σ(W_{iz} x_{t} + b_{iz} + W_{hz} h_{t−1} + b_{hz})",
    "n": "n_{t} = tanh(W_{in} x_{t} + b_{in} + r_{t} ⊙ (W_{hn} h_{t−1} + b_{hn}))",
    "h": "h_{t} = (1 − z_{t}) ⊙ n_{t} + z_{t} ⊙ h_{t−1}",
}
GRU_CHO = {
    "r": "r_{t} = σ(W_{r} x_{t} + b_{r} + U_{r} h_{t−1} + b′_{r})",
    "z": "z_{t} = σ(W_{z} x_{t} + b_{z} + U_{z} h_{t−1} + b′_{z})",
    "n": "h̃_{t} = tanh(W x_{t} + b + U (r_{t} ⊙ h_{t−1}) + b′)",
    "h": "h_{t} = (1 − z_{t}) ⊙ h̃_{t} + z_{t} ⊙ h_{t−1}",
}
GRU_NG = {
    "r": "Γ_{r}^{⟨t⟩} = σ(W_{r} x^{⟨t⟩} + b_{r} + U_{r} c^{⟨t−1⟩} + b′_{r})",
    "z": "Γ_{u}^{⟨t⟩} = 1 − σ(W_{u} x^{⟨t⟩} + b_{u} + U_{u} c^{⟨t−1⟩} + b′_{u})",
    "n": "c̃^{⟨t⟩} = tanh(W_{c} x^{⟨t⟩} + b_{c} + Γ_{r}^{⟨t⟩} ⊙ (U_{c} c^{⟨t−1⟩} + b′_{c}))",
    "h": "c^{⟨t⟩} = Γ_{u}^{⟨t⟩} ⊙ c̃^{⟨t⟩} + (1 − Γ_{u}^{⟨t⟩}) ⊙ c^{⟨t−1⟩}",
}
LSTM_PYTORCH = {
    "i": "i_{t} = σ(W_{ii} x_{t} + b_{ii} + W_{hi} h_{t−1} + b_{hi})",
    "f": "f_{t} = σ(W_{if} x_{t} + b_{if} + W_{hf} h_{t−1} + b_{hf})",
    "g": "g_{t} = tanh(W_{ig} x_{t} + b_{ig} + W_{hg} h_{t−1} + b_{hg})",
    "o": "o_{t} = σ(W_{io} x_{t} + b_{io} + W_{ho} h_{t−1} + b_{ho})",
    "c": "c_{t} = f_{t} ⊙ c_{t−1} + i_{t} ⊙ g_{t}",
    "h": "h_{t} = o_{t} ⊙ tanh(c_{t})",
}
LSTM_NG = {
    "i": "Γ_{u}^{⟨t⟩} = σ(W_{u} x^{⟨t⟩} + b_{u} + U_{u} a^{⟨t−1⟩} + b′_{u})",
    "f": "Γ_{f}^{⟨t⟩} = σ(W_{f} x^{⟨t⟩} + b_{f} + U_{f} a^{⟨t−1⟩} + b′_{f})",
    "g": "c̃^{⟨t⟩} = tanh(W_{c} x^{⟨t⟩} + b_{c} + U_{c} a^{⟨t−1⟩} + b′_{c})",
    "o": "Γ_{o}^{⟨t⟩} = σ(W_{o} x^{⟨t⟩} + b_{o} + U_{o} a^{⟨t−1⟩} + b′_{o})",
    "c": "c^{⟨t⟩} = Γ_{f}^{⟨t⟩} ⊙ c^{⟨t−1⟩} + Γ_{u}^{⟨t⟩} ⊙ c̃^{⟨t⟩}",
    "h": "a^{⟨t⟩} = Γ_{o}^{⟨t⟩} ⊙ tanh(c^{⟨t⟩})",
}


MGU_PYTORCH = {
    "f": "f_{t} = σ(W_{if} x_{t} + b_{if} + W_{hf} h_{t−1} + b_{hf})",
    "n": "n_{t} = tanh(W_{in} x_{t} + b_{in} + W_{hn} (f_{t} ⊙ h_{t−1}) + b_{hn})",
    "h": "h_{t} = f_{t} ⊙ n_{t} + (1 − f_{t}) ⊙ h_{t−1}",
}
JANET_PYTORCH = {
    "f": "f_{t} = σ(W_{if} x_{t} + b_{if} + W_{hf} h_{t−1} + b_{hf})",
    "i": "i_{t} = σ(1 − (W_{if} x_{t} + b_{if} + W_{hf} h_{t−1} + b_{hf}))",
    "n": "n_{t} = tanh(W_{in} x_{t} + b_{in} + W_{hn} h_{t−1} + b_{hn})",
    "h": "h_{t} = f_{t} ⊙ h_{t−1} + i_{t} ⊙ n_{t}",
}


@pytest.mark.parametrize(
    ("cell", "key", "text"),
    [("MGU", *row) for row in MGU_PYTORCH.items()] + [("JANET", *row) for row in JANET_PYTORCH.items()],
)
def test_mgu_and_janet_as_their_papers_write_them(cell, key, text):
    assert written(cell, key, Notation(), reset_after=not CELLS[cell].resets_before) == tagged(text)


@pytest.mark.parametrize("key", GRU_PYTORCH)
def test_gru_as_pytorch_documents_it(key):
    assert written("GRU", key, Notation()) == tagged(GRU_PYTORCH[key])


@pytest.mark.parametrize("key", GRU_CHO)
def test_gru_as_cho_wrote_it(key):
    assert written("GRU", key, Notation("cho"), reset_after=False) == tagged(GRU_CHO[key])


@pytest.mark.parametrize("key", GRU_NG)
def test_gru_as_ng_teaches_it(key):
    assert written("GRU", key, Notation("ng", "write")) == tagged(GRU_NG[key])


@pytest.mark.parametrize("key", LSTM_PYTORCH)
def test_lstm_as_pytorch_documents_it(key):
    assert written("LSTM", key, Notation()) == tagged(LSTM_PYTORCH[key])


@pytest.mark.parametrize("key", LSTM_NG)
@pytest.mark.parametrize("one_means", get_args(MeaningOfOne))
def test_lstm_as_ng_teaches_it(key, one_means):
    assert written("LSTM", key, Notation("ng", one_means)) == tagged(LSTM_NG[key])


@pytest.mark.parametrize(
    ("symbols", "z", "h"),
    [
        (
            "pytorch",
            "z_{t} = 1 − σ(W_{iz} x_{t} + b_{iz} + W_{hz} h_{t−1} + b_{hz})",
            "h_{t} = z_{t} ⊙ n_{t} + (1 − z_{t}) ⊙ h_{t−1}",
        ),
        (
            "cho",
            "z_{t} = 1 − σ(W_{z} x_{t} + b_{z} + U_{z} h_{t−1} + b′_{z})",
            "h_{t} = z_{t} ⊙ h̃_{t} + (1 − z_{t}) ⊙ h_{t−1}",
        ),
    ],
)
def test_one_means_write(symbols, z, h):
    notation = Notation(symbols, "write")
    assert written("GRU", "z", notation) == tagged(z)
    assert written("GRU", "h", notation) == tagged(h)
    for key in "rn":  # the same network, another label for one gate
        assert written("GRU", key, notation) == written("GRU", key, Notation(symbols, "keep"))


def test_one_means_keep_in_ngs_letters():
    notation = Notation("ng", "keep")
    assert written("GRU", "z", notation) == tagged("Γ_{u}^{⟨t⟩} = σ(W_{u} x^{⟨t⟩} + b_{u} + U_{u} c^{⟨t−1⟩} + b′_{u})")
    assert written("GRU", "h", notation) == tagged("c^{⟨t⟩} = (1 − Γ_{u}^{⟨t⟩}) ⊙ c̃^{⟨t⟩} + Γ_{u}^{⟨t⟩} ⊙ c^{⟨t−1⟩}")


@pytest.mark.parametrize(
    ("symbols", "after", "before"),
    [
        (
            "pytorch",
            "n_{t} = tanh(W_{in} x_{t} + b_{in} + r_{t} ⊙ (W_{hn} h_{t−1} + b_{hn}))",
            "n_{t} = tanh(W_{in} x_{t} + b_{in} + W_{hn} (r_{t} ⊙ h_{t−1}) + b_{hn})",
        ),
        (
            "cho",
            "h̃_{t} = tanh(W x_{t} + b + r_{t} ⊙ (U h_{t−1} + b′))",
            "h̃_{t} = tanh(W x_{t} + b + U (r_{t} ⊙ h_{t−1}) + b′)",
        ),
        (
            "ng",
            "c̃^{⟨t⟩} = tanh(W_{c} x^{⟨t⟩} + b_{c} + Γ_{r}^{⟨t⟩} ⊙ (U_{c} c^{⟨t−1⟩} + b′_{c}))",
            "c̃^{⟨t⟩} = tanh(W_{c} x^{⟨t⟩} + b_{c} + U_{c} (Γ_{r}^{⟨t⟩} ⊙ c^{⟨t−1⟩}) + b′_{c})",
        ),
    ],
)
def test_where_the_reset_gate_acts(symbols, after, before):
    assert written("GRU", "n", Notation(symbols)) == tagged(after)
    assert written("GRU", "n", Notation(symbols), reset_after=False) == tagged(before)
    for key in "rzh":
        assert written("GRU", key, Notation(symbols)) == written("GRU", key, Notation(symbols), reset_after=False)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_rnn(activation):
    assert written("RNN", "h", Notation(), activation=activation) == tagged(
        f"h_{{t}} = {activation}(W_{{ih}} x_{{t}} + b_{{ih}} + W_{{hh}} h_{{t−1}} + b_{{hh}})"
    )
    assert written("RNN", "h", Notation("cho"), activation=activation) == tagged(
        f"h_{{t}} = {activation}(W_{{h}} x_{{t}} + b_{{h}} + U_{{h}} h_{{t−1}} + b′_{{h}})"
    )
    assert written("RNN", "h", Notation("ng"), activation=activation) == tagged(
        f"a^{{⟨t⟩}} = {activation}(W_{{a}} x^{{⟨t⟩}} + b_{{a}} + U_{{a}} a^{{⟨t−1⟩}} + b′_{{a}})"
    )


def test_the_activation_is_the_rnns_alone():
    for cell in ("GRU", "LSTM"):
        for signal in CELLS[cell].signals:
            assert "relu" not in equation(CELLS[cell], signal, Notation(), activation="relu")


@pytest.mark.parametrize("reset_after", [True, False])
@pytest.mark.parametrize("one_means", get_args(MeaningOfOne))
@pytest.mark.parametrize("symbols", get_args(Symbols))
@pytest.mark.parametrize("cell", CELLS)
def test_only_balanced_sub_and_sup(cell, symbols, one_means, reset_after):
    for signal in CELLS[cell].signals:
        html = equation(CELLS[cell], signal, Notation(symbols, one_means), reset_after=reset_after)
        bare = re.sub(r"<(sub|sup)>[^<>&]*</\1>", "", html)
        assert not set("<>&") & set(bare)
        assert bare.count("(") == bare.count(")")
        assert html.count(" = ") == 1
        assert "  " not in html
